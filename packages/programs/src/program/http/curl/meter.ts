// curl's progress meter: its two lines of titles, and one line that is written over and over. Columns of curl 7.88.

import { MILLISECOND, SECOND } from '@netreel/sim';

const TITLES = '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n'
  + '                                 Dload  Upload   Total   Spent    Left  Speed\n';

export class Meter {
  private begun = false;
  private shownAt = 0;

  constructor(private readonly write: (text: string) => void, private readonly bar: boolean) {}

  /** When a transfer begins or has waited for a second. */
  show(now: number, startedAt: number, received: number, total: number | undefined): void {
    if (this.bar) return;
    if (!this.begun) this.write(TITLES);
    if (this.begun && now - this.shownAt < SECOND) return;
    this.begun = true;
    this.shownAt = now;
    this.write(`\r${line(now - startedAt, received, total)}`);
  }

  end(now: number, startedAt: number, received: number, total: number | undefined): void {
    if (this.bar) {
      if (received > 0) this.write(`\r${'#'.repeat(72)} 100.0%\n`);
      return;
    }
    if (!this.begun) this.write(TITLES);
    this.begun = true;
    this.write(`\r${line(now - startedAt, received, total)}\n`);
  }
}

function line(tookNs: number, received: number, total: number | undefined): string {
  const ms = Math.floor(tookNs / MILLISECOND);
  const speed = received === 0 ? 0 : Math.floor((received * 1000) / (ms === 0 ? 1 : ms));
  const percent = total === undefined ? (received > 0 ? 100 : 0) : total === 0 ? 0
    : Math.floor((received * 100) / total);
  const whole = total ?? received;
  const expected = speed > 0 ? Math.floor(whole / speed) : 0;
  const spent = Math.floor(ms / 1000);
  const left = expected > spent ? expected - spent : 0;
  const share = String(percent).padStart(3);
  return `${share} ${amount(whole)}  ${share} ${amount(received)}    0     0 `
    + ` ${amount(speed)}      0 ${clock(expected)} ${clock(spent)} ${clock(left)} ${amount(speed)}`;
}

/** Five columns, as `12345`, `1024k`, `12.5M`. */
function amount(bytes: number): string {
  if (bytes < 100_000) return String(bytes).padStart(5);
  const kilo = Math.floor(bytes / 1024);
  if (kilo < 10_000) return `${String(kilo).padStart(4)}k`;
  const mega = Math.floor(kilo / 1024);
  if (mega < 100) return `${String(mega).padStart(2)}.${Math.floor(((kilo % 1024) * 10) / 1024)}M`;
  if (mega < 10_000) return `${String(mega).padStart(4)}M`;
  const giga = Math.floor(mega / 1024);
  if (giga >= 100) return `${String(giga).padStart(4)}G`;
  return `${String(giga).padStart(2)}.${Math.floor(((mega % 1024) * 10) / 1024)}G`;
}

function clock(seconds: number): string {
  if (seconds <= 0) return '--:--:--';
  return `${String(Math.floor(seconds / 3600)).padStart(2)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:`
    + String(seconds % 60).padStart(2, '0');
}

// The lines that iperf3 3.12 prints while a test runs, and those at its end.

import { type Address, formatAddress } from '@netreel/wire';
import type { Flow } from './flow.js';
import { bytesText, intervalText, percentText, rateText } from './format.js';
import type { Plan } from './options.js';

const RULE = '- - - - - - - - - - - - - - - - - - - - - - - - -\n';
const HEAD = '[ ID] Interval           Transfer     Bitrate';
const DATAGRAMS = '         Jitter    Lost/Total Datagrams\n';

/** What one side has counted of one stream. */
export interface Count {
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
  readonly resent: number;
  readonly jitterNs: number;
}

/** A stream at its end: as its sender and as its receiver saw it. */
export interface Outcome { readonly number: number; readonly sent: Count | undefined; readonly received: Count
  | undefined }

export class Report {
  private lines = 0;
  private toldNs = 0;

  constructor(private readonly write: (text: string) => void, private readonly plan: Plan,
    private readonly client: boolean) {}

  private get sending(): boolean { return this.client !== this.plan.reverse; }

  connected(flows: readonly Flow[], local: Address): void {
    for (const { number, tcp, udp, peer } of flows) {
      const port = tcp?.localPort ?? udp!.localPort;
      this.write(`${tag(number)} local ${formatAddress(local)} port ${port} connected to `
        + `${formatAddress(peer.address)} port ${peer.port}\n`);
    }
  }

  /** The progress since the last line. */
  progress(flows: readonly Flow[], untilNs: number): void {
    if (this.lines++ === 0) this.write(this.progressHead());
    else if (flows.length > 1) this.write(RULE);
    const fromNs = this.toldNs;
    this.toldNs = untilNs;
    const counts = flows.map((flow) => {
      const { told } = flow;
      const count = { bytes: flow.bytes - told.bytes, packets: flow.packets - told.packets, lost: flow.lost - told.lost,
        resent: flow.resent - told.resent, jitterNs: flow.jitterNs };
      Object.assign(told, { bytes: flow.bytes, packets: flow.packets, lost: flow.lost, resent: flow.resent });
      const window = bytesText(flow.tcp?.info()?.congestionWindowBytes ?? 0);
      this.progressLine(tag(flow.number), count, fromNs, untilNs, `  ${window}${' '.repeat(7)}`);
      return count;
    });
    if (flows.length > 1) this.progressLine('[SUM]', total(counts), fromNs, untilNs, ' '.repeat(13));
  }

  private progressHead(): string {
    if (!this.plan.udp) return `${HEAD}${this.client || this.sending ? '         Retr  Cwnd' : ''}\n`;
    return HEAD + (this.sending ? '         Total Datagrams\n' : DATAGRAMS);
  }

  private progressLine(name: string, count: Count, fromNs: number, untilNs: number, window: string): void {
    const rest = this.plan.udp ? this.sending ? `  ${count.packets}  ` : `  ${datagrams(count)}  `
      : this.sending ? `  ${String(count.resent).padStart(3)} ${window}` : ' '.repeat(18);
    this.write(`${amounts(name, count.bytes, fromNs, untilNs)}${rest}\n`);
  }

  /** The summary: a server tells its own side only. */
  summary(outcomes: readonly Outcome[], endNs: number): void {
    this.write(RULE);
    if (this.plan.udp) this.write(HEAD + DATAGRAMS);
    else this.write(`${HEAD}${this.client || this.sending ? '         Retr' : ''}\n`);
    for (const { number, sent, received } of outcomes) this.ends(tag(number), sent, received, endNs);
    if (outcomes.length < 2) return;
    const all = (side: 'sent' | 'received'): Count | undefined => {
      const counts = outcomes.flatMap((outcome) => outcome[side] ?? []);
      return counts.length === 0 ? undefined : total(counts);
    };
    this.ends('[SUM]', all('sent'), all('received'), endNs);
  }

  private ends(name: string, sent: Count | undefined, received: Count | undefined, endNs: number): void {
    const { udp } = this.plan;
    if (sent !== undefined) {
      const rest = udp ? `  ${datagrams({ ...sent, jitterNs: 0, lost: 0 })}  `
        : `  ${String(sent.resent).padStart(3)}${' '.repeat(13)}`;
      this.write(`${amounts(name, sent.bytes, 0, endNs)}${rest}sender\n`);
    }
    if (received !== undefined) {
      const rest = udp ? `  ${datagrams(received)}  ` : ' '.repeat(18);
      this.write(`${amounts(name, received.bytes, 0, endNs)}${rest}receiver\n`);
    }
  }
}

function tag(number: number): string {
  return `[${String(number).padStart(3)}]`;
}

function amounts(name: string, bytes: number, fromNs: number, untilNs: number): string {
  return `${name} ${intervalText(fromNs, untilNs)}  ${bytesText(bytes)}  ${rateText(bytes, untilNs - fromNs)}`;
}

function datagrams({ jitterNs, lost, packets }: Count): string {
  return `${(jitterNs / 1e6).toFixed(3)} ms  ${lost}/${packets} (${percentText(lost, packets)}%)`;
}

/** Jitter is the mean. */
function total(counts: readonly Count[]): Count {
  const sum = (of: (count: Count) => number): number => counts.reduce((before, count) => before + of(count), 0);
  return { bytes: sum((count) => count.bytes), packets: sum((count) => count.packets), lost: sum((count) => count.lost),
    resent: sum((count) => count.resent), jitterNs: Math.floor(sum((count) => count.jitterNs) / counts.length) };
}

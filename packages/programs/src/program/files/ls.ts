// ls: names in directories, in columns at a terminal. Busybox 1.35. Everything is root's.

import type { Operation } from '@netreel/sim';
import { MONTHS, calendarAt, twoDigits } from '../../calendar.js';
import type { FileStat, Sys } from '../../contract.js';
import { type ParsedOptions, busyboxOptions } from '../../usage.js';
import { joined, modeText, pathOf } from './tree.js';

const BLOCK_BYTES = 4096;
/** Older than this a file shows its year. */
const RECENT_SECONDS = 182 * 86_400;

interface Entry { readonly name: string; readonly stat: FileStat; readonly links: number }

export function* ls(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, '1AaldCFhRrtxpinsHLSXvcuk', 'w', { long: { color: 'K' } });
  if (typeof parsed === 'number') return parsed;
  return new Listing(sys, parsed).run();
}

class Listing {
  private exitCode = 0;
  private printed = false;

  constructor(private readonly sys: Sys, private readonly parsed: ParsedOptions) {}

  run(): number {
    const { sys, parsed: { rest, flags } } = this;
    const files: Entry[] = [];
    const folders: string[] = [];
    for (const name of rest.length === 0 ? ['.'] : rest) {
      const entry = this.entry(name, pathOf(sys, name));
      if (entry === undefined) {
        sys.stderr(`ls: ${name}: No such file or directory\n`);
        this.exitCode = 1;
      } else if (entry.stat.kind === 'folder' && !flags.has('d')) {
        folders.push(name);
      } else {
        files.push(entry);
      }
    }
    if (files.length > 0) this.print(this.sorted(files));
    for (const name of folders.sort()) this.folder(name, rest.length > 1 || flags.has('R'));
    return this.exitCode;
  }

  private entry(name: string, path: string): Entry | undefined {
    const stat = this.sys.files.stat(path);
    if (stat === undefined) return undefined;
    const inside = stat.kind === 'folder' ? (this.sys.files.list(path) ?? [])
      .filter((child) => this.sys.files.stat(joined(path, child))?.kind === 'folder').length + 2 : 1;
    return { name, stat, links: inside };
  }

  private folder(name: string, titled: boolean): void {
    const { sys, parsed: { flags } } = this;
    const path = pathOf(sys, name);
    const inside = (sys.files.list(path) ?? []).filter((entry) => !entry.startsWith('.') || flags.has('a')
      || flags.has('A'));
    const names = [...(flags.has('a') ? ['.', '..'] : []), ...inside];
    const entries = names.flatMap((entry) => this.entry(entry, pathOf(sys, joined(name, entry))) ?? []);
    if (titled) sys.stdout(`${this.printed ? '\n' : ''}${name}:\n`);
    if (flags.has('l') || flags.has('s')) {
      sys.stdout(`total ${entries.reduce((sum, entry) => sum + kilobytes(entry), 0)}\n`);
    }
    this.print(this.sorted(entries));
    this.printed = true;
    if (!flags.has('R')) return;
    for (const entry of inside) {
      if (sys.files.stat(pathOf(sys, joined(name, entry)))?.kind === 'folder') this.folder(joined(name, entry), true);
    }
  }

  private sorted(entries: readonly Entry[]): Entry[] {
    const { flags } = this.parsed;
    const compare = (a: Entry, b: Entry): number =>
      (flags.has('t') ? b.stat.modifiedAt - a.stat.modifiedAt : flags.has('S') ? b.stat.sizeBytes - a.stat.sizeBytes
        : 0)
      || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    const list = [...entries].sort(compare);
    return flags.has('r') ? list.reverse() : list;
  }

  private print(entries: readonly Entry[]): void {
    const { sys, parsed: { flags, values } } = this;
    this.printed ||= entries.length > 0;
    const lines = entries.map((entry) => this.line(entry));
    const columned = !flags.has('l') && !flags.has('1') && (flags.has('C') || flags.has('x') || sys.isTerminal(1));
    if (!columned) {
      sys.stdout(lines.map((line) => `${line}\n`).join(''));
      return;
    }
    const width = Number(values.get('w') ?? sys.terminal?.columns ?? 80);
    sys.stdout(inColumns(lines, width === 0 ? 80 : width, flags.has('x')));
  }

  private line(entry: Entry): string {
    const { flags } = this.parsed;
    const { name, stat } = entry;
    const mark = stat.kind === 'folder' && (flags.has('F') || flags.has('p')) ? '/'
      : flags.has('F') && (stat.mode & 0o111) !== 0 ? '*' : '';
    const blocks = flags.has('s') ? `${String(kilobytes(entry)).padStart(6)} ` : '';
    if (!flags.has('l')) return `${blocks}${name}${mark}`;
    const owner = flags.has('n') ? '0        0       ' : 'root     root    ';
    const size = flags.has('h') ? humanSize(stat.sizeBytes) : String(stat.sizeBytes);
    return `${blocks}${modeText(stat.kind, stat.mode)} ${String(entry.links).padStart(4)} ${owner} `
      + `${size.padStart(9)} ${this.when(stat)} ${name}${mark}`;
  }

  private when({ modifiedAt }: FileStat): string {
    const date = calendarAt(modifiedAt);
    const old = calendarAt(this.sys.now()).unixSeconds - date.unixSeconds > RECENT_SECONDS;
    const time = old ? ` ${date.year}` : `${twoDigits(date.hour)}:${twoDigits(date.minute)}`;
    return `${MONTHS[date.month]!} ${String(date.day).padStart(2)} ${time}`;
  }
}

function kilobytes({ stat }: Entry): number {
  return stat.sizeBytes === 0 ? 0 : Math.floor((stat.sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES) * 4;
}

/** `1.2K`. */
function humanSize(sizeBytes: number): string {
  let tenths = sizeBytes * 10;
  let unit = 0;
  while (tenths >= 10_240 && unit < 4) {
    tenths = Math.floor((tenths + 512) / 1024);
    unit++;
  }
  return unit === 0 ? String(sizeBytes) : `${Math.floor(tenths / 10)}.${tenths % 10}${'BKMGT'[unit]!}`;
}

function inColumns(lines: readonly string[], width: number, across: boolean): string {
  if (lines.length === 0) return '';
  const column = lines.reduce((widest, line) => (line.length > widest ? line.length : widest), 0) + 2;
  const columns = Math.floor((width + 1) / column) || 1;
  const rows = Math.floor((lines.length + columns - 1) / columns);
  let text = '';
  for (let row = 0; row < rows; row++) {
    const cells = lines.filter((_line, place) => (across ? Math.floor(place / columns) : place % rows) === row);
    text += `${cells.map((cell, place) => (place === cells.length - 1 ? cell : cell.padEnd(column))).join('')}\n`;
  }
  return text;
}

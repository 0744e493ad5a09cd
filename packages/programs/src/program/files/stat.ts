// stat, du and df. Busybox 1.35. Device and inode numbers follow from the path: nothing here has real ones.

import type { Operation } from '@netreel/sim';
import { calendarAt, clockText, twoDigits } from '../../calendar.js';
import type { FileStat, Sys } from '../../contract.js';
import { busyboxOptions, usage } from '../../usage.js';
import { NO_SUCH, joined, modeText, pathOf } from './tree.js';

const BLOCK_BYTES = 4096;
const NANOSECONDS = 1_000_000_000;

export function* stat(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'ftLl', 'c');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length === 0) return usage(sys, 'stat');
  let exitCode = 0;
  for (const name of parsed.rest) {
    const found = sys.files.stat(pathOf(sys, name));
    if (found === undefined) {
      sys.stderr(`stat: can't stat '${name}': ${NO_SUCH}\n`);
      exitCode = 1;
      continue;
    }
    const format = parsed.values.get('c');
    sys.stdout(format === undefined ? whole(sys, name, found) : `${formatted(sys, format, name, found)}\n`);
  }
  return exitCode;
}

function whole(sys: Sys, name: string, found: FileStat): string {
  const time = timeText(found);
  return formatted(sys, '  File: %n\n'
    + `  Size: ${String(found.sizeBytes).padEnd(10)}\tBlocks: ${String(blocks(found)).padEnd(10)} IO Block: 4096   %F\n`
    + `Device: fe00h/65024d\tInode: ${'%i'.padEnd(11)} Links: %h\n`
    + 'Access: (0%a/%A)  Uid: (    0/    root)   Gid: (    0/    root)\n'
    + `Access: ${time}\nModify: ${time}\nChange: ${time}\n`, name, found);
}

function formatted(sys: Sys, format: string, name: string, found: FileStat): string {
  const folder = found.kind === 'folder';
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => {
    switch (letter) {
      case 'n': return name;
      case 'N': return `'${name}'`;
      case 's': return String(found.sizeBytes);
      case 'a': return found.mode.toString(8);
      case 'A': return modeText(found.kind, found.mode);
      case 'f': return (found.mode | (folder ? 0o40000 : 0o100000)).toString(16);
      case 'F': return folder ? 'directory' : found.sizeBytes === 0 ? 'regular empty file' : 'regular file';
      case 'U': case 'G': return 'root';
      case 'u': case 'g': return '0';
      case 'h': return folder ? '2' : '1';
      case 'i': return String(inodeOf(pathOf(sys, name)));
      case 'b': return String(blocks(found));
      case 'B': return '512';
      case 'o': return String(BLOCK_BYTES);
      case 'd': return '65024';
      case 'x': case 'y': case 'z': return timeText(found);
      case 'X': case 'Y': case 'Z': return String(calendarAt(found.modifiedAt).unixSeconds);
      case '%': return '%';
      default: return all;
    }
  });
}

function blocks({ sizeBytes }: FileStat): number {
  return Math.floor((sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES) * (BLOCK_BYTES / 512);
}

function timeText({ modifiedAt }: FileStat): string {
  const date = calendarAt(modifiedAt);
  return `${date.year}-${twoDigits(date.month + 1)}-${twoDigits(date.day)} ${clockText(date)}.`
    + `${String(modifiedAt % NANOSECONDS).padStart(9, '0')} +0000`;
}

/** A number of its own for each path, the same in every run. */
function inodeOf(path: string): number {
  let number = 2;
  for (let at = 0; at < path.length; at++) number = (number * 31 + path.charCodeAt(at)) % 4_000_000;
  return number;
}

export function* du(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'aHLdclshmkxb', '');
  if (typeof parsed === 'number') return parsed;
  let exitCode = 0;
  const sizeOf = (name: string, path: string, top: boolean): number => {
    const found = sys.files.stat(path)!;
    let kilobytes = blocks(found) / 2;
    for (const inner of sys.files.list(path) ?? [])
      kilobytes += sizeOf(joined(name, inner), joined(path, inner), false);
    if (top || (!parsed.flags.has('s') && (found.kind === 'folder' || parsed.flags.has('a')))) {
      sys.stdout(`${kilobytes}\t${name}\n`);
    }
    return kilobytes;
  };
  for (const name of parsed.rest.length === 0 ? ['.'] : parsed.rest) {
    if (sys.files.stat(pathOf(sys, name)) === undefined) {
      sys.stderr(`du: ${name}: ${NO_SUCH}\n`);
      exitCode = 1;
    } else {
      sizeOf(name, pathOf(sys, name), true);
    }
  }
  return exitCode;
}

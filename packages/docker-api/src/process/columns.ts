// The columns of `ps` that `docker top` can be asked for.

import { SECOND, type SimTime } from '@netreel/sim';
import { unixSeconds } from '../time.js';

/** A process of a container as the host counts it. */
export interface HostProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly command: readonly string[];
  readonly startedAt: SimTime;
  readonly user: string;
  readonly terminal: boolean;
  readonly now: SimTime;
}

/** One column: its title and what a process has there. */
export interface PsColumn {
  readonly title: string;
  readonly cell: (process: HostProcess) => string;
}

/** Bytes of memory that a simulated program takes. */
export const PROCESS_BYTES = 331_776;
const VIRTUAL_KILOBYTES = 2268;

const two = (value: number): string => String(value).padStart(2, '0');

/** Hours and minutes of today, or the day. */
function startTime({ startedAt, now }: HostProcess): string {
  const [started, today] = [unixSeconds(startedAt), unixSeconds(now)];
  if (Math.floor(started / 86_400) === Math.floor(today / 86_400)) {
    return `${two(Math.floor(started / 3600) % 24)}:${two(Math.floor(started / 60) % 60)}`;
  }
  return `day${Math.floor(started / 86_400) - Math.floor(unixSeconds(0) / 86_400) + 1}`;
}

function elapsed({ startedAt, now }: HostProcess): string {
  const seconds = Math.floor((now - startedAt) / SECOND);
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${two(hours)}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const text = (process: HostProcess): string => process.command.join(' ');
const program = ({ command }: HostProcess): string => (command[0] ?? '').split('/').at(-1)!;
const fixed = (title: string, value: string): PsColumn => ({ title, cell: () => value });

/** By the names that `-o` takes. */
const COLUMNS: ReadonlyMap<string, PsColumn> = new Map<string, PsColumn>([
  ...['user', 'uname', 'euser', 'ruser'].map((name) => [name,
    { title: name === 'euser' || name === 'ruser' ? name.toUpperCase() : 'USER', cell: userOf }] as const),
  ['uid', fixed('UID', '0')], ['gid', fixed('GID', '0')], ['group', fixed('GROUP', 'root')],
  ['pid', { title: 'PID', cell: ({ pid }) => String(pid) }],
  ['ppid', { title: 'PPID', cell: ({ parentPid }) => String(parentPid) }],
  ['pgid', { title: 'PGID', cell: ({ pid }) => String(pid) }], ['sid', { title: 'SID', cell: ({ pid }) =>
    String(pid) }],
  ['c', fixed('C', '0')], ['stime', { title: 'STIME', cell: startTime }],
  ['start', { title: 'STARTED', cell: startTime }], ['etime', { title: 'ELAPSED', cell: elapsed }],
  ['tty', { title: 'TT', cell: ttyOf }], ['tt', { title: 'TT', cell: ttyOf }], ['tname', { title: 'TTY', cell: ttyOf }],
  ['time', fixed('TIME', '00:00:00')], ['cmd', { title: 'CMD', cell: text }],
  ['args', { title: 'COMMAND', cell: text }], ['command', { title: 'COMMAND', cell: text }],
  ['comm', { title: 'COMMAND', cell: program }], ['ucmd', { title: 'CMD', cell: program }],
  ['%cpu', fixed('%CPU', '0.0')], ['pcpu', fixed('%CPU', '0.0')], ['%mem', fixed('%MEM', '0.0')],
  ['pmem', fixed('%MEM', '0.0')], ['vsz', fixed('VSZ', String(VIRTUAL_KILOBYTES))],
  ['rss', fixed('RSS', String(PROCESS_BYTES / 1024))], ['stat', fixed('STAT', 'Ss')], ['s', fixed('S', 'S')],
  ['state', fixed('S', 'S')], ['ni', fixed('NI', '0')], ['pri', fixed('PRI', '19')], ['nlwp', fixed('NLWP', '1')],
]);

function userOf({ user }: HostProcess): string {
  const name = user.split(':')[0]!;
  return name === '' || name === '0' ? 'root' : name;
}

function ttyOf({ terminal }: HostProcess): string {
  return terminal ? 'pts/0' : '?';
}

const FULL = ['UID=user', 'pid', 'ppid', 'c', 'stime', 'TTY=tname', 'time', 'cmd'];
const USERS = ['user', 'pid', '%cpu', '%mem', 'vsz', 'rss', 'TTY=tname', 'stat', 'START=stime', 'TIME=time', 'command'];
const SHORT = ['pid', 'TTY=tname', 'time', 'CMD=comm'];

/** The columns that arguments of `ps` ask for, or what `ps` says of them. */
export function psColumns(args: string): readonly PsColumn[] | { readonly flaw: string } {
  const words = args.split(/\s+/).filter((word) => word !== '');
  const chosen: string[] = [];
  let style = '';
  for (let place = 0; place < words.length; place++) {
    const [, letters, attached] = /^-?([a-zA-Z]*?)(?:o(.*))?$/s.exec(words[place]!) ?? [];
    if (letters === undefined) return { flaw: `error: unsupported option: ${words[place]!}` };
    style += letters;
    if (attached !== undefined) chosen.push(...(attached === '' ? words[++place] ?? '' : attached).split(','));
  }
  if (chosen.length > 0) return named(chosen);
  return named(style.includes('u') ? USERS : style.includes('f') || words.length === 0 ? FULL : SHORT);
}

/** `name` or `TITLE=name`. */
function named(names: readonly string[]): readonly PsColumn[] | { readonly flaw: string } {
  const columns: PsColumn[] = [];
  for (const name of names) {
    const [title, meant] = /^[A-Z]+=/.test(name) ? name.split('=') as [string, string] : [undefined, name];
    const column = COLUMNS.get(meant);
    if (column === undefined) return { flaw: `error: unknown user-defined format specifier ${JSON.stringify(name)}` };
    columns.push(title === undefined ? column : { ...column, title });
  }
  return columns;
}

// ps, kill, killall, pidof and timeout: other processes. Busybox 1.35.

import { NEVER, type Operation } from '@netreel/sim';
import type { ProcessRow, Signal, Sys } from '../../contract.js';
import { SIGNAL_NAMES, parseSignal } from '../../signals.js';
import { busyboxOptions, usage } from '../../usage.js';
import { readDuration } from './sleep.js';

/** A column of ps: its title, its width, and what it shows. */
interface Column { readonly title: string; readonly width: number; readonly cell: (row: ProcessRow) => string }

/** In the order in which they are named when there is none of the wanted name. */
const COLUMNS: Readonly<Record<string, Column>> = {
  user: { title: 'USER', width: 8, cell: () => 'root' },
  group: { title: 'GROUP', width: 8, cell: () => 'root' },
  comm: { title: 'COMMAND', width: 16, cell: (row) => commandName(row) },
  args: { title: 'COMMAND', width: 256, cell: (row) => row.command.join(' ') },
  pid: { title: 'PID', width: 5, cell: (row) => String(row.pid).padStart(5) },
  ppid: { title: 'PPID', width: 5, cell: (row) => String(row.parentPid).padStart(5) },
  pgid: { title: 'PGID', width: 5, cell: (row) => String(row.pid).padStart(5) },
  nice: { title: 'NI', width: 5, cell: () => '    0' },
  rgroup: { title: 'RGROUP', width: 8, cell: () => 'root' },
  ruser: { title: 'RUSER', width: 8, cell: () => 'root' },
  tty: { title: 'TT', width: 6, cell: () => '?' },
  vsz: { title: 'VSZ', width: 5, cell: () => ' 1316' },
  sid: { title: 'SID', width: 5, cell: (row) => String(row.pid).padStart(5) },
  stat: { title: 'STAT', width: 4, cell: (row) => row.state },
  rss: { title: 'RSS', width: 4, cell: () => '   4' },
};

export function* ps(sys: Sys, argv: readonly string[]): Operation<number> {
  // Other systems' letters (ps aux, ps -ef) are taken and mean nothing.
  const parsed = busyboxOptions(sys, argv.map((word) => (/^-(?:ef|e|A|aux)$/.test(word) ? '-T' : word)), 'Taw', 'o');
  if (typeof parsed === 'number') return parsed;
  const columns: Column[] = [];
  for (const word of parsed.repeated.get('o')?.flatMap((list) => list.split(',')) ?? ['pid', 'user', 'args']) {
    const [name, title] = word.split('=');
    const column = COLUMNS[name!];
    if (column === undefined) {
      sys.stderr(`ps: bad -o argument '${name!}', supported arguments: ${Object.keys(COLUMNS).join(',')}\n`);
      return 1;
    }
    columns.push(title === undefined ? column : { ...column, title });
  }
  const line = (cells: readonly string[]): string => cells.map((cell, place) =>
    (place === cells.length - 1 ? cell : cell.padEnd(columns[place]!.width))).join(' ');
  sys.stdout(`${line(columns.map(({ title }) => title))}\n`);
  for (const row of sys.processes()) sys.stdout(`${line(columns.map(({ cell }) => cell(row)))}\n`);
  return 0;
}

function commandName(row: ProcessRow): string {
  return row.command[0]!.slice(row.command[0]!.lastIndexOf('/') + 1).slice(0, 15);
}

/** The list that `kill -l` gives. */
export function signalList(words: readonly string[]): string {
  if (words.length === 0) {
    return SIGNAL_NAMES.map((name, place) => (name === '' ? '' : `${String(place).padStart(2)}) ${name}\n`)).join('');
  }
  return words.map((word) => {
    const number = /^\d+$/.test(word) ? Number(word) & 127 : -1;
    const named = SIGNAL_NAMES.indexOf(word.toUpperCase().replace(/^SIG/, ''));
    return number > 0 ? `${SIGNAL_NAMES[number] ?? number}\n` : named > 0 ? `${named}\n` : '';
  }).join('');
}

/** `-9`, `-KILL`, `-s KILL` in front of the words of kill and killall; a text is a bad name. */
function readSignal(words: readonly string[]): { readonly signal: Signal; readonly rest: readonly string[] } | string {
  const [first, second] = words;
  const name = first === '-s' ? second ?? '' : /^-[A-Za-z0-9]/.test(first ?? '') && first !== '-q' ? first!.slice(1)
    : 'TERM';
  const used = first === '-s' ? 2 : name !== 'TERM' || first === '-TERM' ? 1 : 0;
  const signal = parseSignal(name);
  return signal === undefined ? name : { signal, rest: words.slice(used) };
}

export function* kill(sys: Sys, argv: readonly string[], prefix = 'kill: '): Operation<number> {
  if (argv[1] === '-l') {
    sys.stdout(signalList(argv.slice(2)));
    return 0;
  }
  const chosen = readSignal(argv.slice(1));
  if (typeof chosen === 'string') {
    sys.stderr(`${prefix}bad signal name '${chosen}'\n`);
    return 1;
  }
  if (chosen.rest.length === 0) {
    sys.stderr(`${prefix}you need to specify whom to kill\n`);
    return 1;
  }
  let exitCode = 0;
  for (const word of chosen.rest) {
    if (/^-?\d+$/.test(word) && sys.kill(Number(word), chosen.signal)) continue;
    sys.stderr(/^-?\d+$/.test(word) ? `${prefix}can't kill pid ${word}: No such process\n`
      : `${prefix}invalid number '${word}'\n`);
    exitCode = 1;
  }
  return exitCode;
}

export function* killall(sys: Sys, argv: readonly string[]): Operation<number> {
  const quiet = argv[1] === '-q';
  const chosen = readSignal(argv.slice(quiet ? 2 : 1));
  if (typeof chosen === 'string') {
    sys.stderr(`killall: bad signal name '${chosen}'\n`);
    return 1;
  }
  if (chosen.rest.length === 0) {
    sys.stderr('killall: you need to specify whom to kill\n');
    return 1;
  }
  let exitCode = 0;
  for (const name of chosen.rest) {
    const rows = named(sys, name);
    for (const row of rows) sys.kill(row.pid, chosen.signal);
    if (rows.length > 0) continue;
    exitCode = 1;
    if (!quiet) sys.stderr(`killall: ${name}: no process killed\n`);
  }
  return exitCode;
}

function named(sys: Sys, name: string): ProcessRow[] {
  return sys.processes().filter((row) => row.pid !== sys.pid && (commandName(row) === name || row.command[0] === name));
}

export function* pidof(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 's', 'o');
  if (typeof parsed === 'number') return parsed;
  const pids = parsed.rest.flatMap((name) => named(sys, name).map(({ pid }) => pid)).reverse();
  if (pids.length === 0) return 1;
  sys.stdout(`${(parsed.flags.has('s') ? pids.slice(0, 1) : pids).join(' ')}\n`);
  return 0;
}

export function* timeout(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, '', 'sk', { permute: false });
  if (typeof parsed === 'number') return parsed;
  const [text, ...command] = parsed.rest;
  if (text === undefined || command.length === 0) return usage(sys, 'timeout');
  const name = parsed.values.get('s') ?? 'TERM';
  const signal = parseSignal(name);
  if (signal === undefined) {
    sys.stderr(`timeout: unknown signal '${name}'\n`);
    return 1;
  }
  const [waitNs, graceNs] = [readDuration(text), readDuration(parsed.values.get('k') ?? '0')];
  if (waitNs === undefined || graceNs === undefined) {
    sys.stderr(`timeout: invalid number '${waitNs === undefined ? text : parsed.values.get('k')!}'\n`);
    return 1;
  }
  if (!sys.has(command[0]!)) {
    sys.stderr(`timeout: can't execute '${command[0]!}': No such file or directory\n`);
    return 127;
  }
  // This process becomes the program; a child watches the clock.
  const { pid } = sys;
  sys.fork(function* watch(watcher: Sys): Operation<number> {
    yield* watcher.sleep(waitNs);
    watcher.kill(pid, signal);
    yield* watcher.sleep(graceNs > 0 ? graceNs : NEVER);
    watcher.kill(pid, 'SIGKILL');
    return 0;
  }, ['timeout']);
  return yield* sys.exec(command);
}

// ss: the sockets of a namespace, in columns as wide as what stands in them. Text of iproute2 6.1.

import type { SocketRow } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { IPV6_UNSPECIFIED, formatAddress } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { type ParsedOptions, parseOptions } from '../../usage.js';
import { SS_USAGE } from '../../usage/ss.js';
import { serviceOf } from './service-names.js';
import { type SsState, readFilter, stateOfRow, statesNamed } from './ss-filter.js';

const PLAIN = 'haltunrpeimsoHOwx460bTVEZzKMSd';
const LONG: Readonly<Record<string, string>> = { help: 'h', version: 'V', numeric: 'n', resolve: 'r', all: 'a',
  listening: 'l', options: 'o', extended: 'e', memory: 'm', processes: 'p', info: 'i', summary: 's', ipv4: '4',
  ipv6: '6', tcp: 't', udp: 'u', raw: 'w', unix: 'x', 'no-header': 'H', oneline: 'O' };
const WORDS: Readonly<Record<SsState, string>> = { established: 'ESTAB', 'syn-sent': 'SYN-SENT', 'syn-recv': 'SYN-RECV',
  'fin-wait-1': 'FIN-WAIT-1', 'fin-wait-2': 'FIN-WAIT-2', 'time-wait': 'TIME-WAIT', closed: 'UNCONN',
  'close-wait': 'CLOSE-WAIT', 'last-ack': 'LAST-ACK', listening: 'LISTEN', closing: 'CLOSING' };
/** net.core.somaxconn: what most who listen ask for at least. */
const BACKLOG = 4096;
/** Without a word about states: connections that are there or come about. */
const CONNECTED: readonly SsState[] = ['established', 'syn-sent', 'fin-wait-1', 'fin-wait-2', 'close-wait', 'last-ack',
  'closing'];

export function* ss(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, PLAIN, 'fANDF', true, LONG);
  if (typeof parsed === 'string') {
    sys.stderr(`ss: ${parsed}\n${SS_USAGE}`);
    return 255;
  }
  const { flags } = parsed;
  if (flags.has('h')) sys.stdout(SS_USAGE);
  else if (flags.has('V')) sys.stdout('ss utility, iproute2-6.1.0\n');
  else if (flags.has('s')) printSummary(sys);
  else return printSockets(sys, parsed);
  return 0;
}

function printSockets(sys: Sys, { flags, rest }: ParsedOptions): number {
  const kinds = ['u', 't', 'w', 'x'].filter((kind) => flags.has(kind));
  // What sends no streams is connected or not.
  const usual = kinds.length === 1 && 'uw'.includes(kinds[0]!) ? CONNECTED.slice(0, 1) : CONNECTED;
  const wanted = readStates(rest, flags, usual);
  if ('flaw' in wanted) {
    sys.stderr(wanted.flaw);
    return 255;
  }
  const filter = readFilter(wanted.rest);
  if (typeof filter === 'string') {
    sys.stderr(filter);
    return 1;
  }
  const shows = (kind: string): boolean => kinds.length === 0 || kinds.includes(kind);
  const one = kinds.length === 1 && kinds[0] !== 'x';
  const states = wanted.states;
  const rows = (['udp', 'tcp'] as const).filter((protocol) => shows(protocol[0]!)).flatMap((protocol) =>
    ordered(sys.net.sockets().filter((row) => row.protocol === protocol)))
    .filter((row) => states.includes(stateOfRow(row)) && filter(row) && inFamily(row, flags))
    .map((row) => cells(row, flags));
  const heads = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address:', 'Port', 'Peer Address:', 'Port', 'Process'];
  const hidden = new Set([...(one ? [0] : []), ...(states.length === 1 ? [1] : [])]);
  printColumns(sys, flags.has('H') ? rows : [heads, ...rows], hidden);
  return 0;
}

interface Wanted { readonly states: readonly SsState[]; readonly rest: readonly string[] }

function readStates(words: readonly string[], flags: ReadonlySet<string>, usual: readonly SsState[]): Wanted
  | { readonly flaw: string } {
  let states: readonly SsState[] = flags.has('a') ? statesNamed('all')! : flags.has('l') ? ['listening', 'closed']
    : usual;
  const all = statesNamed('all')!;
  let named: readonly SsState[] = [];
  let at = 0;
  for (; words[at] === 'state' || words[at] === 'exclude' || words[at] === 'excl'; at += 2) {
    const group = statesNamed(words[at + 1] ?? '');
    if (group === undefined) return { flaw: `ss: wrong state name: ${words[at + 1] ?? ''}\n` };
    if (words[at] === 'state') named = [...named, ...group];
    else named = (named.length === 0 ? all : named).filter((state) => !group.includes(state));
    states = all.filter((state) => named.includes(state));
  }
  return { states, rest: words.slice(at) };
}

/** Who listens at every address listens at those of IPv6 too, with one socket of that family. */
function isSix(row: SocketRow): boolean {
  return typeof row.address === 'string' || listensEverywhere(row);
}

function listensEverywhere(row: SocketRow): boolean {
  return stateOfRow(row) === 'listening' && (row.address === 0 || row.address === IPV6_UNSPECIFIED);
}

function inFamily(row: SocketRow, flags: ReadonlySet<string>): boolean {
  if (!flags.has('4') && !flags.has('6')) return true;
  return flags.has(isSix(row) ? '6' : '4');
}

/** As the kernel walks through them: IPv4 before IPv6, and who listens before connections. */
function ordered(rows: readonly SocketRow[]): SocketRow[] {
  const rank = (row: SocketRow): number => (isSix(row) ? 2 : 0) + (stateOfRow(row) === 'listening' ? 0 : 1);
  return rows.map((row, age) => ({ row, age })).sort((a, b) => rank(a.row) - rank(b.row) || a.age - b.age)
    .map(({ row }) => row);
}

function cells(row: SocketRow, flags: ReadonlySet<string>): string[] {
  const state = stateOfRow(row);
  const port = (number: number): string => number === 0 ? '*'
    : flags.has('n') ? String(number) : serviceOf(number, row.protocol);
  const place = (address: SocketRow['address']): string => {
    if (listensEverywhere(row)) return '*:';
    return typeof address === 'string' ? `[${address}]:` : `${formatAddress(address)}:`;
  };
  const nobody = typeof row.address === 'string' ? IPV6_UNSPECIFIED : 0;
  return [row.protocol, WORDS[state], '0', state === 'listening' ? String(BACKLOG) : '0', place(row.address),
    port(row.port), place(row.remoteAddress === 0 ? nobody : row.remoteAddress ?? nobody), port(row.remotePort ?? 0),
    ''];
}

/** Addresses end where their ports begin; those columns alone stand together. */
function printColumns(sys: Sys, rows: readonly (readonly string[])[], hidden: ReadonlySet<number>): void {
  const widths = (rows[0] ?? []).map((_head, place) =>
    rows.reduce((most, row) => (row[place]!.length > most ? row[place]!.length : most), 0));
  for (const row of rows) {
    let line = '';
    row.forEach((cell, place) => {
      if (hidden.has(place)) return;
      const beside = place === 5 || place === 7 || place === 8;
      if (line !== '' && !beside) line += ' ';
      line += place === 4 || place === 6 ? cell.padStart(widths[place]!) : cell.padEnd(widths[place]!);
    });
    sys.stdout(`${line}\n`);
  }
}

function printSummary(sys: Sys): void {
  const rows = sys.net.sockets();
  const streams = rows.filter((row) => row.protocol === 'tcp');
  const count = (...states: readonly SsState[]): number =>
    streams.filter((row) => states.includes(stateOfRow(row))).length;
  const waiting = count('time-wait');
  const closed = waiting + count('closed');
  const line = (name: string, four: number, six: number): string =>
    `${name}\t  ${String(four + six).padEnd(10)}${String(four).padEnd(10)}${String(six).padEnd(10)}\n`;
  const of = (protocol: string): [number, number] => {
    const live = rows.filter((row) => row.protocol === protocol && stateOfRow(row) !== 'time-wait'
      && (protocol !== 'tcp' || stateOfRow(row) !== 'closed'));
    return [live.filter((row) => !isSix(row)).length, live.filter(isSix).length];
  };
  const [tcp, udp] = [of('tcp'), of('udp')];
  sys.stdout(`Total: ${tcp[0] + tcp[1] + udp[0] + udp[1]}\nTCP:   ${streams.length} (estab ${count('established')}, ` +
    `closed ${closed}, orphaned 0, timewait ${waiting})\n\nTransport Total     IP        IPv6\n` +
    line('RAW', 0, 0) + line('UDP', ...udp) + line('TCP', ...tcp) + line('INET', tcp[0] + udp[0], tcp[1] + udp[1]) +
    line('FRAG', 0, 0) + '\n');
}

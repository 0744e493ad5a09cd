// iptables-save and `iptables -S`: the rules of the host, as text. Text of iptables 1.8.7, without the comments that
// hold the time of day. Rules are written by the engine; typing them is not there yet.

import { BUILT_IN_CHAINS, type TableName, formatCommands, formatTables } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { parseOptions } from '../../usage.js';

const VERSION = 'v1.8.7 (legacy)';

export function* iptablesSave(sys: Sys, argv: readonly string[]): Operation<number> {
  const options = parseOptions(argv, 'c', 't');
  if (typeof options === 'string') return wrong(sys, 'iptables-save', options);
  const table = options.values.get('t');
  if (table !== undefined && !isTable(table)) return noTable(sys, 'iptables-save', table, 1);
  if (sys.net.filter === undefined) return denied(sys, 'iptables-save', table ?? 'filter', 1);
  sys.stdout(formatTables(sys.net.filter(), table));
  return 0;
}

export function* iptables(sys: Sys, argv: readonly string[]): Operation<number> {
  const options = parseOptions(argv, 'Sn', 't');
  if (typeof options === 'string') return wrong(sys, 'iptables', options);
  const table = options.values.get('t') ?? 'filter';
  if (!isTable(table)) return noTable(sys, 'iptables', table, 3);
  if (!options.flags.has('S')) return wrong(sys, 'iptables', 'no command specified');
  if (sys.net.filter === undefined) return denied(sys, 'iptables', table, 4);
  const text = formatCommands(sys.net.filter(), table, options.rest[0]);
  if (text === undefined) {
    sys.stderr('iptables: No chain/target/match by that name.\n');
    return 1;
  }
  sys.stdout(text);
  return 0;
}

function isTable(name: string): name is TableName {
  return Object.keys(BUILT_IN_CHAINS).includes(name);
}

function wrong(sys: Sys, program: string, text: string): number {
  sys.stderr(`${program} ${VERSION}: ${text}\nTry \`${program} -h' or '${program} --help' for more information.\n`);
  return 2;
}

function noTable(sys: Sys, program: string, table: string, exitCode: number): number {
  sys.stderr(`${program} ${VERSION}: can't initialize iptables table \`${table}': Table does not exist `
    + '(do you need to insmod?)\nPerhaps iptables or your kernel needs to be upgraded.\n');
  return exitCode;
}

function denied(sys: Sys, program: string, table: string, exitCode: number): number {
  sys.stderr(`${program} ${VERSION}: can't initialize iptables table \`${table}': Permission denied `
    + '(you must be root)\nPerhaps iptables or your kernel needs to be upgraded.\n');
  return exitCode;
}

// Rules as text: the listing of iptables-save(8) and of `iptables -S`. Packet counters are not kept and show as zero.

import { formatRule } from './rule.js';
import { BUILT_IN_CHAINS, type ChainRow, type FilterRow, TABLE_NAMES, type TableName } from './tables.js';

/** All tables that are in use, as iptables-save prints them, without its comments (they hold the time of day). */
export function formatTables(filter: FilterRow | undefined, only?: TableName): string {
  const lines: string[] = [];
  for (const table of TABLE_NAMES) {
    const chains = filter?.tables.get(table);
    if (chains === undefined || (only !== undefined && only !== table)) continue;
    lines.push(`*${table}`);
    const ordered = chainsInOrder(table, chains);
    for (const chain of ordered) lines.push(`:${chain.name} ${chain.policy === '' ? '-' : chain.policy} [0:0]`);
    for (const chain of ordered) lines.push(...ruleLines(chain));
    lines.push('COMMIT');
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** One table as commands that would make it (`iptables -S`); a chain's alone if one is named. Undefined: none such. */
export function formatCommands(filter: FilterRow | undefined, table: TableName, only?: string): string | undefined {
  const chains = filter?.tables.get(table) ?? emptyTable(table);
  const ordered = chainsInOrder(table, chains).filter((chain) => only === undefined || chain.name === only);
  if (only !== undefined && ordered.length === 0) return undefined;
  const lines = ordered.map(({ name, policy }) => (policy === '' ? `-N ${name}` : `-P ${name} ${policy}`));
  for (const chain of ordered) lines.push(...ruleLines(chain));
  return lines.map((line) => `${line}\n`).join('');
}

function ruleLines(chain: ChainRow): string[] {
  return chain.rules.map((rule) => `-A ${chain.name} ${formatRule(rule)}`.trimEnd());
}

/** The built-in chains first, then the others by name. */
function chainsInOrder(table: TableName, chains: ReadonlyMap<string, ChainRow>): ChainRow[] {
  const builtIn = BUILT_IN_CHAINS[table];
  const own = [...chains.values()].filter(({ name }) => !builtIn.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...builtIn.map((name) => chains.get(name)!), ...own];
}

/** Looking at a table that nobody has used shows its built-in chains. */
function emptyTable(table: TableName): ReadonlyMap<string, ChainRow> {
  return new Map(BUILT_IN_CHAINS[table].map((name) => [name, { name, policy: 'ACCEPT', rules: [] }]));
}

// `iptables`: chains and their rules. A table is loaded when it is first written to.

import type { Ipv4 } from '@netreel/wire';
import { formatRule, parseRule, TARGETS } from '../filter/rule.js';
import { BUILT_IN_CHAINS, type ChainRow, type TableName } from '../filter/tables.js';
import type { Kernel } from '../kernel.js';
import { type Refused, noSuchNetns } from '../refusal.js';

const NO_CHAIN: Refused = { refused: 'iptables: No chain/target/match by that name.' };
/** Targets that only the nat table has. */
const NAT_TARGETS: ReadonlySet<string> = new Set(['MASQUERADE', 'DNAT', 'SNAT']);

export function createChain(kernel: Kernel, netns: string, table: TableName, chain: string): Refused | undefined {
  const chains = loaded(kernel, netns, table);
  if ('refused' in chains) return chains;
  if (chains.rows.has(chain) || TARGETS.has(chain)) return { refused: 'iptables: Chain already exists.' };
  kernel.port.emit({ type: 'ChainCreated', netns, table, chain });
  return changed(kernel, netns);
}

export function deleteChain(kernel: Kernel, netns: string, table: TableName, chain: string): Refused | undefined {
  const chains = loaded(kernel, netns, table);
  if ('refused' in chains) return chains;
  const row = chains.rows.get(chain);
  if (row === undefined) return NO_CHAIN;
  if (BUILT_IN_CHAINS[table].includes(chain)) {
    return { refused: 'iptables: Invalid argument. Run `dmesg\' for more information.' };
  }
  if (row.rules.length > 0) return { refused: 'iptables: Directory not empty.' };
  for (const other of chains.rows.values()) {
    if (other.rules.some((rule) => rule.jump === chain)) return { refused: 'iptables: Too many links.' };
  }
  kernel.port.emit({ type: 'ChainDeleted', netns, table, chain });
  return changed(kernel, netns);
}

export function setPolicy(kernel: Kernel, netns: string, table: TableName, chain: string,
  policy: 'ACCEPT' | 'DROP'): Refused | undefined {
  const chains = loaded(kernel, netns, table);
  if ('refused' in chains) return chains;
  const row = chains.rows.get(chain);
  if (row === undefined || row.policy === '') return { refused: 'iptables: Bad built-in chain name.' };
  if (row.policy !== policy) kernel.port.emit({ type: 'PolicySet', netns, table, chain, policy });
  return changed(kernel, netns);
}

export function appendRule(kernel: Kernel, netns: string, table: TableName, chain: string,
  text: string): Refused | undefined {
  const rule = readRule(kernel, netns, table, chain, text);
  if (typeof rule !== 'string') return rule;
  kernel.port.emit({ type: 'RuleAppended', netns, table, chain, rule });
  return changed(kernel, netns);
}

export function insertRule(kernel: Kernel, netns: string, table: TableName, chain: string, text: string,
  place: number): Refused | undefined {
  const rule = readRule(kernel, netns, table, chain, text);
  if (typeof rule !== 'string') return rule;
  const { length } = kernel.tables.filters.get(netns)!.tables.get(table)!.get(chain)!.rules;
  if (place < 1 || place > length + 1) return { refused: 'iptables: Index of insertion too big.' };
  kernel.port.emit({ type: 'RuleInserted', netns, table, chain, place, rule });
  return changed(kernel, netns);
}

export function deleteRule(kernel: Kernel, netns: string, table: TableName, chain: string,
  text: string): Refused | undefined {
  const rule = readRule(kernel, netns, table, chain, text);
  if (typeof rule !== 'string') return rule;
  const { rules } = kernel.tables.filters.get(netns)!.tables.get(table)!.get(chain)!;
  const place = rules.findIndex((held) => formatRule(held) === rule) + 1;
  if (place === 0) return { refused: 'iptables: Bad rule (does a matching rule exist in that chain?).' };
  kernel.port.emit({ type: 'RuleDeleted', netns, table, chain, place, rule });
  return changed(kernel, netns);
}

/** Ends the flows of an address that goes to somebody else. */
export function forgetFlows(kernel: Kernel, netns: string, address: Ipv4): void {
  kernel.stacks.get(netns)?.forgetFlows(address);
}

type Chains = ReadonlyMap<string, ChainRow>;

function loaded(kernel: Kernel, netns: string, table: TableName): { readonly rows: Chains } | Refused {
  if (!kernel.tables.netns.has(netns)) return noSuchNetns(netns);
  if (kernel.tables.filters.get(netns)?.tables.get(table) === undefined) {
    kernel.port.emit({ type: 'TableLoaded', netns, table });
    changed(kernel, netns);
  }
  return { rows: kernel.tables.filters.get(netns)!.tables.get(table)! };
}

/** The rule as it is kept, if it may stand in that chain. */
function readRule(kernel: Kernel, netns: string, table: TableName, chain: string, text: string): string | Refused {
  const chains = loaded(kernel, netns, table);
  if ('refused' in chains) return chains;
  const rule = parseRule(text);
  if (typeof rule === 'string') return { refused: `iptables: ${rule}` };
  const { jump } = rule;
  const isKnown = jump === '' || TARGETS.has(jump) || chains.rows.get(jump)?.policy === '';
  if (!chains.rows.has(chain) || !isKnown || (table !== 'nat' && NAT_TARGETS.has(jump))) return NO_CHAIN;
  if (jump === chain || leadsTo(chains.rows, jump, chain)) {
    return { refused: 'iptables: Too many levels of symbolic links.' };
  }
  return formatRule(rule);
}

/** Whether a packet that jumps to `from` can come to `chain`. */
function leadsTo(chains: Chains, from: string, chain: string): boolean {
  return (chains.get(from)?.rules ?? []).some(({ jump }) => jump === chain || leadsTo(chains, jump, chain));
}

function changed(kernel: Kernel, netns: string): undefined {
  kernel.stacks.get(netns)?.rulesChanged();
  return undefined;
}

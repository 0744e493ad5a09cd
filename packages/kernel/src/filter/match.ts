// Whether a rule is about a packet, and which rule of a chain decides.

import { IPV4, type Ipv4, inSubnet, ipv4HeaderBytes, read16, read32 } from '@netreel/wire';
import type { LinkRow } from '../tables.js';
import { TARGETS } from './rule.js';
import type { ChainRow, FlowMatchState, Match, RuleRow } from './tables.js';

/** A packet on its way past the rules. */
export interface Passage {
  readonly buffer: Uint8Array;
  /** Its IPv4 header. */
  readonly start: number;
  readonly end: number;
  readonly inLink: LinkRow | undefined;
  readonly outLink: LinkRow | undefined;
  readonly state: FlowMatchState;
  readonly routes: { isLocal(address: Ipv4): boolean };
}

/**
 * The rule that ends the packet's way through the table, from `chain` on; undefined when none does and the policy
 * decides. Chains do not call themselves: whoever writes rules sees to that.
 */
export function terminalRule(chains: ReadonlyMap<string, ChainRow>, chain: ChainRow, passage: Passage):
RuleRow | undefined {
  const { rules } = chain;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (!matchesAll(rule, passage)) continue;
    if (rule.jump === 'RETURN') return undefined;
    if (TARGETS.has(rule.jump)) return rule;
    const next = chains.get(rule.jump);
    const decided = next === undefined ? undefined : terminalRule(chains, next, passage);
    if (decided !== undefined) return decided;
  }
  return undefined;
}

function matchesAll(rule: RuleRow, passage: Passage): boolean {
  const { matches } = rule;
  for (let i = 0; i < matches.length; i++) {
    const match = matches[i]!;
    if (holds(match, passage) === match.not) return false;
  }
  return true;
}

function holds(match: Match, passage: Passage): boolean {
  const { buffer, start } = passage;
  switch (match.kind) {
    case 'in': return passage.inLink !== undefined && passage.inLink.name === match.link;
    case 'out': return passage.outLink !== undefined && passage.outLink.name === match.link;
    case 'source': return inSubnet(read32(buffer, start + IPV4.SOURCE), match.address, match.prefix);
    case 'target': return inSubnet(read32(buffer, start + IPV4.TARGET), match.address, match.prefix);
    case 'protocol': return buffer[start + IPV4.PROTOCOL] === match.protocol;
    case 'source-port': return portIn(match, passage, 0);
    case 'target-port': return portIn(match, passage, 2);
    case 'source-type': return passage.routes.isLocal(read32(buffer, start + IPV4.SOURCE));
    case 'target-type': return passage.routes.isLocal(read32(buffer, start + IPV4.TARGET));
    case 'state': return match.states.includes(passage.state);
  }
}

function portIn({ first, last }: { readonly first: number; readonly last: number }, passage: Passage,
  offset: number): boolean {
  const { buffer, start, end } = passage;
  const at = start + ipv4HeaderBytes(buffer, start) + offset;
  if (at + 2 > end) return false;
  const port = read16(buffer, at);
  return port >= first && port <= last;
}

// Whether the rules let every packet cross a bridge, whatever it is. If so, frames need not be looked at one by one:
// between containers of one bridge, as Docker writes its rules, that is the usual case.

import { TARGETS } from './rule.js';
import type { ChainRow, Match, RuleRow } from './tables.js';

/** What may become of packets at the end of a chain: some are accepted, some dropped, some go on. */
interface Fates { dropped: boolean; goesOn: boolean }

/** Whether no packet that comes in by `bridge` and goes out by it can be dropped in `forward`. */
export function acceptsAcross(chains: ReadonlyMap<string, ChainRow>, forward: ChainRow, bridge: string): boolean {
  const fates = fatesIn(chains, forward, bridge);
  return !fates.dropped && !(fates.goesOn && forward.policy === 'DROP');
}

function fatesIn(chains: ReadonlyMap<string, ChainRow>, chain: ChainRow, bridge: string): Fates {
  const fates: Fates = { dropped: false, goesOn: false };
  for (const rule of chain.rules) {
    const matched = certainty(rule, bridge);
    if (matched === 'never') continue;
    let passes = true;
    if (rule.jump === 'DROP') fates.dropped = true;
    if (rule.jump === 'RETURN') fates.goesOn = true;
    if (TARGETS.has(rule.jump)) {
      passes = false;
    } else {
      const next = chains.get(rule.jump);
      if (next !== undefined) {
        const inner = fatesIn(chains, next, bridge);
        fates.dropped ||= inner.dropped;
        passes = inner.goesOn;
      }
    }
    if (matched === 'always' && !passes) return fates;
  }
  fates.goesOn = true;
  return fates;
}

function certainty(rule: RuleRow, bridge: string): 'always' | 'never' | 'maybe' {
  let answer: 'always' | 'maybe' = 'always';
  for (const match of rule.matches) {
    const held = holdsFor(match, bridge);
    if (held === undefined) answer = 'maybe';
    else if (held === match.not) return 'never';
  }
  return answer;
}

/** Undefined: it depends on the packet. */
function holdsFor(match: Match, bridge: string): boolean | undefined {
  return match.kind === 'in' || match.kind === 'out' ? match.link === bridge : undefined;
}

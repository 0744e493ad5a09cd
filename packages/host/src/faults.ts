// Fault rules: data, asked in order where an envelope leaves its node; the first rule that gives a verdict decides.

import type { AnyRecord, RandomStream, SimTime } from '@netreel/sim';

/** One directed rule. Empty lists mean "any". */
export interface FaultRule {
  readonly id: string;
  /** Names of sending and receiving nodes. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Kinds of messages (record types such as FrameCrossed, StoreAsked, EndpointSent). */
  readonly kinds: readonly string[];
  readonly action: 'drop' | 'delay' | 'duplicate';
  /** How often it strikes, in parts of a million. */
  readonly chancePpm: number;
  /** For delay: how much later; for duplicate: how much later the second one comes. */
  readonly delayNs: number;
  /** The rule is asleep before `since` and gone from `until` on. */
  readonly since: SimTime;
  readonly until: SimTime;
}

export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop'; readonly rule: string }
  | { readonly kind: 'delay'; readonly delayNs: number }
  | { readonly kind: 'duplicate'; readonly delayNs: number };

const PASS: Verdict = { kind: 'pass' };

const matches = (names: readonly string[], name: string): boolean => names.length === 0 || names.includes(name);

/** Asks the rules about one message. Draws come from the rule's own stream, so that one rule never shifts another's. */
export function verdictOf(rules: ReadonlyMap<string, FaultRule>, from: string, to: string, kind: string, now: SimTime,
  randomOf: (purpose: string) => RandomStream): Verdict {
  for (const rule of rules.values()) {
    if (now < rule.since || now >= rule.until) continue;
    if (!matches(rule.from, from) || !matches(rule.to, to) || !matches(rule.kinds, kind)) continue;
    if (rule.chancePpm < 1_000_000 && !randomOf(`fault/${rule.id}/${to}`).chance(rule.chancePpm, 1_000_000)) continue;
    if (rule.action === 'drop') return { kind: 'drop', rule: rule.id };
    return { kind: rule.action, delayNs: rule.delayNs };
  }
  return PASS;
}

export type FaultRules = Map<string, FaultRule>;

/** Applies an event about faults; false when the event is about something else. */
export function evolveFaults(rules: FaultRules, event: AnyRecord): boolean {
  if (event.type === 'FaultAdded') {
    const { rule } = event as unknown as { rule: FaultRule };
    rules.set(rule.id, rule);
    return true;
  }
  if (event.type === 'FaultRemoved') {
    rules.delete((event as unknown as { id: string }).id);
    return true;
  }
  return false;
}

/**
 * What an order from outside comes to: the event to emit, or nothing for an order about something else or a rule that
 * is not there.
 */
export function decideFault(rules: ReadonlyMap<string, FaultRule>, input: AnyRecord): AnyRecord | undefined {
  if (input.type === 'FaultOrdered') return { type: 'FaultAdded',
    rule: (input as unknown as { rule: FaultRule }).rule } as AnyRecord;
  if (input.type !== 'FaultLifted') return undefined;
  const { id } = input as unknown as { id: string };
  return rules.has(id) ? { type: 'FaultRemoved', id } as AnyRecord : undefined;
}

// The filter's tables of one namespace: chains of rules, and the flows that it follows.

import type { Ipv4 } from '@netreel/wire';

export type FlowMatchState = 'INVALID' | 'NEW' | 'RELATED' | 'ESTABLISHED';

/**
 * What a packet must have. `not` turns the answer round. It must be the same for all packets of one direction of a
 * flow: verdicts are kept (verdict.ts).
 */
export type Match =
  | { readonly kind: 'source' | 'target'; readonly not: boolean; readonly address: Ipv4; readonly prefix: number }
  | { readonly kind: 'in' | 'out'; readonly not: boolean; readonly link: string }
  | { readonly kind: 'protocol'; readonly not: boolean; readonly protocol: number }
  | { readonly kind: 'source-port' | 'target-port'; readonly not: boolean; readonly first: number;
      readonly last: number }
  /** addrtype LOCAL: an address of this namespace. */
  | { readonly kind: 'source-type' | 'target-type'; readonly not: boolean }
  | { readonly kind: 'state'; readonly not: boolean; readonly states: readonly FlowMatchState[] };

export interface RuleRow {
  /** All must hold. */
  readonly matches: readonly Match[];
  /** A target or a chain; empty for a rule that only looks. */
  readonly jump: string;
  /** Of DNAT and SNAT; port 0 keeps the packet's. */
  readonly toAddress: Ipv4;
  readonly toPort: number;
}

export interface ChainRow {
  readonly name: string;
  /** What becomes of a packet at the end of a built-in chain; empty for others, which go back to their caller. */
  policy: string;
  readonly rules: RuleRow[];
}

export type TableName = 'nat' | 'filter';

/** One direction of a flow. Of an echo `sourcePort` is the identifier, `targetPort` type and code as one word. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly target: Ipv4;
  readonly targetPort: number;
}

export interface FlowRow {
  readonly flow: number;
  readonly original: Tuple;
  /** What answers look like when they come in: the turned original, after translation. */
  readonly reply: Tuple;
  /** TCP's own words; NEW, ESTABLISHED and (UDP) STREAM for others. */
  state: string;
  /** An answer has been seen. */
  replied: boolean;
}

export interface FilterRow {
  readonly tables: Map<TableName, Map<string, ChainRow>>;
  readonly flows: Map<number, FlowRow>;
}

/** The chains that a table has from the start, in the order of their listing. */
export const BUILT_IN_CHAINS: Readonly<Record<TableName, readonly string[]>> = {
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** In the order in which iptables-save lists them. */
export const TABLE_NAMES: readonly TableName[] = ['filter', 'nat'];

// What a run is made of, fixed before it starts: its nodes, their addresses, the underlay between them, the seed.
// A node's index is its place in the sorted list of names: it depends on the scenario, never on who joined first.

import { assert } from './assert.js';
import { MAX_NODES } from './agenda.js';

export type NodeKind = 'host' | 'overlay' | 'router';

export interface NodeSpec {
  readonly name: string;
  readonly kind: NodeKind;
  /** Underlay address of `eth0`, 32 bits. */
  readonly address: number;
  /** MAC of `eth0`, 48 bits. */
  readonly mac: number;
}

export interface UnderlaySpec {
  readonly latencyNs: number;
  /** Of every node's NIC; 0 for no limit. */
  readonly bitsPerSecond: number;
  readonly mtu: number;
  /** The underlay's subnet, and the router in it that hosts use as default gateway and DNS server. */
  readonly subnet: number;
  readonly prefix: number;
  readonly gateway: number;
  /** Pairs with a latency of their own, both directions. */
  readonly pairs: readonly { readonly between: readonly [string, string]; readonly latencyNs: number }[];
}

export interface LabSpec {
  readonly name: string;
  readonly seed: number;
  /** Seconds since 1970 at virtual time 0; 2024-01-01 when absent. */
  readonly epochSeconds?: number;
  /** Sorted by name, so that the index of a node is its place here. */
  readonly nodes: readonly NodeSpec[];
  readonly underlay: UnderlaySpec;
  /** The Docker API that all engines speak, and with it the age of engine that they behave as; 1.41 when absent. */
  readonly apiVersion?: string;
}

/** Puts the nodes in their order and refuses labs that no window could separate. */
export function defineLab(spec: LabSpec): LabSpec {
  const nodes = [...spec.nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  assert(nodes.length > 0 && nodes.length < MAX_NODES, `a lab has from 1 to ${MAX_NODES - 1} nodes`);
  for (let i = 1; i < nodes.length; i++) assert(nodes[i]!.name !== nodes[i - 1]!.name,
    `two nodes named ${nodes[i]!.name}`);
  assert(spec.underlay.latencyNs > 0 && spec.underlay.pairs.every((pair) => pair.latencyNs > 0),
    'an underlay without delay leaves no room between nodes: put both hosts in one node or give the link a latency');
  return { ...spec, nodes };
}

/** The delay from any node to any other, looked up by index. */
export class Underlay {
  /** The smallest delay between two different nodes: how far windows may reach. */
  readonly lookaheadNs: number;
  private readonly delays: Float64Array;
  private readonly count: number;

  constructor(readonly lab: LabSpec) {
    const { nodes, underlay } = lab;
    this.count = nodes.length;
    this.delays = new Float64Array(this.count * this.count).fill(underlay.latencyNs);
    const indexes = new Map(nodes.map((node, index) => [node.name, index]));
    for (const { between: [a, b], latencyNs } of underlay.pairs) {
      const from = indexes.get(a);
      const to = indexes.get(b);
      assert(from !== undefined && to !== undefined, `a latency names an unknown node: ${a}, ${b}`);
      this.delays[from * this.count + to] = latencyNs;
      this.delays[to * this.count + from] = latencyNs;
    }
    let least = underlay.latencyNs;
    for (const pair of underlay.pairs) if (pair.latencyNs < least) least = pair.latencyNs;
    this.lookaheadNs = least;
  }

  delayNs(source: number, target: number): number {
    return this.delays[source * this.count + target]!;
  }
}

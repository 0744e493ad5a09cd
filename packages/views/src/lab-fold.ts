// The tables of a whole lab at some moment, folded from what its nodes recorded.

import { HOST_NETNS, type HostTables, type OverlayTables, type RouterTables, emptyHostTables, emptyOverlayTables,
  emptyRouterTables,
  evolveHost, evolveOverlay, evolveRouter } from '@netreel/host';
import { type OverlayNetwork, overlayNetworks } from '@netreel/overlay';
import type { Commit, HistoryRecord, LabSpec, NodeKind, SimTime } from '@netreel/sim';
import { assert, beginCalendar } from '@netreel/sim';

export type NodeTables =
  | { readonly kind: 'host'; readonly tables: HostTables }
  | { readonly kind: 'overlay'; readonly tables: OverlayTables }
  | { readonly kind: 'router'; readonly tables: RouterTables };

/** One record of a history with the node it belongs to. */
export interface Placed {
  readonly node: number;
  readonly record: HistoryRecord;
}

/** Tables of a node before its first record. */
export function emptyNodeTables(kind: NodeKind): NodeTables {
  switch (kind) {
    case 'host': return { kind, tables: emptyHostTables() };
    case 'overlay': return { kind, tables: emptyOverlayTables() };
    case 'router': return { kind, tables: emptyRouterTables() };
  }
}

/** Applies one record; inputs and envelopes change no table. */
export function applyRecord(target: NodeTables, record: HistoryRecord): void {
  if (record.kind !== 'event') return;
  switch (target.kind) {
    case 'host': return evolveHost(target.tables, record.body, record.at);
    case 'overlay': return evolveOverlay(target.tables, record.body);
    case 'router': return evolveRouter(target.tables, record.body);
  }
}

export class LabFold {
  readonly nodes: readonly NodeTables[];

  /** Goes on from `nodes`; from the beginning if they are not given. */
  constructor(readonly lab: LabSpec, nodes?: readonly NodeTables[]) {
    beginCalendar(lab.epochSeconds);
    this.nodes = nodes ?? lab.nodes.map(({ kind }) => emptyNodeTables(kind));
  }

  apply({ node, record }: Placed): void {
    applyRecord(this.nodes[node]!, record);
  }

  /** The tables of a host by name; undefined when there is no host of that name. */
  host(name: string): HostTables | undefined {
    const node = this.nodes[this.lab.nodes.findIndex((each) => each.name === name)];
    return node?.kind === 'host' ? node.tables : undefined;
  }

  /** What the coordinator knows of networks that span hosts. */
  overlays(): OverlayNetwork[] {
    return this.nodes.flatMap((node) => (node.kind === 'overlay' ? overlayNetworks(node.tables.store) : []));
  }

  /** Indexes and tables of all hosts, in the order of the nodes. */
  hosts(): { readonly node: number; readonly name: string; readonly tables: HostTables }[] {
    return this.nodes.flatMap((each, node) =>
      (each.kind === 'host' ? [{ node, name: this.lab.nodes[node]!.name, tables: each.tables }] : []));
  }
}

/** The records of all nodes in the one order of the run: by moment, then by node, then by sequence. */
export function* inOrder(histories: readonly (readonly Commit[])[],
  upTo: SimTime = Number.MAX_SAFE_INTEGER): Generator<Placed> {
  const cursors = histories.map(() => ({ commit: 0, record: 0 }));
  for (;;) {
    let next: Placed | undefined;
    for (let node = 0; node < histories.length; node++) {
      const cursor = cursors[node]!;
      const record = histories[node]![cursor.commit]?.records[cursor.record];
      if (record !== undefined && (next === undefined || record.at < next.record.at)) next = { node, record };
    }
    if (next === undefined || next.record.at > upTo) return;
    const cursor = cursors[next.node]!;
    const commit = histories[next.node]![cursor.commit]!;
    cursor.record++;
    if (cursor.record === commit.records.length) {
      cursor.commit++;
      cursor.record = 0;
    }
    assert(next.record.at >= 0, 'a record before the beginning of time');
    yield next;
  }
}

/** All tables as they stood at `upTo`, that moment included. */
export function foldLab(lab: LabSpec, histories: readonly (readonly Commit[])[], upTo?: SimTime): LabFold {
  const fold = new LabFold(lab);
  for (const placed of inOrder(histories, upTo)) fold.apply(placed);
  return fold;
}

/** Name of the namespace that is the host's own. */
export { HOST_NETNS };

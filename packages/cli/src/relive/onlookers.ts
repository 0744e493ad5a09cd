// What is made of a run that is lived again: the ways of its packets.

import type { FrameBytes, LabSpec } from '@netreel/sim';
import { LabFold, Names, type NodeTables, Traces } from '@netreel/views';
import type { Lived, Onlooker, Reliving } from './relive.js';

/** Names of a node's devices as they are at the moment that is being lived. */
export function namesOf(lab: LabSpec, { maker }: Reliving): (node: number) => Names {
  const live = new LabFold(lab, lab.nodes.map(({ kind }, node) =>
    ({ kind, tables: maker.nodes.get(node)!.tables }) as NodeTables));
  const known = lab.nodes.map((_, node) => new Names(live, node));
  return (node) => known[node]!;
}

/** Puts sightings together to the ways of packets; only of nodes that are wanted. */
export class TracingOnlooker implements Onlooker {
  readonly traces = new Traces();

  constructor(private readonly names: (node: number) => Names, private readonly nodeName: (node: number) => string) {}

  frame(node: number, direction: 'in' | 'out', link: Parameters<Onlooker['frame']>[2], frame: FrameBytes,
    { at, cause }: Lived): void {
    this.traces.seen(frame, { at, node, direction, place: this.names(node).link(link.index), reason: '' },
      { ...cause, node });
  }

  lost(node: number, where: string, reason: string, frame: FrameBytes | undefined, { at, cause }: Lived): void {
    this.traces.lost(frame, { at, node, direction: 'lost', place: this.names(node).device(where), reason },
      { ...cause, node });
  }

  faulted(node: number, rule: string, target: number, frame: FrameBytes, { at, cause }: Lived): void {
    this.traces.lost(frame, { at, node, direction: 'lost', place: `on the wire to ${this.nodeName(target)}`,
      reason: `fault ${rule}` }, { ...cause, node });
  }
}

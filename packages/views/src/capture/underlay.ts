// What crossed the underlay, as a capture: the frames that histories hold. One interface for each sending node.

import type { FrameBytes, LabSpec } from '@netreel/sim';
import type { Placed } from '../lab-fold.js';
import { interfaceBlock, packetBlock, sectionBlock } from './pcapng.js';

/** How a capture file of the underlay begins. */
export function* captureHead(lab: LabSpec): Generator<Uint8Array> {
  yield sectionBlock();
  for (const { name } of lab.nodes) yield interfaceBlock({ name: `${name}-eth0` });
}

/** A block for each frame among the records that was sent over the underlay. */
export function* capturedFrames(lab: LabSpec, records: Iterable<Placed>): Generator<Uint8Array> {
  for (const { node, record } of records) {
    if (record.kind !== 'envelope' || record.body.type !== 'FrameCrossed') continue;
    const { buffer, start, end } = (record.body as unknown as { frame: FrameBytes }).frame;
    yield packetBlock({ interface: node, at: record.at, bytes: buffer.subarray(start, end),
      comments: [`${lab.nodes[node]!.name}/${record.sequence} to ${lab.nodes[record.target]!.name}`] });
  }
}

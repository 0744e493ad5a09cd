// By the kind of node: a host, the overlay coordinator, the router.

import { type Envelope, type FrameBytes, type Machine, unreachable } from '@netreel/sim';
import { Frame, FramePool } from '@netreel/wire';
import { HostNode } from './host.js';
import { OverlayNode } from './overlay-node.js';
import { RouterNode } from './router-node.js';

export type LiveNode = HostNode | OverlayNode | RouterNode;

/** Makes nodes for one process: they share one pool of frames, so that a frame passes between them without a copy. */
export class NodeMaker {
  readonly pool = new FramePool();
  /** By the node's index. */
  readonly nodes = new Map<number, LiveNode>();

  become(machine: Machine): LiveNode {
    const node = this.make(machine);
    machine.become(node);
    this.nodes.set(machine.index, node);
    return node;
  }

  /** The envelope has been written and goes on as bytes: its frame's buffer is free again. */
  release(envelope: Envelope): void {
    const { frame } = envelope.body as { frame?: FrameBytes };
    if (frame instanceof Frame) this.pool.release(frame);
  }

  private make(machine: Machine): LiveNode {
    const { kind } = machine.lab.nodes[machine.index]!;
    switch (kind) {
      case 'host': return new HostNode(machine, this.pool);
      case 'overlay': return new OverlayNode(machine, this.pool);
      case 'router': return new RouterNode(machine, this.pool);
      default: return unreachable(kind);
    }
  }
}

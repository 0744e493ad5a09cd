// What passed the devices of a lab while it was lived, as a capture: one interface for each device, losses as comments
// at the frame that was lost.

import type { SimTime } from '@netreel/sim';
import { markOf } from '../trace/packet.js';
import { interfaceBlock, packetBlock, sectionBlock } from './pcapng.js';

/** One device, by what makes it one: a link of a node. */
export interface CapturedDevice {
  readonly key: string;
  /** `host1/docker0`, `host1/eth0 of box`. */
  readonly name: string;
  readonly description: string;
  readonly mac: number;
}

/** Bytes of a frame, wherever they start now; the object tells two frames apart. */
export interface Passing {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

interface Pending {
  readonly interface: number;
  readonly at: SimTime;
  readonly bytes: Uint8Array;
  readonly direction: 'in' | 'out';
  readonly comments: string[];
}

export class DeviceCapture {
  packets = 0;
  private readonly interfaces = new Map<string, number>();
  /** Of the moment that is being lived: a loss of one of them may still come. */
  private pending: Pending[] = [];
  private readonly lastOf = new Map<object, Pending>();

  constructor(private readonly write: (block: Uint8Array) => void) {
    write(sectionBlock());
  }

  passed(device: CapturedDevice, direction: 'in' | 'out', frame: Passing, at: SimTime): void {
    if (this.pending.length > 0 && this.pending[0]!.at < at) this.flush();
    const packet: Pending = { interface: this.interfaceOf(device), at, direction, comments: [],
      bytes: frame.buffer.slice(frame.start, frame.end) };
    this.pending.push(packet);
    this.lastOf.set(frame, packet);
  }

  /**
   * A frame was lost at a place. The comment stands at its last sight if that was in this moment; else, if `device` is
   * known and the frame can be read, the frame is shown there once more.
   */
  lost(comment: string, device: CapturedDevice | undefined, frame: Passing | undefined, at: SimTime): void {
    if (frame === undefined) return;
    const seen = this.lastOf.get(frame);
    if (seen !== undefined && seen.at === at) {
      seen.comments.push(comment);
      return;
    }
    if (device === undefined || markOf(frame.buffer, frame.start, frame.end) === undefined) return;
    this.passed(device, 'in', frame, at);
    this.lastOf.get(frame)!.comments.push(comment);
  }

  /** Writes what waits; to be called once more at the end. */
  flush(): void {
    for (const packet of this.pending) this.write(packetBlock(packet));
    this.packets += this.pending.length;
    this.pending = [];
    this.lastOf.clear();
  }

  private interfaceOf(device: CapturedDevice): number {
    let place = this.interfaces.get(device.key);
    if (place === undefined) {
      place = this.interfaces.size;
      this.interfaces.set(device.key, place);
      this.write(interfaceBlock(device));
    }
    return place;
  }
}

// Looking at frames without touching them: taps side by side, and packet sockets (AF_PACKET) as tcpdump opens them.

import type { SimTime } from '@netreel/sim';
import type { Frame } from '@netreel/wire';
import type { Tap } from './contract.js';
import type { DropReason } from './drop.js';
import type { Errno } from './sockets.js';
import type { LinkRow } from './tables.js';

/** Several taps where the kernel has room for one. */
export class TapFan implements Tap {
  constructor(readonly taps: readonly Tap[]) {}

  frame(direction: 'in' | 'out', link: LinkRow, frame: Frame): void {
    for (const tap of this.taps) tap.frame(direction, link, frame);
  }

  dropped(where: string, reason: DropReason, frame: Frame | undefined): void {
    for (const tap of this.taps) tap.dropped(where, reason, frame);
  }
}

/** One frame as a packet socket saw it. */
export interface CapturedFrame {
  readonly at: SimTime;
  readonly direction: 'in' | 'out';
  readonly link: LinkRow;
  /** The whole frame from its Ethernet header on; a copy. */
  readonly bytes: Uint8Array;
}

/** Frames that wait for a slow reader; those beyond are counted as lost, as `dropped by kernel`. */
const QUEUE_MAX = 1024;

export class PacketSocket implements Tap {
  onReadable: (() => void) | undefined;
  lost = 0;
  private queue: CapturedFrame[] = [];

  /** `link` 0: every link of the namespace. */
  constructor(private readonly netns: string, private readonly link: number, private readonly now: () => SimTime,
    private readonly closed: (socket: PacketSocket) => void) {}

  frame(direction: 'in' | 'out', link: LinkRow, frame: Frame): void {
    if (link.netns !== this.netns || (this.link !== 0 && link.index !== this.link)) return;
    if (this.queue.length === QUEUE_MAX) {
      this.lost++;
      return;
    }
    this.queue.push({ at: this.now(), direction, link, bytes: frame.buffer.slice(frame.start, frame.end) });
    this.onReadable?.();
  }

  dropped(): void {
    // A packet socket sees what passes, not what is lost.
  }

  readable(): boolean {
    return this.queue.length > 0;
  }

  receive(): CapturedFrame | undefined {
    return this.queue.shift();
  }

  takeError(): Errno | undefined {
    return undefined;
  }

  close(): void {
    this.queue = [];
    this.closed(this);
  }
}

// A line of limited bandwidth, held as "busy until": no agenda entry per frame. When each waiting frame will have left
// stands in a ring, so that the length of the queue is known at any moment.

import { type SimTime, serialisationNs } from '@netreel/sim';

/** txqueuelen of an Ethernet device. */
export const QUEUE_FRAMES_MAX = 1000;

export class Line {
  private busyUntil: SimTime = 0;
  private readonly leavesAt = new Float64Array(QUEUE_FRAMES_MAX);
  private first = 0;
  private count = 0;

  /** `bitsPerSecond` 0: no limit. */
  constructor(private readonly bitsPerSecond: number) {}

  /** Frames that have not left yet. */
  waiting(now: SimTime): number {
    while (this.count > 0 && this.leavesAt[this.first]! <= now) {
      this.first = this.first + 1 === QUEUE_FRAMES_MAX ? 0 : this.first + 1;
      this.count--;
    }
    return this.count;
  }

  /** How long until a frame of `sizeBytes` that is sent now has left; -1 when the queue is full. */
  send(sizeBytes: number, now: SimTime): number {
    if (this.bitsPerSecond === 0) return 0;
    if (this.waiting(now) === QUEUE_FRAMES_MAX) return -1;
    const from = this.busyUntil > now ? this.busyUntil : now;
    this.busyUntil = from + serialisationNs(sizeBytes, this.bitsPerSecond);
    const at = this.first + this.count;
    this.leavesAt[at >= QUEUE_FRAMES_MAX ? at - QUEUE_FRAMES_MAX : at] = this.busyUntil;
    this.count++;
    return this.busyUntil - now;
  }
}

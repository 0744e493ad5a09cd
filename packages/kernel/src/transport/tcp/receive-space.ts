// How much a connection may hold that its program has not read: as much as twice what the program takes in a round
// trip, as Linux tunes it (tcp_rmem).

import type { SimTime } from '@netreel/sim';

const FIRST_BYTES = 255 * 1024;
/** Half of tcp_rmem's six megabytes, of which Linux gives one half to headers and such. */
const MOST_BYTES = 3 * 1024 * 1024;

export class ReceiveSpace {
  sizeBytes = FIRST_BYTES;
  /** As the receiver sees it; 0: no sample. */
  private rttNs = 0;
  private since: SimTime = 0;
  private readBytes = 0;
  private readBefore = 0;

  /** A full segment answers what was sent so long ago. */
  sampled(ns: number): void {
    if (this.rttNs === 0 || ns < this.rttNs) this.rttNs = ns;
    else this.rttNs += Math.floor((ns - this.rttNs) / 8);
  }

  /** The program has read. */
  read(bytes: number, mss: number, now: SimTime): void {
    this.readBytes += bytes;
    if (this.rttNs === 0 || now - this.since < this.rttNs) return;
    if (this.readBytes > this.readBefore) {
      this.readBefore = this.readBytes;
      const wanted = 2 * this.readBytes + 16 * mss;
      if (wanted > this.sizeBytes) this.sizeBytes = wanted < MOST_BYTES ? wanted : MOST_BYTES;
    }
    this.readBytes = 0;
    this.since = now;
  }
}

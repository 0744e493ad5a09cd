// What was sent and is not acknowledged yet, segment by segment: where each one begins, when it went out last, and what
// is believed of it. In the order of the stream, and beside that in the order of sending, which RFC 8985 asks for.

import type { SimTime } from '@netreel/sim';
import { after, before } from './sequence.js';

const FIRST_SLOTS = 2;

/** One segment on its way. Objects stay with their slot of the ring and are filled again. */
export class SentSegment {
  start = 0;
  /** The number behind its last byte; a FIN counts. */
  end = 0;
  sentAt: SimTime = 0;
  /** Which sending of the connection that was: no two have the same number. */
  sending = 0;
  /** The other side says that it has it (RFC 2018). */
  sacked = false;
  lost = false;
  /** It was sent again, and that sending is not believed lost. */
  underWayAgain = false;
  everAgain = false;
  /** Neighbours in the order of sending; a segment leaves that order when it is sacked or believed lost. */
  older: SentSegment | undefined = undefined;
  newer: SentSegment | undefined = undefined;
  timed = false;
}

export class Scoreboard {
  /** Segments that wait for an acknowledgment. */
  count = 0;
  sackedCount = 0;
  lostCount = 0;
  againCount = 0;
  /** No segment before this place is lost and still to be sent again. */
  lostFrom = 0;
  oldest: SentSegment | undefined = undefined;
  private newest: SentSegment | undefined = undefined;
  private ring: SentSegment[] = [];
  private head = 0;
  private sendings = 0;

  /** Segments that are believed to be in the network: RFC 6675's pipe, RFC 9438's flight. */
  get inFlight(): number {
    return this.count - this.sackedCount - this.lostCount + this.againCount;
  }

  at(place: number): SentSegment {
    return this.ring[(this.head + place) & (this.ring.length - 1)]!;
  }

  append(start: number, end: number, now: SimTime): void {
    if (this.count === this.ring.length) this.grow();
    this.fill(this.ring[(this.head + this.count++) & (this.ring.length - 1)]!, start, end, now);
  }

  /** The first segment has been acknowledged. It stays readable until the next `append`. */
  takeFirst(): SentSegment {
    const first = this.ring[this.head]!;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    if (this.lostFrom > 0) this.lostFrom--;
    if (first.sacked) this.sackedCount--;
    if (first.lost) this.lostCount--;
    if (first.underWayAgain) this.againCount--;
    this.unlink(first);
    return first;
  }

  /** The place of the segment that holds `sequence`, or of the first one behind it. */
  placeOf(sequence: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (after(this.at(middle).end, sequence)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  sack(segment: SentSegment): void {
    segment.sacked = true;
    this.sackedCount++;
    if (segment.lost) this.lostCount--;
    if (segment.underWayAgain) this.againCount--;
    segment.lost = segment.underWayAgain = false;
    this.unlink(segment);
  }

  /** True when it was not believed lost before, or had been sent again since. */
  lose(segment: SentSegment): boolean {
    const news = !segment.lost || segment.underWayAgain;
    if (!segment.lost) this.lostCount++;
    if (segment.underWayAgain) this.againCount--;
    segment.lost = true;
    segment.underWayAgain = false;
    this.lostFrom = 0;
    this.unlink(segment);
    return news;
  }

  sentAgain(segment: SentSegment, now: SimTime): void {
    if (!segment.underWayAgain) this.againCount++;
    segment.underWayAgain = segment.everAgain = true;
    segment.sentAt = now;
    segment.sending = ++this.sendings;
    this.unlink(segment);
    this.link(segment);
  }

  /** The losses were none: what was marked is on its way. */
  unmarkLosses(): void {
    for (let place = 0; place < this.count; place++) this.at(place).lost = false;
    this.lostCount = 0;
  }

  /** RFC 2018 section 8: the receiver has thrown away what it reported. */
  forgetSacks(): void {
    for (let place = 0; place < this.count; place++) this.at(place).sacked = false;
    this.sackedCount = 0;
  }

  /** Cuts the segment at `place` in two, because the path takes less than it did. */
  split(place: number, cut: number): void {
    if (this.count === this.ring.length) this.grow();
    const mask = this.ring.length - 1;
    const spare = this.ring[(this.head + this.count) & mask]!;
    for (let to = this.count; to > place + 1; to--) this.ring[(this.head + to) & mask] = this.at(to - 1);
    this.ring[(this.head + place + 1) & mask] = spare;
    this.count++;
    const first = this.at(place);
    this.fill(spare, cut, first.end, first.sentAt);
    first.end = cut;
    spare.everAgain = first.everAgain;
    if (first.lost) this.lose(spare);
  }

  /** Takes off what lies before `una` of the first segment. */
  trim(una: number): void {
    const first = this.at(0);
    if (before(first.start, una)) first.start = una;
  }

  clear(): void {
    while (this.count > 0) this.takeFirst();
    this.ring = [];
    this.head = this.lostFrom = 0;
  }

  private fill(segment: SentSegment, start: number, end: number, now: SimTime): void {
    segment.start = start;
    segment.end = end;
    segment.sentAt = now;
    segment.sending = ++this.sendings;
    segment.sacked = segment.lost = segment.underWayAgain = segment.everAgain = false;
    this.link(segment);
  }

  private link(segment: SentSegment): void {
    segment.older = this.newest;
    segment.newer = undefined;
    segment.timed = true;
    if (this.newest === undefined) this.oldest = segment;
    else this.newest.newer = segment;
    this.newest = segment;
  }

  private unlink(segment: SentSegment): void {
    if (!segment.timed) return;
    const { older, newer } = segment;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.newest = older;
    else newer.older = older;
    segment.older = segment.newer = undefined;
    segment.timed = false;
  }

  private grow(): void {
    const { ring, head, count } = this;
    const size = ring.length === 0 ? FIRST_SLOTS : ring.length * 2;
    const grown: SentSegment[] = [];
    for (let slot = 0; slot < size; slot++) {
      grown.push(slot < count ? ring[(head + slot) & (ring.length - 1)]! : new SentSegment());
    }
    this.ring = grown;
    this.head = 0;
  }
}

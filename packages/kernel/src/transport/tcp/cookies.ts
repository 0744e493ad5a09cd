// SYN cookies: a listener whose queue is full answers and remembers nothing; what it would have remembered comes back
// with the third segment. RFC 4987 section 3.6. What a SYN offered rides in the low bits of the timestamp, as in Linux.

import { SECOND, type SimTime } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import { WINDOW_SHIFT, type TcpSide } from './connection.js';
import { type Secret, stampOffset } from './initial-sequence.js';
import type { SynOffer } from './options.js';
import type { Segment } from './segment.js';
import { plus } from './sequence.js';
import { type SegmentEnds, endsOf, transmitSyn } from './transmit.js';

/** What fits into three bits of a peer's segment size (those that most of the Internet has). */
const SIZES = [536, 1300, 1440, 1460] as const;
/** The minutes in which a cookie is good: this one and the one before. */
const PERIOD_NS = 60 * SECOND;
const PERIODS = 2;
const PLACE = 3;
const COUNTED = 4;
const LOW_24 = 0xff_ffff;
/** Low bits of a stamp: four of the window's scale (all ones: none), and one for SACK. */
const NO_SCALE = 0xf;
const SACK_BIT = 0x10;
const OPTION_BITS = 0x3f;
const TICK_NS = 1_000_000;

/** What a cookie brings back. */
export interface Remembered {
  readonly mss: number;
  readonly sack: boolean;
  /** -1: no scaling. */
  readonly scale: number;
  readonly stamps: boolean;
}

/** Answers a SYN. */
export function sendCookie(side: TcpSide, segment: Segment): void {
  const { options, sequence } = segment;
  const ends = endsOf(segment);
  const now = side.core.port.now();
  const acknowledgment = plus(sequence, 1);
  const cookie = cookieFor(side.secret, ends, acknowledgment, period(now), sizeIndex(options.mss));
  // Without a timestamp there is no place for the other options.
  const offer: SynOffer = options.stamped
    ? { sack: options.sackPermitted, shift: options.windowScale >= 0 ? WINDOW_SHIFT : -1,
      stamp: stampWith(side.secret, ends, now, options.windowScale, options.sackPermitted), echo: options.stamp }
    : { sack: false, shift: -1, stamp: -1, echo: 0 };
  transmitSyn(side, ends, cookie, acknowledgment, TCP_FLAG.syn | TCP_FLAG.ack, offer);
}

/** What the third segment brings back; undefined when it acknowledges no cookie. */
export function readCookie(side: TcpSide, segment: Segment): Remembered | undefined {
  const ends = endsOf(segment);
  const now = period(side.core.port.now());
  const cookie = plus(segment.acknowledgment, -1);
  for (let age = 0; age < PERIODS; age++) {
    for (let index = 0; index < SIZES.length; index++) {
      if (cookieFor(side.secret, ends, segment.sequence, now - age, index) !== cookie) continue;
      return remembered(side.secret, ends, segment, SIZES[index]!);
    }
  }
  return undefined;
}

function remembered(secret: Secret, ends: SegmentEnds, { options }: Segment, mss: number): Remembered {
  if (!options.stamped) return { mss, sack: false, scale: -1, stamps: false };
  const bits = plus(options.stampEcho, -stampOffset(secret, ends)) & OPTION_BITS;
  const scale = bits & NO_SCALE;
  return { mss, sack: (bits & SACK_BIT) !== 0, scale: scale === NO_SCALE ? -1 : scale, stamps: true };
}

function cookieFor(secret: Secret, ends: SegmentEnds, next: number, count: number, index: number): number {
  const counted = (secret.hash(ends, COUNTED + count) + index) & LOW_24;
  return (secret.hash(ends, PLACE) + next + (count << 24) + counted) >>> 0;
}

function period(now: SimTime): number {
  return Math.floor(now / PERIOD_NS);
}

/** The largest of the sizes that the peer takes. */
function sizeIndex(mss: number): number {
  let index = 0;
  for (let i = 1; i < SIZES.length; i++) if (SIZES[i]! <= mss) index = i;
  return index;
}

/** A stamp of now or a moment before, whose low bits say what the SYN offered. */
function stampWith(secret: Secret, ends: SegmentEnds, now: SimTime, scale: number, sack: boolean): number {
  const bits = (scale < 0 ? NO_SCALE : Math.min(scale, NO_SCALE - 1)) | (sack ? SACK_BIT : 0);
  const clock = Math.floor(now / TICK_NS);
  let stamp = clock - clock % (OPTION_BITS + 1) + bits;
  if (stamp > clock) stamp -= OPTION_BITS + 1;
  return plus(stampOffset(secret, ends), stamp);
}

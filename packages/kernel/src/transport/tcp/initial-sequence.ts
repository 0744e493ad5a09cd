// Where numbers begin, so that nobody who does not see them can guess them, and a connection that comes again between
// the same ends begins beyond the one before it. RFC 6528; timestamps: RFC 7323 section 5.4.

import type { RandomStream, SimTime } from '@netreel/sim';
import { addressWord } from '@netreel/wire';
import type { SegmentEnds } from './transmit.js';

/** M of RFC 6528 section 3 counts these. */
const TICK_NS = 64;

/** What one namespace alone knows. Drawn when it is first needed. */
export class Secret {
  private first = -1;
  private second = 0;

  constructor(private readonly random: RandomStream) {}

  /** F of RFC 6528 section 3, for some purpose. */
  hash({ local, localPort, remote, remotePort }: SegmentEnds, purpose: number): number {
    if (this.first < 0) {
      this.first = this.random.word();
      this.second = this.random.word();
    }
    let hash = mix(this.first ^ addressWord(local));
    hash = mix(hash + addressWord(remote) ^ purpose);
    hash = mix(hash ^ (localPort << 16 | remotePort));
    return mix(hash ^ this.second) >>> 0;
  }
}

const SEQUENCE = 1;
const STAMP = 2;
const NO_PORTS = { localPort: 0, remotePort: 0 };

/** ISN = M + F(ends, secret). */
export function initialSequence(secret: Secret, ends: SegmentEnds, now: SimTime): number {
  return (secret.hash(ends, SEQUENCE) + Math.floor(now / TICK_NS)) >>> 0;
}

/** The same for all connections between two addresses: their stamps go on from each other. */
export function stampOffset(secret: Secret, { local, remote }: SegmentEnds): number {
  return secret.hash({ local, remote, ...NO_PORTS }, STAMP);
}

/** Every bit of the input reaches every bit of the output. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

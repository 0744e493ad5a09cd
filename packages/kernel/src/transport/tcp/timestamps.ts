// Timestamps: round trips of what was sent twice, and protection against sequence numbers that have wrapped.
// RFC 7323 sections 3, 4 and 5 (PAWS).

import { MILLISECOND, SECOND, type SimTime } from '@netreel/sim';
import type { Connection } from './connection.js';
import { before, distance, plus } from './sequence.js';
import type { Segment } from './segment.js';

/** Section 5.5: what was heard longer ago than 24 days protects no more. */
const RECENT_LASTS_NS = 24 * 86_400 * SECOND;

/** Section 5.4: a clock of a millisecond; each connection's begins somewhere else. */
export function stampNow(connection: Connection): number {
  return stampAt(connection.stampOffset, connection.side.core.port.now());
}

export function stampAt(offset: number, now: SimTime): number {
  return plus(offset, Math.floor(now / MILLISECOND));
}

/** How long ago the stamp that came back was sent; -1 when it never was. */
export function sinceStamp(connection: Connection, echo: number): number {
  const elapsed = distance(stampNow(connection), echo);
  if (elapsed < 0) return -1;
  return elapsed === 0 ? MILLISECOND : elapsed * MILLISECOND;
}

/** Section 5.3 R1: an old segment of a former time round, by its stamp. */
export function isOld(connection: Connection, segment: Segment): boolean {
  if (!connection.stamps || !segment.options.stamped) return false;
  if (!before(segment.options.stamp, connection.recentStamp)) return false;
  return connection.side.core.port.now() - connection.recentStampAt < RECENT_LASTS_NS;
}

/** Section 4.3 (2): what the next acknowledgment echoes. */
export function noteStamp(connection: Connection, segment: Segment): void {
  const { options } = segment;
  if (!connection.stamps || !options.stamped || before(connection.acknowledgedTo, segment.sequence)) return;
  if (before(options.stamp, connection.recentStamp)) return;
  connection.recentStamp = options.stamp;
  connection.recentStampAt = connection.side.core.port.now();
}

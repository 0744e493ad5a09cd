// A loss that was none: what was believed lost had only been late. Told by timestamps (RFC 3522, Eifel detection), or
// by reports of what arrived twice (RFC 3708); answered as by RFC 4015.

import type { Connection } from './connection.js';
import { after, before } from './sequence.js';

/** What a connection needs to take a reduction back. */
export class Undo {
  /** Whether there is something to take back. */
  possible = false;
  /** SND.UNA when it began. */
  from = 0;
  /** Segments sent again that nobody has said to have arrived twice. */
  unproven = 0;
  /** Timestamp of the first segment that was sent again; -1 for none. */
  againStamp = -1;
  window = 0;
  threshold = 0;

  begin(una: number, resent: number): void {
    this.possible = true;
    this.from = una;
    this.unproven = resent > 0 ? resent : -1;
    this.againStamp = -1;
  }

  end(): void {
    this.possible = false;
    this.againStamp = -1;
  }

  sentAgain(stamp: number): void {
    if (this.againStamp < 0) this.againStamp = stamp;
    this.unproven = this.unproven < 0 ? 1 : this.unproven + 1;
  }

  /** The bytes up to `end` have arrived twice. */
  arrivedTwice(end: number, una: number): void {
    if (this.possible && this.unproven > 0 && !after(end, una) && after(end, this.from)) this.unproven--;
  }
}

/** Eifel: the acknowledgment answers what was sent before the first repetition. */
export function wasOnlyLate(connection: Connection): boolean {
  const { undo, news } = connection;
  return undo.againStamp >= 0 && news.echo >= 0 && before(news.echo, undo.againStamp);
}

export function mayUndo(connection: Connection): boolean {
  return connection.undo.possible && (connection.undo.unproven === 0 || wasOnlyLate(connection));
}

/** The window is as if nothing had happened. */
export function undoReduction(connection: Connection, unmark: boolean): void {
  const { undo } = connection;
  if (unmark) connection.sent.unmarkLosses();
  connection.cwnd = Math.max(connection.cwnd, undo.window);
  connection.ssthresh = Math.max(connection.ssthresh, undo.threshold);
  undo.end();
  // Whatever was late shows that this path changes the order.
  connection.rack.advanced = true;
}

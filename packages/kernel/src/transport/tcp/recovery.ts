// What an acknowledgment that is not quite in order means: the phases of loss recovery. RFC 5681 section 3.2, RFC 6675
// and RFC 8985 with SACK, RFC 6582 (NewReno) without it, RFC 5682 (F-RTO) after a timeout.

import type { Connection } from './connection.js';
import { DUPLICATES, detectLosses, isRecent, loseSegment } from './rack.js';
import { beginReduction, endReduction, rememberWindow } from './reduction.js';
import { hasUnsent } from './send.js';
import { after, before } from './sequence.js';
import { mayUndo, undoReduction, wasOnlyLate } from './undo.js';

export type Phase = 'open' | 'disorder' | 'recovery' | 'loss';

export class Recovery {
  phase: Phase = 'open';
  /** SND.NXT when the phase began: it ends when all before has been acknowledged. */
  high = 0;
  /** RFC 5682: whether the timeout may have been a false alarm still. */
  doubtful = false;
  /** Without SACK: segments that duplicates say have left the network (RFC 6582). */
  duplicates = 0;

  get isRepairing(): boolean {
    return this.phase === 'recovery' || this.phase === 'loss';
  }
}

/** What may be sent after an acknowledgment: what was lost, or something new first (F-RTO). */
export type Next = 'lost' | 'new' | 'nothing';

/** `news` are strange, or the connection is repairing already. */
export function respond(connection: Connection): Next {
  const { recovery, news, sent } = connection;
  if (sent.count > 0 && sent.at(0).sacked && news.advanced) giveUpSacks(connection);
  if (recovery.phase === 'recovery' && !before(connection.una, recovery.high)) {
    if (finishRecovery(connection)) return 'nothing';
    endReduction(connection);
    becomeOpen(connection);
  }
  if (!connection.sack) countDuplicates(connection);
  let next: Next = 'lost';
  switch (recovery.phase) {
    case 'recovery':
      if (news.advanced && undoPartly(connection)) return 'nothing';
      undoByReports(connection);
      identifyLosses(connection);
      if (connection.recovery.isRepairing) return 'lost';
      break;
    case 'loss':
      next = afterTimeout(connection);
      identifyLosses(connection);
      if (recovery.phase === 'loss' && !news.lostAgain) return next;
      break;
    default:
      undoByReports(connection);
      identifyLosses(connection);
  }
  if (sent.lostCount === 0) {
    if (!recovery.isRepairing) recovery.phase = sent.sackedCount > 0 || recovery.duplicates > 0 ? 'disorder' : 'open';
    return next;
  }
  enterRecovery(connection);
  return 'lost';
}

export function enterRecovery(connection: Connection): void {
  const { recovery, undo, rack } = connection;
  undo.begin(connection.una, connection.sent.againCount);
  if (!recovery.isRepairing) beginReduction(connection);
  recovery.phase = 'recovery';
  recovery.high = connection.nxt;
  rack.recoveryBegan();
}

/** RFC 6298 (5.4), RFC 5681 section 3.1: what is old is lost until shown otherwise. */
export function enterLoss(connection: Connection): void {
  const { recovery, sent, undo } = connection;
  const first = !recovery.isRepairing;
  const reneged = sent.count > 0 && sent.at(0).sacked;
  if (reneged) giveUpSacks(connection);
  for (let place = 0; place < sent.count; place++) {
    const segment = sent.at(place);
    if (place > 0 && !reneged && connection.sack && isRecent(connection, segment)) continue;
    loseSegment(connection, segment);
  }
  recovery.duplicates = 0;
  // Equation 4 holds for the first timeout of a window only.
  if (first || !after(recovery.high, connection.una) || (recovery.phase === 'loss' && connection.retries === 0)) {
    rememberWindow(connection);
    connection.ssthresh = connection.cubic.reduce(connection.cwnd);
    undo.begin(connection.una, sent.againCount);
  }
  connection.cubic.forget();
  connection.slowStart.restart();
  connection.cwnd = connection.inFlight + 1;
  // RFC 5682 section 3.1 step 1.
  recovery.doubtful = first || connection.retries > 0;
  recovery.phase = 'loss';
  recovery.high = connection.nxt;
}

/** RFC 5682 section 3.1, with SACK; then as in slow start. */
function afterTimeout(connection: Connection): Next {
  const { recovery, news } = connection;
  const recovered = !before(connection.una, recovery.high);
  if (news.advanced && undoTimeout(connection, false)) return 'lost';
  if (recovery.doubtful) {
    // Step 3 b: something that was never sent again has arrived.
    if (news.arrivedFirstTime && undoTimeout(connection, true)) return 'lost';
    if (after(connection.nxt, recovery.high)) {
      // Step 3 a: it was a loss.
      if (news.sackedNew > 0 || news.duplicate) recovery.doubtful = false;
    } else if (news.advanced && !recovered) {
      recovery.high = connection.nxt;
      // Step 2 b.
      if (hasUnsent(connection)) return 'new';
      recovery.doubtful = false;
    }
  }
  if (recovered) {
    if (mayUndo(connection)) undoReduction(connection, false);
    becomeOpen(connection);
    return 'lost';
  }
  if (!connection.sack && news.advanced) recovery.duplicates = 0;
  return 'lost';
}

function undoTimeout(connection: Connection, surely: boolean): boolean {
  if (!surely && !mayUndo(connection)) return false;
  undoReduction(connection, true);
  connection.retries = 0;
  connection.recovery.doubtful = false;
  becomeOpen(connection);
  return true;
}

function becomeOpen(connection: Connection): void {
  connection.recovery.phase = 'open';
  connection.recovery.duplicates = 0;
  connection.undo.againStamp = -1;
}

/** All that was under way has been acknowledged. True when nothing had been lost after all. */
function finishRecovery(connection: Connection): boolean {
  const possible = mayUndo(connection);
  if (possible) {
    undoReduction(connection, false);
    becomeOpen(connection);
  }
  return possible;
}

/** The first of several segments was only late: the others may be, too. */
function undoPartly(connection: Connection): boolean {
  const { undo, sent } = connection;
  if (!undo.possible || !wasOnlyLate(connection)) return false;
  connection.rack.reorderingSeen = true;
  // Until those sent again have been answered, nothing more goes again.
  if (sent.againCount > 0) return true;
  undoReduction(connection, true);
  becomeOpen(connection);
  return true;
}

/** RFC 3708: each segment that was sent again had arrived before. */
function undoByReports(connection: Connection): void {
  if (!connection.undo.possible || connection.undo.unproven !== 0) return;
  undoReduction(connection, false);
  if (connection.recovery.phase === 'recovery') becomeOpen(connection);
}

function identifyLosses(connection: Connection): void {
  if (connection.sack) return detectLosses(connection);
  const { recovery, news, sent } = connection;
  if (sent.count === 0) return;
  // RFC 6582 section 3.2: three duplicates, then the first one after each partial acknowledgment.
  const first = recovery.phase !== 'recovery' && recovery.phase !== 'loss' && recovery.duplicates >= DUPLICATES;
  const next = recovery.phase === 'recovery' && news.advanced;
  if ((first || next) && !sent.at(0).lost) loseSegment(connection, sent.at(0));
}

function countDuplicates(connection: Connection): void {
  const { recovery, news, sent } = connection;
  if (news.advanced) recovery.duplicates = Math.max(0, recovery.duplicates - Math.max(0, news.ackedCount - 1));
  if (news.advanced && recovery.phase !== 'recovery') recovery.duplicates = 0;
  if (news.duplicate) {
    recovery.duplicates++;
    news.delivered++;
  }
  recovery.duplicates = Math.min(recovery.duplicates, Math.max(0, sent.count - Math.max(1, sent.lostCount)));
}

/** RFC 2018 section 8: the first segment cannot be there while its acknowledgment is not. */
function giveUpSacks(connection: Connection): void {
  connection.sent.forgetSacks();
  connection.sacked.clear();
}

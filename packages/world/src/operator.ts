// Who acts on a lab from outside: a scenario, recorded inputs, a person. An operator is as deterministic as a node:
// what it orders next follows from what it saw, in virtual time.

import type { AnyRecord, HistoryRecord, SimTime } from '@netreel/sim';

/** Something that reaches a node from outside. */
export interface Order {
  readonly node: number;
  readonly at: SimTime;
  readonly body: AnyRecord;
}

export interface Operator {
  /**
   * When it gives its next order; NEVER while it waits for an answer, and once it is done. An order begins a window, so
   * whoever gives the recorded orders again gets the same windows: moments without an order belong to {@link wakeAt}.
   */
  nextAt(): SimTime;
  /** When it wants to be woken though it has no order to give: a pause is over, patience ended. Begins no window. */
  wakeAt(): SimTime;
  /** Everything before `now` was lived, and nothing else is due by then. */
  wake(now: SimTime): void;
  /** The orders for moments before `until`, in order; each is handed out once. */
  take(until: SimTime): readonly Order[];
  /** Shows it a record of a node's history that answers something (see {@link isAnswer}). */
  observe(node: number, record: HistoryRecord): void;
  /** A window was lived through. */
  windowEnded(until: SimTime): void;
  done(): boolean;
}

const ANSWERS: ReadonlySet<string> = new Set(['ApiBegun', 'ApiStreamed', 'ApiAnswered', 'HostCommandEnded']);
const LAST: ReadonlySet<string> = new Set(['ApiAnswered', 'HostCommandEnded']);

/** Whether an operator has to see the record. */
export function isAnswer(record: HistoryRecord): boolean {
  return record.kind === 'event' && ANSWERS.has(record.body.type);
}

/** Whether it is the last that the operator hears of its call. */
export function isLastAnswer(record: HistoryRecord): boolean {
  return LAST.has(record.body.type);
}

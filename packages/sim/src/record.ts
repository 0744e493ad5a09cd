// What a node leaves behind: inputs it took in, events that changed its tables, envelopes it sent. A commit is all
// of that for one window, whole or absent.

import type { AnyRecord } from './schema.js';
import type { SimTime } from './time.js';

/** What made something happen: a record of some node, by the node's index and the record's sequence. */
export interface Cause {
  readonly causeNode: number;
  readonly causeSequence: number;
}

/**
 * Fields that all records of a node's history share. `sequence` counts from 1 without gaps over inputs, events and
 * envelopes.
 */
export interface RecordHead extends Cause {
  readonly sequence: number;
  readonly at: SimTime;
}

/** Came from outside (a command, a fault); caused by itself. */
export interface InputRecord extends RecordHead {
  readonly kind: 'input';
  readonly body: AnyRecord;
}

/** Changed a table of this node. */
export interface EventRecord extends RecordHead {
  readonly kind: 'event';
  readonly body: AnyRecord;
}

/** Left for another node: sent at `at`, delivered at `arrivesAt`. */
export interface EnvelopeRecord extends RecordHead {
  readonly kind: 'envelope';
  /** Index of the receiving node. */
  readonly target: number;
  readonly arrivesAt: SimTime;
  readonly body: AnyRecord;
}

export type HistoryRecord = InputRecord | EventRecord | EnvelopeRecord;

/** An envelope on its way: what the sender recorded, and who the sender is. */
export interface Envelope {
  readonly source: number;
  readonly target: number;
  readonly sequence: number;
  readonly arrivesAt: SimTime;
  readonly body: AnyRecord;
}

/** All records of one node in one window of virtual time [from, until). Never empty. */
export interface Commit {
  readonly node: string;
  /** Counts a node's commits from 1. */
  readonly number: number;
  readonly from: SimTime;
  readonly until: SimTime;
  readonly records: readonly HistoryRecord[];
}

export { assert, unreachable, BrokenAssertion } from './assert.js';
export { NEVER, MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, assertTime, serialisationNs, parseDuration,
  formatTime } from './time.js';
export type { SimTime } from './time.js';
export { RandomStream, hexId } from './random.js';
export { Agenda, RANK, MAX_NODES } from './agenda.js';
export type { Handler, Ticket } from './agenda.js';
export { defineRecords, FIRST_RECORD_NUMBER } from './schema.js';
export type { Json, FrameBytes, FieldValues, FieldKind, RecordShape, RecordTable, RecordOf, AnyRecord }
  from './schema.js';
export type { Cause, RecordHead, InputRecord, EventRecord, EnvelopeRecord, HistoryRecord, Envelope, Commit }
  from './record.js';
export { suspended, startOperation } from './task.js';
export type { Suspension, Operation } from './task.js';
export { defineLab, Underlay } from './lab.js';
export type { NodeKind, NodeSpec, UnderlaySpec, LabSpec } from './lab.js';
export { isSeedChanged, runInputs } from './seed.js';
export type { RunInput } from './seed.js';
export { Machine } from './machine.js';
export type { Behaviour } from './machine.js';
export { foldCommits } from './fold.js';
export { DEFAULT_EPOCH_SECONDS, beginCalendar, epochSeconds } from './calendar.js';

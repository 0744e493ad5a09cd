// A run as a trace that Perfetto and chrome://tracing open (the JSON trace event format): a process for each node, a
// thread for each kind of record, calls as slices, messages as arrows.

import type { LabSpec } from '@netreel/sim';
import type { Placed } from './lab-fold.js';
import { RECORD_KINDS, type TimelineLine } from './timeline/timeline.js';

const NS_PER_US = 1_000;
const PHASE = { slice: 'X', instant: 'i', begin: 'b', end: 'e', arrowFrom: 's', arrowTo: 'f', name: 'M' } as const;

/** Between these two, by the number of their call, a call is under way. */
const BEGINS: ReadonlySet<string> = new Set(['ApiCalled', 'HostCommanded']);
const ENDS: ReadonlySet<string> = new Set(['ApiAnswered', 'HostCommandEnded']);

type TraceEvent = Readonly<Record<string, unknown>>;

const pid = (node: number): number => node + 1;
const tid = (kind: string): number => RECORD_KINDS.indexOf(kind) + 1;
const us = (at: number): number => at / NS_PER_US;

/** Names of processes and threads. */
export function* perfettoNames(lab: LabSpec): Generator<TraceEvent> {
  for (const [node, { name, kind }] of lab.nodes.entries()) {
    yield { ph: PHASE.name, name: 'process_name', pid: pid(node), args: { name: `${name} (${kind})` } };
    for (const each of RECORD_KINDS) {
      yield { ph: PHASE.name, name: 'thread_name', pid: pid(node), tid: tid(each), args: { name: each } };
    }
  }
}

/** What one record adds. */
export function* perfettoEvents({ record, node }: Placed, line: TimelineLine): Generator<TraceEvent> {
  const head = { pid: pid(node), tid: tid(line.kind), ts: us(record.at), cat: line.kind };
  const args = { record: record.sequence, ...(line.cause === undefined ? {} : { cause: line.cause }) };
  const { call } = record.body as { call?: number };
  if (call !== undefined && BEGINS.has(record.body.type)) {
    yield { ...head, ph: PHASE.begin, id: `${node}/${call}`, name: line.text, args };
  } else if (call !== undefined && ENDS.has(record.body.type)) {
    yield { ...head, ph: PHASE.end, id: `${node}/${call}`, name: line.text, args };
  } else if (record.kind === 'envelope') {
    const id = `${node}/${record.sequence}`;
    // A slice as short as can be: arrows need one at each end.
    yield { ...head, ph: PHASE.slice, dur: 0, name: line.text, args };
    yield { ...head, ph: PHASE.arrowFrom, id, name: record.body.type };
    const there = { ...head, pid: pid(record.target), ts: us(record.arrivesAt) };
    yield { ...there, ph: PHASE.slice, dur: 0, name: `${line.text} (here)`, args };
    yield { ...there, ph: PHASE.arrowTo, bp: 'e', id, name: record.body.type };
  } else {
    yield { ...head, ph: PHASE.instant, s: 't', name: line.text, args };
  }
}

// What is due, in the one total order of a node: (at, rank, source, sequence). Two entries never compare equal.
// A 4-ary heap on typed arrays: no object per entry, no comparison through a pointer.

import { assert } from './assert.js';
import { NEVER, assertTime, type SimTime } from './time.js';

/** What an agenda entry calls when its time has come. One long-lived object per device, socket or service. */
export interface Handler<Argument = unknown> {
  fire(argument: Argument): void;
}

/** Envelopes come before inputs, inputs before a node's own timers, when all are due at one moment. */
export const RANK = { envelope: 0, input: 1, timer: 2 } as const;

/** Names one entry for {@link Agenda.cancel}; worthless after the entry has fired. */
export type Ticket = number;

const ARITY = 4;
const SEQUENCE_SPAN = 0x100_0000_0000;
/** The highest node index the order key has room for. */
export const MAX_NODES = 2048;
const SLOT_SPAN = 0x400_0000;

export class Agenda {
  private capacity: number;
  private size = 0;
  private heapAt: Float64Array;
  private heapKey: Float64Array;
  private heapSlot: Int32Array;
  private readonly handlers: (Handler<never> | undefined)[] = [];
  private readonly argumentsOf: unknown[] = [];
  private causeNodes: Int32Array;
  private causeSequences: Float64Array;
  private generations: Float64Array;
  private freeSlots: Int32Array;
  private freeCount = 0;
  private slotCount = 0;

  // What the last pop() took out.
  at: SimTime = 0;
  handler: Handler<never> | undefined;
  argument: unknown;
  causeNode = 0;
  causeSequence = 0;

  constructor(capacity = 256) {
    this.capacity = capacity;
    this.heapAt = new Float64Array(capacity);
    this.heapKey = new Float64Array(capacity);
    this.heapSlot = new Int32Array(capacity);
    this.causeNodes = new Int32Array(capacity);
    this.causeSequences = new Float64Array(capacity);
    this.generations = new Float64Array(capacity);
    this.freeSlots = new Int32Array(capacity);
  }

  /** Entries that are due some time, cancelled ones that have not surfaced yet included. */
  get length(): number {
    return this.size;
  }

  /** Puts an entry in. `source` is a node's index, `sequence` that node's own counter for this rank. */
  push<A>(at: SimTime, rank: number, source: number, sequence: number, handler: Handler<A>, argument: A,
    causeNode: number, causeSequence: number): Ticket {
    assertTime(at);
    if (this.size === this.capacity) this.grow();
    const slot = this.freeCount > 0 ? this.freeSlots[--this.freeCount]! : this.slotCount++;
    this.handlers[slot] = handler as Handler<never>;
    this.argumentsOf[slot] = argument;
    this.causeNodes[slot] = causeNode;
    this.causeSequences[slot] = causeSequence;
    this.siftUp(this.size++, at, (rank * MAX_NODES + source) * SEQUENCE_SPAN + sequence, slot);
    return this.generations[slot]! * SLOT_SPAN + slot;
  }

  /** Takes an entry out before it fires. Harmless when it has fired already. */
  cancel(ticket: Ticket): void {
    const slot = ticket % SLOT_SPAN;
    if (this.generations[slot] !== (ticket - slot) / SLOT_SPAN) return;
    this.handlers[slot] = undefined;
    this.argumentsOf[slot] = undefined;
  }

  /** When the next live entry is due; {@link NEVER} when there is none. */
  nextAt(): SimTime {
    while (this.size > 0) {
      if (this.handlers[this.heapSlot[0]!] !== undefined) return this.heapAt[0]!;
      this.removeTop();
    }
    return NEVER;
  }

  /** Takes the next live entry out and leaves it in the public fields; false when there is none before `end`. */
  pop(end: SimTime): boolean {
    while (this.size > 0) {
      const at = this.heapAt[0]!;
      const slot = this.heapSlot[0]!;
      const handler = this.handlers[slot];
      if (handler !== undefined && at >= end) return false;
      this.argument = this.argumentsOf[slot];
      this.causeNode = this.causeNodes[slot]!;
      this.causeSequence = this.causeSequences[slot]!;
      this.removeTop();
      if (handler === undefined) continue;
      this.at = at;
      this.handler = handler;
      return true;
    }
    return false;
  }

  private removeTop(): void {
    const slot = this.heapSlot[0]!;
    this.handlers[slot] = undefined;
    this.argumentsOf[slot] = undefined;
    this.generations[slot] = this.generations[slot]! + 1;
    this.freeSlots[this.freeCount++] = slot;
    const last = --this.size;
    if (last > 0) this.siftDown(this.heapAt[last]!, this.heapKey[last]!, this.heapSlot[last]!);
  }

  private siftUp(from: number, at: SimTime, key: number, slot: number): void {
    const { heapAt, heapKey, heapSlot } = this;
    let hole = from;
    while (hole > 0) {
      const parent = ((hole - 1) / ARITY) | 0;
      const parentAt = heapAt[parent]!;
      if (parentAt < at) break;
      if (parentAt === at) {
        if (heapKey[parent] === key) assert(false, `two agenda entries with one order key at ${at}`);
        if (heapKey[parent]! < key) break;
      }
      heapAt[hole] = parentAt;
      heapKey[hole] = heapKey[parent]!;
      heapSlot[hole] = heapSlot[parent]!;
      hole = parent;
    }
    heapAt[hole] = at;
    heapKey[hole] = key;
    heapSlot[hole] = slot;
  }

  private siftDown(at: SimTime, key: number, slot: number): void {
    const { heapAt, heapKey, heapSlot, size } = this;
    let hole = 0;
    for (;;) {
      const first = hole * ARITY + 1;
      if (first >= size) break;
      let least = first;
      const end = first + ARITY < size ? first + ARITY : size;
      for (let child = first + 1; child < end; child++) {
        const childAt = heapAt[child]!;
        const leastAt = heapAt[least]!;
        if (childAt < leastAt || (childAt === leastAt && heapKey[child]! < heapKey[least]!)) least = child;
      }
      const leastAt = heapAt[least]!;
      if (leastAt > at || (leastAt === at && heapKey[least]! > key)) break;
      heapAt[hole] = leastAt;
      heapKey[hole] = heapKey[least]!;
      heapSlot[hole] = heapSlot[least]!;
      hole = least;
    }
    heapAt[hole] = at;
    heapKey[hole] = key;
    heapSlot[hole] = slot;
  }

  private grow(): void {
    const capacity = this.capacity * 2;
    assert(capacity < SLOT_SPAN, `more than ${SLOT_SPAN} agenda entries`);
    this.capacity = capacity;
    this.heapAt = widened(this.heapAt, new Float64Array(capacity));
    this.heapKey = widened(this.heapKey, new Float64Array(capacity));
    this.heapSlot = widened(this.heapSlot, new Int32Array(capacity));
    this.causeNodes = widened(this.causeNodes, new Int32Array(capacity));
    this.causeSequences = widened(this.causeSequences, new Float64Array(capacity));
    this.generations = widened(this.generations, new Float64Array(capacity));
    this.freeSlots = widened(this.freeSlots, new Int32Array(capacity));
  }
}

function widened<T extends Float64Array | Int32Array>(old: T, wide: T): T {
  wide.set(old);
  return wide;
}

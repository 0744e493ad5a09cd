// A node as a deterministic machine: inputs and envelopes in, events and envelopes out, all in one total order.
// What the node is (a host, the overlay coordinator, a router) is its Behaviour; this file is the loop around it.

import { Agenda, RANK, type Handler, type Ticket } from './agenda.js';
import { assert } from './assert.js';
import { beginCalendar } from './calendar.js';
import { type LabSpec, Underlay } from './lab.js';
import { RandomStream, hexId } from './random.js';
import type { Cause, Commit, Envelope, HistoryRecord } from './record.js';
import type { AnyRecord } from './schema.js';
import { isSeedChanged } from './seed.js';
import type { SimTime } from './time.js';

/** What a node does with what reaches it, and how an event changes its tables. */
export interface Behaviour {
  /** The first thing a run does, at time 0: the state a freshly booted machine comes up with. */
  boot(): void;
  onInput(body: AnyRecord): void;
  onEnvelope(envelope: Envelope): void;
  /** Applies one event, which happened at `at`, to the tables: total, trivial, the only writer of tables. */
  evolve(event: AnyRecord, at: SimTime): void;
}

// Where every frame passes, the text of an assertion is built only once it is broken: it costs more than the step.

/** Longer chains of things that happen at one single moment are a loop, not a network. */
const STEPS_AT_ONE_MOMENT_MAX = 1_000_000;

export class Machine {
  readonly name: string;
  /** What chance follows; a fork changes it. */
  seed: number;
  readonly underlay: Underlay;
  private readonly agenda = new Agenda();
  private behaviour: Behaviour | undefined;
  private readonly streams = new Map<string, RandomStream>();
  private readonly idCounters = new Map<string, number>();
  private records: HistoryRecord[] = [];
  private clock: SimTime = 0;
  private ranUntil: SimTime = 0;
  private sequence = 0;
  private timers = 0;
  private inputs = 0;
  private commits = 0;
  private causeNode: number;
  private causeSequence = 0;
  private readonly envelopeHandler: Handler<Envelope> = { fire: (envelope) => this.live().onEnvelope(envelope) };
  private readonly inputHandler: Handler<AnyRecord> = { fire: (body) => this.take(body) };
  private readonly bootHandler: Handler<undefined> = { fire: () => this.live().boot() };

  /** With `recording` off nothing is kept for a journal: for benches, and for throw-away forks. */
  constructor(readonly lab: LabSpec, readonly index: number, private readonly recording = true) {
    const node = lab.nodes[index];
    assert(node !== undefined, `no node ${index} in the lab`);
    this.name = node.name;
    this.seed = lab.seed;
    beginCalendar(lab.epochSeconds);
    this.underlay = new Underlay(lab);
    this.causeNode = index;
  }

  /** Gives the machine its behaviour; its boot is due at time 0. */
  become(behaviour: Behaviour): void {
    assert(this.behaviour === undefined, `${this.name} has a behaviour already`);
    this.behaviour = behaviour;
    this.agenda.push(0, RANK.timer, this.index, this.timers++, this.bootHandler, undefined, this.index, 0);
  }

  // --- seen from the behaviour ---

  /** The moment that is being lived. */
  now(): SimTime {
    return this.clock;
  }

  /** What is being dealt with: an input or an envelope, or nothing but time that passes after the boot. */
  cause(): Cause {
    return { causeNode: this.causeNode, causeSequence: this.causeSequence };
  }

  /** Records an event and applies it. The only way a table changes. */
  emit(event: AnyRecord): void {
    const sequence = ++this.sequence;
    if (this.recording) {
      this.records.push({ kind: 'event', sequence, at: this.clock,
        causeNode: this.causeNode, causeSequence: this.causeSequence, body: event });
    }
    this.live().evolve(event, this.clock);
  }

  /** Hands `body` to the underlay: it reaches `target` after `waitNs` at this node's NIC and the delay of the link. */
  send(target: number, body: AnyRecord, waitNs = 0): Envelope {
    if (target === this.index) assert(false, `${this.name} sends itself an envelope`);
    const sequence = ++this.sequence;
    const arrivesAt = this.clock + waitNs + this.underlay.delayNs(this.index, target);
    const envelope: SentEnvelope = { kind: 'envelope', sequence, at: this.clock, causeNode: this.causeNode,
      causeSequence: this.causeSequence, source: this.index, target, arrivesAt, body };
    this.sent.push(envelope);
    if (this.recording) this.records.push(envelope);
    return envelope;
  }

  /** Calls `handler` at `at` (now or later), as a consequence of what is being handled. */
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket {
    if (at < this.clock) assert(false, `${this.name} looks back: ${at} is before ${this.clock}`);
    return this.agenda.push(at, RANK.timer, this.index, this.timers++, handler, argument, this.causeNode,
      this.causeSequence);
  }

  cancel(ticket: Ticket): void {
    this.agenda.cancel(ticket);
  }

  /** The node's own sequence of draws for one purpose, such as `link/host2/loss`. */
  random(purpose: string): RandomStream {
    let stream = this.streams.get(purpose);
    if (stream === undefined) {
      stream = new RandomStream(this.seed, `${this.name}/${purpose}`);
      this.streams.set(purpose, stream);
    }
    return stream;
  }

  /** The node's next identity of a kind: `digits` hexadecimal digits from (seed, node, kind, counter). */
  newId(kind: string, digits = 64): string {
    const counter = this.idCounters.get(kind) ?? 0;
    this.idCounters.set(kind, counter + 1);
    return hexId(this.seed, `${this.name}/${kind}/${counter}`, digits);
  }

  // --- seen from whoever drives the machine ---

  private sent: SentEnvelope[] = [];

  /** When the node has something to do next, as far as it knows. */
  nextAt(): SimTime {
    return this.agenda.nextAt();
  }

  /** An input from outside, to act at `at`: not before the end of the last window. */
  admit(at: SimTime, body: AnyRecord): void {
    assert(at >= this.ranUntil,
      `input at ${at} reaches ${this.name} behind its window, which ended at ${this.ranUntil}`);
    this.agenda.push(at, RANK.input, this.index, this.inputs++, this.inputHandler, body, this.index, 0);
  }

  /** An envelope of another node; its delivery never lies in a window that was already run. */
  accept(envelope: Envelope): void {
    const { source, sequence, target, arrivesAt } = envelope;
    if (target !== this.index) assert(false, `${this.name} was given an envelope for node ${target}`);
    if (arrivesAt < this.ranUntil) {
      assert(false, `envelope at ${arrivesAt} reaches ${this.name} behind its window, which ended at ${this.ranUntil}`);
    }
    this.agenda.push(arrivesAt, RANK.envelope, source, sequence, this.envelopeHandler, envelope, source, sequence);
  }

  /** Lives through everything due before `until`. */
  run(until: SimTime): void {
    assert(until >= this.ranUntil, `${this.name} ran until ${this.ranUntil} already`);
    const { agenda } = this;
    let steps = 0;
    while (agenda.pop(until)) {
      const { at } = agenda;
      if (at === this.clock) {
        if (++steps === STEPS_AT_ONE_MOMENT_MAX) assert(false, `${this.name} does not get past ${at} ns`);
      } else {
        if (at < this.clock) assert(false, `time of ${this.name} goes back to ${at} from ${this.clock}`);
        this.clock = at;
        steps = 0;
      }
      this.causeNode = agenda.causeNode;
      this.causeSequence = agenda.causeSequence;
      agenda.handler!.fire(agenda.argument as never);
    }
    this.ranUntil = until;
  }

  /** The envelopes sent since the last call, in order. */
  takeEnvelopes(): readonly Envelope[] {
    if (this.sent.length === 0) return NOTHING;
    const sent = this.sent;
    this.sent = [];
    return sent;
  }

  /** What happened since the last call as a commit; undefined when nothing did. */
  takeCommit(from: SimTime, until: SimTime): Commit | undefined {
    if (this.records.length === 0) return undefined;
    const records = this.records;
    this.records = [];
    return { node: this.name, number: ++this.commits, from, until, records };
  }

  private take(body: AnyRecord): void {
    const sequence = ++this.sequence;
    this.causeNode = this.index;
    this.causeSequence = sequence;
    if (this.recording) {
      this.records.push(
        { kind: 'input', sequence, at: this.clock, causeNode: this.index, causeSequence: sequence, body });
    }
    if (isSeedChanged(body)) this.follow(body.seed);
    else this.live().onInput(body);
  }

  private follow(seed: number): void {
    this.seed = seed;
    for (const stream of this.streams.values()) stream.follow(seed);
  }

  private live(): Behaviour {
    if (this.behaviour === undefined) assert(false, `${this.name} has no behaviour yet`);
    return this.behaviour;
  }
}

const NOTHING: readonly Envelope[] = [];

interface SentEnvelope extends Envelope {
  readonly kind: 'envelope';
  readonly at: SimTime;
  readonly causeNode: number;
  readonly causeSequence: number;
}

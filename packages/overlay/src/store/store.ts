// The strongly consistent half of what spans hosts: one order of decisions. Hosts ask by message; the underlay may
// lose, repeat and reorder what they send, so every request has a number and is decided once, whichever manager leads
// then.

import type { Json, SimTime } from '@netreel/sim';
import type { Transaction } from '../control/ledger.js';
import type { StoreEvent } from '../events.js';
import type { StoreAnswered, StoreAsked } from '../messages.js';
import { decide, isReading, type DecisionContext, type Standing } from './decide.js';
import type { StoreTables } from './tables.js';

/** What the store asks of its node. */
export interface StorePort {
  now(): SimTime;
  newId(kind: string, digits?: number): string;
  /** Has the changes that `decide` answers with recorded and applied, one transaction after the other. */
  submit(decide: Transaction, settled: () => void): void;
  send(target: number, message: StoreAnswered): void;
  /** How the managers stand. */
  standing(): Standing;
}

export class Store {
  /** Requests that came so late that their number was forgotten. */
  outdated = 0;

  constructor(private readonly port: StorePort, private readonly tables: StoreTables) {}

  /** A host asks; `host` is the envelope's source. */
  onMessage(host: number, { request, operation, body }: StoreAsked): void {
    if (isReading(operation)) {
      this.answer(host, request, decide(this.tables, operation, body, this.contextOf(host, request)).answer);
      return;
    }
    const known = this.tables.answered.get(host);
    if (known !== undefined && request <= known.floor && !known.answers.has(request)) {
      // Decided long ago or not at all: nobody can tell any more, and the asker has given up.
      this.outdated++;
      return;
    }
    this.port.submit(() => {
      // Repeated, perhaps while it waited for its turn: what was decided once stays.
      if (this.decided(host, request) !== undefined) return [];
      const decision = decide(this.tables, operation, body, this.contextOf(host, request));
      const decided: StoreEvent = { type: 'StoreRequestDecided', host, request, answer: decision.answer };
      return [...decision.events, decided];
    }, () => this.answer(host, request, this.decided(host, request)!));
  }

  private decided(host: number, request: number): Json | undefined {
    return this.tables.answered.get(host)?.answers.get(request);
  }

  private answer(host: number, request: number, body: Json): void {
    this.port.send(host, { type: 'StoreAnswered', request, body });
  }

  private contextOf(host: number, request: number): DecisionContext {
    return { now: this.port.now(), host, request, newId: (kind, digits) => this.port.newId(kind, digits),
      standing: this.port.standing() };
  }
}

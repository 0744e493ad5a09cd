// The strongly consistent half of what spans hosts: one node, one order of decisions. Hosts ask by message; the
// underlay may lose, repeat and reorder what they send, so every request has a number and is decided once.

import type { Json, NodeSpec, SimTime } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import type { StoreAnswered, StoreAsked } from '../messages.js';
import { decide, isReading, type DecisionContext } from './decide.js';
import { createNetwork } from './network.js';
import type { StoreTables } from './tables.js';

/** What the store asks of its node. */
export interface StorePort {
  readonly nodes: readonly NodeSpec[];
  now(): SimTime;
  newId(kind: string, digits?: number): string;
  /** Records the event and applies it to the tables. */
  emit(event: StoreEvent): void;
  send(target: number, message: StoreAnswered): void;
}

export class Store {
  /** Requests that came so late that their number was forgotten. */
  outdated = 0;

  constructor(private readonly port: StorePort, private readonly tables: StoreTables) {}

  /** A new cluster has its routing mesh network from the start: the first default pool and the first VNI fall to it. */
  boot(): void {
    if (this.tables.networks.size > 0) return;
    const decision = createNetwork(this.tables, { name: 'ingress', attachable: false, internal: false, encrypted: false,
      ingress: true, subnets: [], options: {}, labels: {} }, this.contextOf(-1, 0));
    for (const event of decision.events) this.port.emit(event);
  }

  /** A host asks; `host` is the envelope's source. */
  onMessage(host: number, { request, operation, body }: StoreAsked): void {
    if (isReading(operation)) {
      this.answer(host, request, decide(this.tables, operation, body, this.contextOf(host, request)).answer);
      return;
    }
    const known = this.tables.answered.get(host);
    const repeated = known?.answers.get(request);
    if (repeated !== undefined) {
      this.answer(host, request, repeated);
      return;
    }
    if (known !== undefined && request <= known.floor) {
      // Decided long ago or not at all: nobody can tell any more, and the asker has given up.
      this.outdated++;
      return;
    }
    const decision = decide(this.tables, operation, body, this.contextOf(host, request));
    for (const event of decision.events) this.port.emit(event);
    this.port.emit({ type: 'StoreRequestDecided', host, request, answer: decision.answer });
    this.answer(host, request, decision.answer);
  }

  private answer(host: number, request: number, body: Json): void {
    this.port.send(host, { type: 'StoreAnswered', request, body });
  }

  private contextOf(host: number, request: number): DecisionContext {
    return { now: this.port.now(), host, request, newId: (kind, digits) => this.port.newId(kind, digits) };
  }
}

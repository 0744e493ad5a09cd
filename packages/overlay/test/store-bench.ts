// Given, when, then for the store: events that happened, a request, the events and the answer that follow.

import type { Json, NodeSpec } from '@netreel/sim';
import { hexId } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { StoreEvent } from '../src/events.js';
import type { StoreAnswered } from '../src/messages.js';
import { foundCluster } from '../src/store/cluster/cluster.js';
import { evolveStore } from '../src/store/evolve.js';
import type { OverlayNetwork, OverlayNetworkSpec, StoreAnswer } from '../src/store/objects.js';
import { Store } from '../src/store/store.js';
import { emptyStoreTables } from '../src/store/tables.js';

export const NODES: readonly NodeSpec[] = ['host1', 'host2', 'host3', 'overlay'].map((name, index) =>
  ({ name, kind: name === 'overlay' ? 'overlay' : 'host', address: 0xc0a8410b + index, mac: 0x0242c0a8410b + index }));

export class StoreBench {
  readonly tables = emptyStoreTables();
  readonly events: StoreEvent[] = [];
  readonly sent: { readonly target: number; readonly message: StoreAnswered }[] = [];
  now = 0;
  readonly store: Store;
  private ids = 0;
  private requests = 0;

  constructor() {
    this.store = new Store({
      now: () => this.now,
      newId: (kind, digits = 64) => hexId(7, `${kind}/${this.ids++}`, digits),
      submit: (decide, settled) => {
        for (const event of decide()) this.emit(event);
        settled();
      },
      send: (target, message) => this.sent.push({ target, message }),
      standing: () => ({ voters: [3], leader: 3, unreachable: [] }),
    }, this.tables);
    const context = { now: 0, host: 3, request: 0, standing: { voters: [3], leader: 3, unreachable: [] },
      newId: (kind: string, digits = 64) => hexId(7, `${kind}/${this.ids++}`, digits) };
    for (const event of foundCluster(this.tables, 'lab', {}, context)) this.emit(event);
  }

  private emit(event: StoreEvent): void {
    this.events.push(event);
    evolveStore(this.tables, event);
  }

  /** Sends one request as host `host` and gives the answer. */
  ask(host: number, operation: string, body: Json, request = ++this.requests): StoreAnswer<Json> {
    const before = this.sent.length;
    this.store.onMessage(host, { type: 'StoreAsked', request, operation, body });
    if (this.sent.length === before) throw new Error('the store did not answer');
    return this.sent[before]!.message.body as unknown as StoreAnswer<Json>;
  }

  value<T>(host: number, operation: string, body: Json): T {
    const answer = this.ask(host, operation, body);
    if (!answer.ok) throw new Error(answer.message);
    return answer.value as T;
  }

  create(name: string, more: Partial<OverlayNetworkSpec> = {}): OverlayNetwork {
    return this.value(0, 'CreateNetwork', specOf(name, more));
  }

  /** The address in turn, as text; the refusal's text when there is none. */
  take(network: string, owner: string, host = 0, wanted: number | null = null): string {
    const answer = this.ask(host, 'TakeAddress', { network, owner, wanted });
    return answer.ok ? formatIpv4((answer.value as { address: number }).address) : answer.message;
  }

  networks(): readonly OverlayNetwork[] {
    return this.value(0, 'ListNetworks', null);
  }
}

export function specOf(name: string, more: Partial<OverlayNetworkSpec> = {}): OverlayNetworkSpec {
  return { name, attachable: true, internal: false, encrypted: false, subnets: [], options: {}, labels: {}, ...more };
}

export function subnetOf(subnet: string, gateway = '', range = ''): OverlayNetworkSpec['subnets'][number] {
  return { subnet, gateway, range };
}

// Finding a network by what people type: its id, its name, or the start of its id.

import { refuse, type Refusal, isRefusal, fromStore } from '../refusal.js';
import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import type { OverlayNetwork } from '../port.js';
import type { EngineTables, NetworkRow } from '../tables.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The bridge by which containers get out that are on overlays only. */
export const GATEWAY_BRIDGE = 'docker_gwbridge';

const PREDEFINED = ['bridge', 'host', 'none', 'default'];

/** Whether a network comes with every engine and stays. */
export function isPredefined(name: string): boolean {
  return PREDEFINED.includes(name);
}

/** Whether names, aliases and addresses of one's own are allowed on the network of this name. */
export function isUserDefined(name: string): boolean {
  return !isPredefined(name);
}

/** The one network that `reference` means; Docker's refusal when it is none or several. */
export function pickNetwork<T extends Named>(networks: readonly T[], reference: string): T | Refusal {
  const exact = networks.find((network) => network.id === reference);
  if (exact !== undefined) return exact;
  const named = networks.filter((network) => network.name === reference);
  if (named.length === 1) return named[0]!;
  if (named.length > 1) {
    return refuse('InvalidParameter', `network ${reference} is ambiguous (${named.length} matches found on name)`);
  }
  const started = reference === '' ? [] : networks.filter((network) => network.id.startsWith(reference));
  if (started.length === 1) return started[0]!;
  if (started.length > 1) {
    return refuse('InvalidParameter',
      `network ${reference} is ambiguous (${started.length} matches found based on ID prefix)`);
  }
  return refuse('NotFound', `network ${reference} not found`);
}

/** A network that this host has. */
export function findNetwork(tables: EngineTables, reference: string): NetworkRow | Refusal {
  return pickNetwork([...tables.networks.values()], reference);
}

/** A network of this host, or an overlay that only the store knows so far. */
export function* findAnywhere(core: EngineCore, reference: string): Operation<NetworkRow | OverlayNetwork | Refusal> {
  const local = findNetwork(core.tables, reference);
  if (!isRefusal(local) || local.kind !== 'NotFound') return local;
  const answer = fromStore(yield* core.port.store.networks());
  // No store within reach: nobody here knows such a network.
  if (isRefusal(answer)) return local;
  return pickNetwork(answer.value, reference);
}

/** Whether a found network has no row on this host yet. */
export function isElsewhere(network: NetworkRow | OverlayNetwork): network is OverlayNetwork {
  return !('ipam' in network);
}

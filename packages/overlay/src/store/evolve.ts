// How an event changes the store's tables: the only writer of them.

import { unreachable, type RecordOf } from '@netreel/sim';
import { inSubnet } from '@netreel/wire';
import { networkEvents, type StoreEvent } from '../events.js';
import type { OverlayNetworkSpec, SubnetSpec } from './objects.js';
import { poolOf } from './pool.js';
import { evolveSwarm } from './swarm-evolve.js';
import type { SwarmEvent } from './swarm-events.js';
import type { StoreTables } from './tables.js';

/** How many answers are remembered for each host. */
export const ANSWERS_KEPT = 256;

export function evolveStore(tables: StoreTables, event: StoreEvent): void {
  tables.version++;
  if (Object.hasOwn(networkEvents, event.type)) evolveNetworks(tables, event as NetworkEvent);
  else evolveSwarm(tables, event as SwarmEvent);
}

type NetworkEvent = RecordOf<typeof networkEvents>;

function evolveNetworks(tables: StoreTables, event: NetworkEvent): void {
  switch (event.type) {
    case 'StoreNetworkCreated':
      tables.networks.set(event.id, {
        id: event.id, name: event.name, ingress: event.ingress, spec: event.spec as unknown as OverlayNetworkSpec,
        createdAt: event.createdAt, vnis: [], pools: [], taken: new Map(),
      });
      tables.names.set(event.name, event.id);
      return;
    case 'StoreNetworkAllocated': {
      const row = tables.networks.get(event.network)!;
      row.vnis = event.vnis;
      const typed = row.spec.subnets;
      row.pools = (event.subnets as unknown as readonly SubnetSpec[]).map((subnet, index) =>
        poolOf(subnet, (typed[index]?.gateway ?? '') === ''));
      tables.nextPool = event.nextPool;
      tables.nextVni = event.nextVni;
      return;
    }
    case 'StoreNetworkRemoved': {
      const row = tables.networks.get(event.id)!;
      tables.networks.delete(event.id);
      tables.names.delete(row.name);
      return;
    }
    case 'StoreAddressTaken':
      return takeAddress(tables, event);
    case 'StoreAddressReleased': {
      const { taken } = tables.networks.get(event.network)!;
      const row = taken.get(event.address);
      taken.delete(event.address);
      if (row?.swarm === true) letGo(tables, row.owner, event.network, event.address);
      return;
    }
    case 'StoreRequestDecided': {
      let row = tables.answered.get(event.host);
      if (row === undefined) tables.answered.set(event.host, row = { answers: new Map(), floor: 0 });
      row.answers.set(event.request, event.answer);
      if (row.answers.size <= ANSWERS_KEPT) return;
      const oldest = row.answers.keys().next().value!;
      row.answers.delete(oldest);
      if (oldest > row.floor) row.floor = oldest;
      return;
    }
    default:
      unreachable(event);
  }
}

function takeAddress(tables: StoreTables, event: Extract<NetworkEvent, { type: 'StoreAddressTaken' }>): void {
  const { network, address, owner, host, task, request, swarm } = event;
  const row = tables.networks.get(network)!;
  row.taken.set(address, { address, owner, host, task, request, swarm });
  if (swarm) tables.held.set(owner, [...tables.held.get(owner) ?? [], { network, address }]);
  if (!event.serial) return;
  const pool = row.pools.find((candidate) => inSubnet(address, candidate.network, candidate.prefix))!;
  pool.cursor = address + 1;
}

function letGo(tables: StoreTables, owner: string, network: string, address: number): void {
  const left = (tables.held.get(owner) ?? []).filter((each) => each.network !== network || each.address !== address);
  if (left.length > 0) tables.held.set(owner, left);
  else tables.held.delete(owner);
}

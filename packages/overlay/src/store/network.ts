// Deciding about networks: create, remove, list.

import type { Json } from '@netreel/sim';
import { inSubnet, parseCidr, parseIpv4 } from '@netreel/wire';
import type { StoreEvent } from '../events.js';
import { allocate, occupancyOf, type Allocation } from './allocate.js';
import type { Decision, DecisionContext } from './decide.js';
import { swarmId } from './identity.js';
import { networksOf } from './service/spec.js';
import type { OverlayNetwork, OverlayNetworkSpec, StoreRefusal } from './objects.js';
import { grpcRefusal, refusal } from './refusal.js';
import { findNetwork, type StoreNetworkRow, type StoreTables } from './tables.js';

const NAME_LENGTH_MAX = 63;

export function createNetwork(tables: StoreTables, spec: OverlayNetworkSpec, context: DecisionContext): Decision {
  const flaw = flawOf(tables, spec);
  if (flaw !== undefined) return { events: [], answer: flaw };
  const id = swarmId(context.newId, 'network');
  const ingress = spec.ingress === true;
  const events: StoreEvent[] = [
    { type: 'StoreNetworkCreated', id, name: spec.name, ingress, spec: spec as Json, createdAt: context.now },
  ];
  const allocation = allocate(occupancyOf(tables), spec);
  if (allocation !== undefined) events.push(allocated(id, allocation));
  const network = answered(id, spec, context.now, allocation?.vnis ?? [], allocation?.subnets ?? []);
  return { events, answer: { ok: true, value: network } };
}

export function removeNetwork(tables: StoreTables, idOrName: string): Decision {
  const row = findNetwork(tables, idOrName);
  if (row === undefined) return { events: [], answer: grpcRefusal('NotFound', `network ${idOrName} not found`) };
  const service = [...tables.services.values()].find(({ spec }) => networksOf(spec).some(({ target }) =>
    target === row.id));
  if (service !== undefined) {
    return { events: [], answer: grpcRefusal('FailedPrecondition',
      `network ${row.id} is in use by service ${service.id}`) };
  }
  let user = '';
  for (const { task } of row.taken.values()) if (task !== '' && (user === '' || task < user)) user = task;
  if (user !== '') {
    return { events: [], answer: grpcRefusal('FailedPrecondition', `network ${row.id} is in use by task ${user}`) };
  }
  const events: StoreEvent[] = [{ type: 'StoreNetworkRemoved', id: row.id }];
  // Room was made: networks that wait for some are tried again, oldest first.
  const occupancy = occupancyOf(tables, row.id);
  for (const waiting of tables.networks.values()) {
    if (waiting.id === row.id || waiting.pools.length > 0) continue;
    const allocation = allocate(occupancy, waiting.spec);
    if (allocation !== undefined) events.push(allocated(waiting.id, allocation));
  }
  return { events, answer: { ok: true, value: null } };
}

/** All networks as hosts see them, in the order of their creation. */
export function overlayNetworks(tables: StoreTables): OverlayNetwork[] {
  return [...tables.networks.values()].map(shown);
}

export function listNetworks(tables: StoreTables): Decision {
  return { events: [], answer: { ok: true, value: overlayNetworks(tables) } };
}

function shown(row: StoreNetworkRow): OverlayNetwork {
  return answered(row.id, row.spec, row.createdAt, row.vnis, row.pools.map((pool) => pool.typed));
}

function answered(id: string, spec: OverlayNetworkSpec, createdAt: number, vnis: readonly number[],
  subnets: OverlayNetwork['subnets']): OverlayNetwork {
  return { id, name: spec.name, attachable: spec.attachable, internal: spec.internal, encrypted: spec.encrypted,
    ingress: spec.ingress === true, subnets, options: spec.options, labels: spec.labels, vni: vnis[0] ?? 0, vnis,
      createdAt };
}

function allocated(network: string, allocation: Allocation): StoreEvent {
  return { type: 'StoreNetworkAllocated', network, vnis: allocation.vnis, subnets: allocation.subnets,
    nextPool: allocation.nextPool, nextVni: allocation.nextVni };
}

function flawOf(tables: StoreTables, spec: OverlayNetworkSpec): StoreRefusal | undefined {
  // Docker's API asks for the name before it asks the manager, hence a text without a code.
  if (tables.names.has(spec.name)) return refusal('Conflict', `network with name ${spec.name} already exists`);
  if (spec.name === '') return grpcRefusal('InvalidArgument', 'meta: name must be provided');
  if (spec.name.length > NAME_LENGTH_MAX) {
    return grpcRefusal('InvalidArgument', `name must be ${NAME_LENGTH_MAX} characters or fewer`);
  }
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(spec.name)) {
    return grpcRefusal('InvalidArgument', 'name must be valid as a DNS name component');
  }
  for (const { subnet, gateway, range } of spec.subnets) {
    const flaw = subnetFlaw(subnet, gateway, range);
    if (flaw !== undefined) return grpcRefusal('InvalidArgument', `ipam configuration: ${flaw}`);
  }
  if (spec.ingress !== true) return undefined;
  for (const row of tables.networks.values()) {
    if (row.ingress) return grpcRefusal('AlreadyExists', `ingress network (${row.id}) is already present`);
  }
  return undefined;
}

/** A subnet may be left open; then there is nothing that a gateway or a range could lie in. */
function subnetFlaw(subnet: string, gateway: string, range: string): string | undefined {
  if (subnet === '' && gateway === '' && range === '') return undefined;
  const whole = parseCidr(subnet);
  if (whole === undefined) return `invalid subnet ${subnet}`;
  if (range !== '') {
    const part = parseCidr(range);
    if (part === undefined) return `invalid range ${range}`;
    if (part.prefix < whole.prefix || !inSubnet(part.address, whole.address, whole.prefix)) {
      return `subnet ${subnet} does not contain range ${range}`;
    }
  }
  if (gateway !== '') {
    const address = parseIpv4(gateway);
    if (address === undefined) return `invalid gateway ${gateway}`;
    if (!inSubnet(address, whole.address, whole.prefix)) return `subnet ${subnet} does not contain gateway ${gateway}`;
  }
  return undefined;
}

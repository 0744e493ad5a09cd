// The duty that gives services their virtual addresses and ports, and tasks an address on each of their networks. A
// task waits as long as its service or a pool has nothing for it. Addresses are free again when a task is over.

import type { Json } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import { nextAddress } from '../store/pool.js';
import { endpointModeOf, networksOf, portsOf, type WantedNetwork } from '../store/service/spec.js';
import { isTerminal, type ServiceEndpoint, type ServicePort, type ServiceRow, type TaskAttachment, type TaskRow,
  type VirtualAddress } from '../store/swarm-objects.js';
import { findNetwork, predefinedNetwork, type StoreNetworkRow, type StoreTables } from '../store/tables.js';
import type { Duty, DutyPort } from './duty.js';

/** Ports that nobody picked are counted up from here (swarmkit, portallocator). */
const FIRST_FREE_PORT = 30_000;
const LAST_FREE_PORT = 32_767;
/** Rows of a store's own making belong to no host. */
const NO_HOST = 0;

export class Allocator implements Duty {
  private readonly services = new Set<string>();
  private readonly tasks = new Set<string>();
  /** Services and tasks that are over: what they hold is free. */
  private readonly over = new Set<string>();

  constructor(private readonly port: DutyPort) {}

  begin(): void {
    const { tables } = this.port;
    for (const id of tables.services.keys()) this.services.add(id);
    for (const id of tables.tasks.keys()) this.tasks.add(id);
    for (const id of tables.held.keys()) this.over.add(id);
    this.lookAround();
  }

  end(): void {
    for (const set of [this.services, this.tasks, this.over]) set.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    for (const event of events) this.note(event);
    if (this.services.size + this.tasks.size + this.over.size > 0) this.lookAround();
  }

  /** What has to wait stays noted, and is tried again with the next change. */
  private note(event: StoreEvent): void {
    switch (event.type) {
      case 'StoreServiceCreated': case 'StoreServiceUpdated':
        this.services.add(event.id);
        return;
      case 'StoreTaskCreated':
        this.tasks.add(event.id);
        return;
      case 'StoreServiceRemoved': case 'StoreTaskRemoved':
        this.over.add(event.id);
        return;
      case 'StoreTaskStatusChanged':
        if (isTerminal(event.state as TaskRow['status']['state'])) this.over.add(event.id);
        return;
      default:
    }
  }

  private lookAround(): void {
    this.port.submit(() => this.decide());
  }

  /** Services before tasks: a service's address comes before those of its tasks. */
  private decide(): StoreEvent[] {
    const { tables } = this.port;
    const grant = new Grant(tables, this.port.now());
    for (const owner of this.over) {
      const task = tables.tasks.get(owner);
      const isOver = task === undefined ? !tables.services.has(owner) : isTerminal(task.status.state);
      if (isOver) grant.giveBack(owner);
    }
    this.over.clear();
    for (const id of this.services) {
      const service = tables.services.get(id);
      if (service === undefined || !isUnallocated(tables, service) || grant.service(service)) this.services.delete(id);
    }
    for (const id of this.tasks) {
      const task = tables.tasks.get(id);
      const waits = task !== undefined && task.status.state === 'new' && !isTerminal(task.desired);
      if (!waits || grant.task(task)) this.tasks.delete(id);
    }
    return grant.events;
  }
}

function isUnallocated(tables: StoreTables, { spec, endpoint }: ServiceRow): boolean {
  if (endpoint === null) return true;
  const wanted = virtualNetworks(tables, { spec } as ServiceRow).map(({ target }) => target);
  return endpoint.mode !== endpointModeOf(spec)
    || String(endpoint.addresses.map(({ network }) => network)) !== String(wanted)
    || JSON.stringify(endpoint.ports.map(withoutNumber(spec))) !== JSON.stringify(portsOf(spec));
}

/** A port as it was wished: a number that the allocator chose is none of the user's. */
function withoutNumber(spec: ServiceRow['spec']): (port: ServicePort, place: number) => ServicePort {
  const wished = portsOf(spec);
  return (port, place) => (wished[place]?.published === 0 ? { ...port, published: 0 } : port);
}

/** Networks on which a service has a virtual address; ingress comes first, for published ports. */
function virtualNetworks(tables: StoreTables, { spec }: Pick<ServiceRow, 'spec'>): readonly WantedNetwork[] {
  if (endpointModeOf(spec) === 'dnsrr') return [];
  return taskNetworks(tables, spec);
}

function taskNetworks(tables: StoreTables, spec: ServiceRow['spec']): readonly WantedNetwork[] {
  const ingress = [...tables.networks.values()].find((row) => row.ingress);
  const published = portsOf(spec).some(({ mode }) => mode === 'ingress') && ingress !== undefined;
  return [...published ? [{ target: ingress.id, aliases: [] }] : [], ...networksOf(spec)];
}

/** One decision's claims: each sees what the earlier ones took. */
class Grant {
  readonly events: StoreEvent[] = [];
  private readonly claimed = new Map<string, Set<number>>();
  private readonly cursors = new Map<string, number>();
  private readonly ports = new Set<string>();

  constructor(private readonly tables: StoreTables, private readonly now: number) {
    for (const { endpoint } of tables.services.values()) {
      for (const { protocol, published, mode } of endpoint?.ports ?? []) {
        if (mode === 'ingress') this.ports.add(`${protocol}/${published}`);
      }
    }
  }

  giveBack(owner: string): void {
    for (const { network, address } of this.tables.held.get(owner) ?? []) {
      this.events.push({ type: 'StoreAddressReleased', network, address });
    }
  }

  /** False when it has to wait. */
  service(row: ServiceRow): boolean {
    const addresses: VirtualAddress[] = [];
    const before = this.events.length;
    const wanted = virtualNetworks(this.tables, row);
    for (const { target } of wanted) {
      const held = row.endpoint?.addresses.find(({ network }) => network === target);
      const predefined = predefinedNetwork(this.tables, target) !== undefined;
      const found = held ?? (predefined ? { network: target, address: 0, prefix: 0 } : this.claim(target, row.id));
      if (found === undefined) return this.takeBack(before);
      addresses.push(found);
    }
    for (const { network, address } of row.endpoint?.addresses ?? []) {
      const gone = !addresses.some((each) => each.network === network);
      if (gone && address !== 0) this.events.push({ type: 'StoreAddressReleased', network, address });
    }
    const endpoint: ServiceEndpoint = { mode: endpointModeOf(row.spec), addresses, ports: this.portsOf(row) };
    this.events.push({ type: 'StoreServiceAllocated', id: row.id, endpoint: endpoint as unknown as Json,
      at: this.now });
    return true;
  }

  /** Without room on one network nothing is claimed on the others. */
  private takeBack(length: number): false {
    this.events.length = length;
    return false;
  }

  /** Ports that were chosen before stay. */
  private portsOf(row: ServiceRow): ServicePort[] {
    return portsOf(row.spec).map((port, place) => {
      if (port.published !== 0 || port.mode === 'host') return port;
      const before = row.endpoint?.ports[place];
      if (before !== undefined && before.target === port.target && before.mode === 'ingress') return before;
      let published = FIRST_FREE_PORT;
      while (published < LAST_FREE_PORT && this.ports.has(`${port.protocol}/${published}`)) published++;
      this.ports.add(`${port.protocol}/${published}`);
      return { ...port, published };
    });
  }

  /** False when it has to wait. */
  task(row: TaskRow): boolean {
    const service = this.tables.services.get(row.service);
    if (service === undefined || isWaiting(this.events, service)) return false;
    const attachments: TaskAttachment[] = [];
    const before = this.events.length;
    for (const { target, aliases } of taskNetworks(this.tables, { ...service.spec, TaskTemplate: row.spec })) {
      const predefined = predefinedNetwork(this.tables, target);
      if (predefined !== undefined) {
        // Every engine has its own: the name says which is meant.
        attachments.push({ network: predefined, address: 0, prefix: 0, aliases });
        continue;
      }
      const found = this.claim(target, row.id);
      if (found === undefined) return this.takeBack(before);
      attachments.push({ ...found, aliases });
    }
    this.events.push({ type: 'StoreTaskAllocated', id: row.id, attachments: attachments as unknown as Json,
      at: this.now });
    return true;
  }

  private claim(idOrName: string, owner: string): VirtualAddress | undefined {
    const network = findNetwork(this.tables, idOrName);
    if (network === undefined) return undefined;
    const claimed = this.claimed.get(network.id) ?? new Set<number>();
    this.claimed.set(network.id, claimed);
    const address = nextAddress(this.ahead(network), claimed);
    if (address === undefined) return undefined;
    claimed.add(address);
    const pool = network.pools.find((each) => address >= each.first && address <= each.last)!;
    this.cursors.set(`${network.id}/${pool.network}`, address + 1);
    this.events.push({ type: 'StoreAddressTaken', network: network.id, address, owner, host: NO_HOST, task: owner,
      serial: true, request: 0, swarm: true });
    return { network: network.id, address, prefix: pool.prefix };
  }

  /** The network with its turns moved on behind what this decision claimed already. */
  private ahead(network: StoreNetworkRow): StoreNetworkRow {
    return { ...network, pools: network.pools.map((pool) =>
      ({ ...pool, cursor: this.cursors.get(`${network.id}/${pool.network}`) ?? pool.cursor })) };
  }
}

/** Whether a service has not all that it wants, and this decision does not give it. */
function isWaiting(events: readonly StoreEvent[], service: ServiceRow): boolean {
  return service.endpoint === null
    && !events.some((event) => event.type === 'StoreServiceAllocated' && event.id === service.id);
}

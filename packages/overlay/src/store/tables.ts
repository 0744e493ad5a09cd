// The store's tables. Written by evolve.ts alone.

import type { Json, SimTime } from '@netreel/sim';
import type { Ipv4 } from '@netreel/wire';
import type { OverlayNetworkSpec, SubnetSpec } from './objects.js';
import type { ClusterRow, ServiceRow, SwarmNodeRow, TaskRow } from './swarm-objects.js';

/** A subnet that a network holds, ready for counting. */
export interface PoolRow {
  readonly typed: SubnetSpec;
  readonly network: Ipv4;
  readonly prefix: number;
  /** Addresses given in turn lie between these, both included. */
  readonly first: Ipv4;
  readonly last: Ipv4;
  readonly gateway: Ipv4;
  /** Where the search for the next address in turn starts. */
  cursor: Ipv4;
}

export interface TakenRow {
  readonly address: Ipv4;
  readonly owner: string;
  readonly host: number;
  /** Empty for a host's own endpoint. */
  readonly task: string;
  /** The host's number of the request that took it. A release that was asked before that is not meant for it. */
  readonly request: number;
  /** A service or task holds it, not an endpoint that some host asked for. */
  readonly swarm: boolean;
}

/** An address that a service or a task holds. */
export interface HeldAddress {
  readonly network: string;
  readonly address: Ipv4;
}

export interface StoreNetworkRow {
  readonly id: string;
  readonly name: string;
  readonly ingress: boolean;
  readonly spec: OverlayNetworkSpec;
  readonly createdAt: SimTime;
  /** Both empty while the network waits for room. */
  vnis: readonly number[];
  pools: PoolRow[];
  readonly taken: Map<Ipv4, TakenRow>;
}

/** Answers that one host got, to be given again when the underlay repeats a request. */
export interface AnsweredRow {
  /** By request number, oldest decision first. */
  readonly answers: Map<number, Json>;
  /** The highest number whose answer was let go: what is not above it is too old to be decided. */
  floor: number;
}

export interface StoreTables {
  /** By id, in the order of their creation. */
  readonly networks: Map<string, StoreNetworkRow>;
  /** Name to id. */
  readonly names: Map<string, string>;
  /** By node index. */
  readonly answered: Map<number, AnsweredRow>;
  /** null until the cluster was founded. */
  cluster: ClusterRow | null;
  /** By id, each in the order of creation. */
  readonly nodes: Map<string, SwarmNodeRow>;
  readonly services: Map<string, ServiceRow>;
  readonly tasks: Map<string, TaskRow>;
  /** What services and tasks hold, by their id: the rows of `taken` seen from the other side. */
  readonly held: Map<string, readonly HeldAddress[]>;
  /** Counts all changes: the `Version.Index` of the API. */
  version: number;
  /** Which of the default pools is looked at first. */
  nextPool: number;
  nextVni: number;
}

/** VXLAN ids below belong to whoever configures tunnels by hand. */
export const FIRST_VNI = 4096;

export function emptyStoreTables(): StoreTables {
  return { networks: new Map(), names: new Map(), answered: new Map(), cluster: null, nodes: new Map(),
    services: new Map(), tasks: new Map(), held: new Map(), version: 0, nextPool: 0, nextVni: FIRST_VNI };
}

/** A network by its id, else by its name. */
export function findNetwork(tables: StoreTables, idOrName: string): StoreNetworkRow | undefined {
  return tables.networks.get(idOrName) ?? tables.networks.get(tables.names.get(idOrName) ?? '');
}

/** The networks of every engine that services may use too: tasks get no address there. */
export type PredefinedNetwork = 'host' | 'bridge';

/** Which of them an id or name means; undefined for none. */
export function predefinedNetwork(tables: StoreTables, idOrName: string): PredefinedNetwork | undefined {
  const { cluster } = tables;
  if (cluster === null) return undefined;
  if (idOrName === 'host' || idOrName === cluster.hostNetwork) return 'host';
  return idOrName === 'bridge' || idOrName === cluster.bridgeNetwork ? 'bridge' : undefined;
}

// Everything one Docker engine keeps, as its events left it. Only evolve.ts writes here. Maps keep the order in which
// things came to be; whoever iterates one relies on that order, which folding repeats.

import type { SimTime } from '@netreel/sim';
import type { ContainerSpec, EndpointConfig, TextTable } from './container/spec.js';
import type { ExecSpec } from './exec/spec.js';
import { HOST_TREE, firstHostTree } from './file/host-tree.js';
import type { FolderNode } from './file/node.js';
import { firstImages } from './image/registry.js';
import type { ImageRow } from './image/row.js';
import type { HealthRow } from './health/spec.js';
import type { FreeRuns } from './ipam/free.js';
import type { NetworkIpam } from './network/spec.js';
import type { PublishedPort } from './publish/publish.js';

/** What a process wrote, in order. */
export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface OutputRow extends OutputPiece {
  readonly at: SimTime;
}

export interface NetworkRow {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly scope: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly ipv6: boolean;
  readonly ipam: NetworkIpam;
  readonly options: TextTable;
  readonly labels: TextTable;
  /** Name of the bridge device, or empty. */
  readonly bridge: string;
  readonly vni: number;
  readonly createdAt: SimTime;
  readonly configOnly: boolean;
  readonly configFrom: string;
  /** Addresses in use to their owners; gateway and auxiliary addresses are in `ipam`. */
  readonly addresses: Map<number, string>;
  /** What is left of each pool of `ipam`. */
  readonly free: readonly FreeRuns[];
  /** The engine's own address on an overlay; 0 for none. */
  ownAddress: number;
}

export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'exited';

export interface ContainerRow {
  readonly id: string;
  /** Without the leading slash. */
  name: string;
  spec: ContainerSpec;
  readonly createdAt: SimTime;
  status: ContainerStatus;
  /** 0 while not running. */
  pid: number;
  exitCode: number;
  error: string;
  /** undefined before the first start. */
  startedAt: SimTime | undefined;
  diedAt: SimTime | undefined;
  /** Ends since the last start by hand after which the restart policy had its way. */
  restartCount: number;
  /** Namespace it runs in; empty while it has none. */
  netns: string;
  /** Whether the namespace was another one's when it came (host and container mode). */
  sharesNetns: boolean;
  /** How many interfaces its namespace has been given: the next one is `eth` and this number. */
  interfaces: number;
  /** Network (id) of the default route, empty for none. */
  gatewayNetwork: string;
  /** Default route, 0 for none. */
  gateway: number;
  /** Network name, as inspect lists it, to what the container wants there. */
  readonly attachments: Map<string, EndpointConfig>;
  /** Files that the engine keeps in it, by path. */
  readonly files: Map<string, string>;
  readonly output: OutputRow[];
  /** When its process ended, each time, and how many rows of `output` there were then. */
  readonly outputEnds: { readonly rows: number; readonly at: SimTime }[];
  /** undefined while it has no health check. */
  health: HealthRow | undefined;
  /** Its rows of `endpoints`, in order of joining. */
  endpoints: readonly EndpointRow[];
}

export interface EndpointRow {
  readonly id: string;
  readonly container: string;
  /** Network's id. */
  readonly network: string;
  readonly interface: string;
  readonly mac: number;
  readonly address: number;
  readonly prefix: number;
  readonly gateway: number;
  readonly mtu: number;
  /** What DNS answers for it; the first is the container's name. None on docker_gwbridge. */
  names: readonly string[];
  /** Virtual address of the service that this is a task of; 0 for none. */
  readonly vip: number;
  readonly vipNames: readonly string[];
  /** `80/tcp`: ports of the container that are listed since it led out of it. */
  exposed: readonly string[];
  published: readonly PublishedPort[];
}

export interface VolumeRow {
  readonly name: string;
  readonly driver: string;
  readonly labels: TextTable;
  readonly options: TextTable;
  readonly createdAt: SimTime;
  /** Made up for a container, not asked for by name. */
  readonly anonymous: boolean;
}

export interface LayerRow {
  readonly tree: FolderNode;
  readonly sizeBytes: number;
}

export interface ExecRow {
  readonly id: string;
  readonly container: string;
  readonly spec: ExecSpec;
  status: 'created' | 'running' | 'ended';
  pid: number;
  exitCode: number;
  readonly output: OutputRow[];
}

/** Something that `docker events` tells: a line of its output. */
export interface NoticeRow {
  readonly at: SimTime;
  /** `container`, `network`, `volume`, `image` … */
  readonly kind: string;
  readonly action: string;
  /** Id of what it is about; a volume's or an image's name. */
  readonly actor: string;
  readonly attributes: TextTable;
  readonly scope: string;
}

export interface EngineTables {
  readonly networks: Map<string, NetworkRow>;
  readonly containers: Map<string, ContainerRow>;
  /** By endpoint id, in order of joining. */
  readonly endpoints: Map<string, EndpointRow>;
  readonly execs: Map<string, ExecRow>;
  /** By name, in order of creation. */
  readonly volumes: Map<string, VolumeRow>;
  /** Images by id. Those of a test bed are there from the beginning. */
  readonly images: Map<string, ImageRow>;
  /** By digest: layers that are in no registry. */
  readonly layers: Map<string, LayerRow>;
  /** Files that were written, by the name of their tree. */
  readonly trees: Map<string, FolderNode>;
  /** Container ids by name: looking a name up must not cost more on a host with many containers. */
  readonly containersByName: Map<string, string>;
  /** How many containers are in each namespace. */
  readonly netnsHolders: Map<string, number>;
  /** Containers with links, by id, in order of creation. */
  readonly linkingContainers: Set<string>;
  /** The last notices, oldest first. */
  readonly notices: NoticeRow[];
  /** How many notices there have ever been. */
  noticeCount: number;
  /** Place in the list of default pools where the next search starts. */
  nextDefaultPool: number;
  /** The highest pid given so far. */
  lastPid: number;
  /** Ports of the host that are given to containers, by address and protocol. */
  readonly hostPorts: Map<string, Set<number>>;
  /** The last port given of each range of ports that was asked for, by address and protocol. */
  readonly lastHostPorts: Map<string, number>;
}

/** The tables of an engine that has not booted yet. */
export function emptyEngineTables(): EngineTables {
  return { networks: new Map(), containers: new Map(), endpoints: new Map(), execs: new Map(), volumes: new Map(),
    images: new Map(firstImages().map((row) => [row.id, row])), layers: new Map(),
    trees: new Map([[HOST_TREE, firstHostTree()]]),
    containersByName: new Map(), netnsHolders: new Map(), linkingContainers: new Set(), notices: [],
    noticeCount: 0, nextDefaultPool: 0, lastPid: 1000, hostPorts: new Map(), lastHostPorts: new Map() };
}

/** Whether a container has a process (a paused one has). */
export function isRunning(row: ContainerRow): boolean {
  return row.status === 'running' || row.status === 'paused';
}

/** A container's endpoints, in order of joining. */
export function endpointsOf(tables: EngineTables, container: string): readonly EndpointRow[] {
  return tables.containers.get(container)?.endpoints ?? [];
}

/** A network's endpoints on this host, in order of joining. */
export function endpointsOn(tables: EngineTables, network: string): readonly EndpointRow[] {
  return [...tables.endpoints.values()].filter((row) => row.network === network);
}

/** The endpoint of one container on one network. */
export function endpointBetween(tables: EngineTables, container: string, network: string): EndpointRow | undefined {
  return endpointsOf(tables, container).find((row) => row.network === network);
}

/** The owner of an overlay's address that an engine takes for itself. */
export function ownEndpointName(network: { readonly name: string }): string {
  return `${network.name}-endpoint`;
}

/** Whether an endpoint is one that a container was given to get out, on docker_gwbridge. */
export function isGatewayEndpoint(endpoint: EndpointRow): boolean {
  return endpoint.names.length === 0;
}

// What an engine asks of the host around it. Everything else it does by events: the host's drivers react to those
// marked REACT in events.ts, in the call of emit, before emit returns.

import type { Handler, Json, Operation, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { EngineEvent } from './events.js';
import type { ProxyRefusal, PublishedPort } from './publish/publish.js';

/** What a container's processes and interfaces are and came to. */
export interface ContainerUsage {
  /** By the numbers that count inside; the container's own process is 1. */
  readonly processes: readonly { readonly pid: number; readonly parentPid: number;
    readonly command: readonly string[]; readonly startedAt: SimTime }[];
  readonly interfaces: readonly { readonly name: string; readonly rxPackets: number; readonly rxBytes: number;
    readonly rxDropped: number; readonly txPackets: number; readonly txBytes: number; readonly txDropped: number }[];
}

export interface EnginePort {
  /** The host's name, as `docker info` prints it. */
  readonly hostName: string;
  /** The newest Docker API that the engine speaks; from 1.44 on it behaves as later engines do. */
  readonly apiVersion: string;
  /** The host's DNS server, for resolv.conf of containers on the default bridge. */
  readonly nameServer: number;
  now(): SimTime;
  random(purpose: string): RandomStream;
  newId(kind: string, digits?: number): string;
  emit(event: EngineEvent): void;
  /** Destinations of the host's own routes (default route left out): default pools that overlap one are passed over. */
  hostRoutes(): readonly { readonly address: number; readonly prefix: number }[];
  /** Whether the host has a network interface of that name. */
  hasLink(name: string): boolean;
  /** Whether a container has a program of that name (a path, or a bare name along `path`), seen from a directory. */
  hasProgram(container: string, program: string, path: string, workingDir: string): boolean;
  /** The files that the host begins with. */
  readonly hostFiles: readonly (readonly [path: string, text: string])[];
  /** What runs in a container, and what its interfaces carried. */
  usage(container: string): ContainerUsage;
  /** Asks the running processes of a container (or one exec) to end; the host calls Engine.processEnded when it has. */
  signal(target: ProcessTarget, signal: string): void;
  /** Something for the standard input of a process; kept for one that is yet to start. */
  input(target: ProcessTarget, text: string): void;
  /** Nothing more comes into its standard input. */
  endInput(target: ProcessTarget): void;
  /** Its terminal has another size. */
  resize(target: ProcessTarget, rows: number, columns: number): void;
  /** Has a proxy listen at a port of the host, for a container's address; why it cannot, if so. */
  openProxy(port: PublishedPort, target: number): ProxyRefusal | undefined;
  /** Ends a proxy whose port was not published after all. */
  closeProxy(port: PublishedPort): void;
  readonly store: StoreClient;
  readonly swarm: SwarmClient;
  /** For stop's grace period and the delay before a restart. A sim Machine offers both. */
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  /** What this host's own copy of the gossip tables knows of endpoints on other hosts, in a stated order. */
  remoteEndpoints(network: string): readonly RemoteEndpoint[];
  /**
   * The hosts on an overlay, this one included, as the gossip tables have them; none of one that this host is not on.
   */
  overlayPeers(network: string): readonly OverlayPeer[];
}

/** A container's own process, or one of its execs. */
export interface ProcessTarget {
  readonly container: string;
  /** Empty for the container's own. */
  readonly exec: string;
}

/** A host on an overlay. */
export interface OverlayPeer {
  /** 12 hex digits. */
  readonly name: string;
  readonly address: number;
}

/** An endpoint of an overlay on another host. Its address resolves back to `name`; DNS answers for all `names`. */
export interface RemoteEndpoint {
  readonly name: string;
  readonly names: readonly string[];
  readonly address: number;
  /** As of an endpoint of this host. */
  readonly vip: number;
  readonly vipNames: readonly string[];
}

/** The swarm-scope half of networks, kept by the overlay coordinator. Every call crosses the underlay. */
export interface StoreClient {
  createNetwork(spec: OverlayNetworkSpec): Operation<StoreAnswer<OverlayNetwork>>;
  removeNetwork(id: string): Operation<StoreAnswer<null>>;
  /** All overlay networks. */
  networks(): Operation<StoreAnswer<readonly OverlayNetwork[]>>;
  /** The next address in turn (serial), or the one asked for. `owner` names the endpoint. */
  takeAddress(network: string, owner: string, wanted: number | undefined):
    Operation<StoreAnswer<{ readonly address: number }>>;
  releaseAddress(network: string, address: number): Operation<StoreAnswer<null>>;
}

/** A host's swarm, as far as it is in one. Requests go to whoever leads. */
export interface SwarmClient {
  membership(): SwarmMembership;
  /** Index of this host in the lab. */
  readonly self: number;
  /** Underlay address of a node of the lab. */
  addressOf(index: number): number;
  /** Its id in the swarm, as far as this host knows it; empty otherwise. */
  nodeIdOf(index: number): string;
  /** `spec`: the API's SwarmSpec. `availability`: empty, active, pause or drain. Answers the node's id. */
  init(spec: { readonly [key: string]: Json | undefined }, availability: string): Operation<StoreAnswer<string>>;
  /** `remote`: ADDRESS:PORT of a manager. */
  join(remote: string, token: string, availability: string): Operation<StoreAnswer<null>>;
  leave(force: boolean): Operation<StoreAnswer<null>>;
  /** Anything that the store of a swarm answers; the operations are the overlay's StoreBodies. */
  ask(operation: string, body: Json): Operation<StoreAnswer<Json>>;
}

export interface SwarmMembership {
  /** Empty while the host is in no swarm of its own. */
  readonly cluster: string;
  readonly node: string;
  readonly role: 'worker' | 'manager' | '';
  /** Whom requests go to: none when there is no swarm and no overlay service. */
  readonly managers: readonly number[];
}

/** A refusal carries the text and kind of Docker's own error. */
export type StoreAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly kind: RefusalKind; readonly message: string };

/** Kinds that docker-api maps to HTTP status codes: 400, 403, 404, 409, 500, 503. */
export type RefusalKind = 'InvalidParameter' | 'Forbidden' | 'NotFound' | 'Conflict' | 'System' | 'Unavailable';

export interface OverlayNetworkSpec {
  readonly name: string;
  readonly attachable: boolean;
  readonly internal: boolean;
  readonly encrypted: boolean;
  /** The routing mesh network of the cluster, of which there is one. */
  readonly ingress?: boolean;
  /** Empty for the next default pool (10.0.1.0/24, 10.0.2.0/24 …). */
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string; readonly range: string }[];
  readonly options: { readonly [key: string]: Json };
  readonly labels: { readonly [key: string]: Json };
}

export interface OverlayNetwork extends OverlayNetworkSpec {
  /** 25 characters, as swarm ids are. */
  readonly id: string;
  readonly vni: number;
  /** With gateways filled in. */
  readonly subnets: readonly { readonly subnet: string; readonly gateway: string; readonly range: string }[];
  readonly createdAt: SimTime;
}

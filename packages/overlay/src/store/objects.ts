// What the store keeps and answers. The shapes are those that an engine expects of its store client.

import type { Json, SimTime } from '@netreel/sim';
import type { JsonTable, ReportedStatus, SwarmNodeSpec } from './swarm-objects.js';

/** One subnet of a network as text: `subnet` and `range` in CIDR notation, empty where nothing was typed. */
export type SubnetSpec = { readonly subnet: string; readonly gateway: string; readonly range: string };

/** What `docker network create -d overlay` orders. */
export type OverlayNetworkSpec = {
  readonly name: string;
  readonly attachable: boolean;
  readonly internal: boolean;
  readonly encrypted: boolean;
  /** The routing mesh's network; there is one. */
  readonly ingress?: boolean;
  /** Empty for the next default pool. */
  readonly subnets: readonly SubnetSpec[];
  readonly options: { readonly [key: string]: Json };
  readonly labels: { readonly [key: string]: Json };
};

/** A network as the store answers with it. */
export type OverlayNetwork = {
  readonly id: string;
  readonly name: string;
  readonly attachable: boolean;
  readonly internal: boolean;
  readonly encrypted: boolean;
  readonly ingress: boolean;
  /** With gateways. Empty, and `vni` 0, while the allocator finds no room. */
  readonly subnets: readonly SubnetSpec[];
  readonly options: { readonly [key: string]: Json };
  readonly labels: { readonly [key: string]: Json };
  /** Of the first subnet. */
  readonly vni: number;
  /** One for each subnet. */
  readonly vnis: readonly number[];
  readonly createdAt: SimTime;
};

/** Kinds that map to HTTP status codes: 400, 403, 404, 409, 500, 503. */
export type RefusalKind = 'InvalidParameter' | 'Forbidden' | 'NotFound' | 'Conflict' | 'System' | 'Unavailable';

/** `managerLog`: why, where Docker tells the user nothing but its manager's log does. */
export type StoreRefusal = {
  readonly ok: false; readonly kind: RefusalKind; readonly message: string; readonly managerLog?: string;
};

/** What an asker gets: a value, or Docker's own error. */
export type StoreAnswer<T> = { readonly ok: true; readonly value: T } | StoreRefusal;

/** What can be asked of the store, with the body of each. */
export type StoreBodies = {
  CreateNetwork: OverlayNetworkSpec;
  RemoveNetwork: { readonly network: string };
  ListNetworks: null;
  /** `wanted` null: the next in turn. */
  TakeAddress: { readonly network: string; readonly owner: string; readonly wanted: number | null };
  ReleaseAddress: { readonly network: string; readonly address: number };
  GetCluster: null;
  UpdateCluster: { readonly version: number; readonly spec: JsonTable; readonly rotateWorkerToken: boolean;
    readonly rotateManagerToken: boolean };
  /** Answers `{ node, role, cluster }`. `availability` may be empty. */
  JoinNode: { readonly token: string; readonly hostname: string; readonly address: number;
    readonly availability: string };
  /** The asking node has the role of a manager and can be told everything of the cluster that is answered. */
  ReadyToManage: null;
  LeaveNode: { readonly node: string };
  ListNodes: null;
  UpdateNode: { readonly node: string; readonly version: number; readonly spec: SwarmNodeSpec };
  RemoveNode: { readonly node: string; readonly force: boolean };
  /** `spec`: the API's ServiceSpec with networks by id. Answers the service's id. */
  CreateService: { readonly spec: JsonTable };
  UpdateService: { readonly service: string; readonly version: number; readonly spec: JsonTable;
    readonly rollback: boolean };
  RemoveService: { readonly service: string };
  ListServices: null;
  ListTasks: null;
  /** What a node's agent says of its tasks. `statuses`: ReportedStatus[]. */
  ReportTasks: { readonly statuses: readonly ReportedStatus[] };
};

export type StoreOperation = keyof StoreBodies;

/** Owner of the address that each host keeps for itself on a network it uses. It does not hold the network in use. */
export function hostEndpointOwner(networkName: string): string {
  return `${networkName}-endpoint`;
}

// One request, decided: which events follow from it and what the asker is told. Reads tables, changes nothing.

import type { Json, SimTime } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import { releaseAddress, takeAddress } from './address.js';
import { getCluster, updateCluster } from './cluster/cluster.js';
import { createNetwork, listNetworks, removeNetwork } from './network.js';
import { joinNode, leaveNode, listNodes, removeNode, updateNode } from './node/node.js';
import type { StoreAnswer, StoreBodies, StoreOperation } from './objects.js';
import { refusal } from './refusal.js';
import { createService, listServices, listTasks, removeService, updateService } from './service/service.js';
import { reportTasks } from './service/task.js';
import type { StoreTables } from './tables.js';

export interface Decision {
  readonly events: readonly StoreEvent[];
  readonly answer: StoreAnswer<Json>;
}

export interface DecisionContext {
  readonly now: SimTime;
  /** Index of the node that asks. */
  readonly host: number;
  /** That node's own number of the request. */
  readonly request: number;
  newId(kind: string, digits?: number): string;
  readonly standing: Standing;
}

/** How the managers stand, by their index in the lab. */
export interface Standing {
  readonly voters: readonly number[];
  readonly leader: number;
  readonly unreachable: readonly number[];
}

type Decider<K extends StoreOperation> = (tables: StoreTables, body: StoreBodies[K],
  context: DecisionContext) => Decision;

const deciders: { readonly [K in StoreOperation]: Decider<K> } = {
  CreateNetwork: createNetwork,
  RemoveNetwork: (tables, body) => removeNetwork(tables, body.network),
  ListNetworks: (tables) => listNetworks(tables),
  TakeAddress: takeAddress,
  ReleaseAddress: releaseAddress,
  GetCluster: (tables) => getCluster(tables),
  UpdateCluster: updateCluster,
  JoinNode: joinNode,
  ReadyToManage: (tables) => ({ events: [], answer: { ok: true, value: { cluster: tables.cluster!.id } } }),
  LeaveNode: leaveNode,
  ListNodes: (tables, _body, context) => listNodes(tables, context),
  UpdateNode: updateNode,
  RemoveNode: removeNode,
  CreateService: createService,
  UpdateService: updateService,
  RemoveService: removeService,
  ListServices: (tables) => listServices(tables),
  ListTasks: (tables) => listTasks(tables),
  ReportTasks: reportTasks,
};

const READING: ReadonlySet<string> = new Set<StoreOperation>(['ListNetworks', 'GetCluster', 'ListNodes',
  'ReadyToManage', 'ListServices', 'ListTasks']);

/** Operations that change nothing need no remembered answer. */
export function isReading(operation: string): boolean {
  return READING.has(operation);
}

export function decide(tables: StoreTables, operation: string, body: Json, context: DecisionContext): Decision {
  if (!Object.hasOwn(deciders, operation)) {
    return { events: [], answer: refusal('System',
      `rpc error: code = Unimplemented desc = unknown method ${operation}`) };
  }
  const decider = deciders[operation as StoreOperation] as Decider<StoreOperation>;
  return decider(tables, body as never, context);
}

// The objects of a swarm as the store keeps them. Specs have the shape of the Docker API, so that what was sent is what
// inspect shows. Type aliases: rows travel as JSON in snapshots and answers.

import type { Json, SimTime } from '@netreel/sim';

export type JsonTable = { readonly [key: string]: Json | undefined };

export type ClusterRow = {
  readonly id: string;
  spec: JsonTable;
  workerToken: string;
  managerToken: string;
  /** Ids by which services name the networks `host` and `bridge` of every engine. */
  readonly hostNetwork: string;
  readonly bridgeNetwork: string;
  readonly createdAt: SimTime;
  updatedAt: SimTime;
  /** As all `version`s: the store's count of changes when this row last changed. */
  version: number;
};

export type NodeRole = 'worker' | 'manager';
export type NodeAvailability = 'active' | 'pause' | 'drain';
export type NodeState = 'unknown' | 'down' | 'ready' | 'disconnected';

/** The API's NodeSpec. */
export type SwarmNodeSpec = {
  readonly Name?: string;
  readonly Labels: { readonly [key: string]: string };
  readonly Role: NodeRole;
  readonly Availability: NodeAvailability;
};

export type SwarmNodeRow = {
  readonly id: string;
  /** Of the node in the lab. */
  readonly index: number;
  readonly hostname: string;
  readonly address: number;
  spec: SwarmNodeSpec;
  state: NodeState;
  message: string;
  readonly createdAt: SimTime;
  updatedAt: SimTime;
  version: number;
};

/** A virtual address of a service on one network. `prefix`: of the subnet. */
export type VirtualAddress = { readonly network: string; readonly address: number; readonly prefix: number };

export type ServicePort = {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly target: number;
  readonly published: number;
  readonly mode: 'ingress' | 'host';
};

export type ServiceEndpoint = {
  readonly mode: 'vip' | 'dnsrr';
  readonly addresses: readonly VirtualAddress[];
  readonly ports: readonly ServicePort[];
};

export type ServiceRow = {
  readonly id: string;
  readonly name: string;
  /** The API's ServiceSpec. */
  spec: JsonTable;
  previous: JsonTable | null;
  /** The version of `spec`: a task made from an older one is to be replaced. */
  specVersion: number;
  endpoint: ServiceEndpoint | null;
  /** The API's UpdateStatus. */
  updateStatus: JsonTable | null;
  readonly createdAt: SimTime;
  updatedAt: SimTime;
  version: number;
};

/** In the order in which a task goes through them; a task never goes back (swarmkit, task model). */
export const TASK_STATES = ['new', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'starting', 'running',
  'complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** Where a task is on a network. */
export type TaskAttachment = {
  readonly network: string;
  readonly address: number;
  readonly prefix: number;
  readonly aliases: readonly string[];
};

export type TaskStatus = {
  readonly state: TaskState;
  readonly message: string;
  readonly error: string;
  readonly container: string;
  readonly pid: number;
  /** 1 more than the exit code; 0 for none. */
  readonly exitCode: number;
  /** Ports in host mode. */
  readonly ports: readonly ServicePort[];
  readonly at: SimTime;
};

/** What an agent says of one of its tasks. */
export type ReportedStatus = { readonly task: string; readonly status: TaskStatus };

export type TaskRow = {
  readonly id: string;
  readonly service: string;
  readonly slot: number;
  node: string;
  /** The API's TaskSpec. */
  readonly spec: JsonTable;
  /** The service's EndpointSpec that the task was made for. */
  readonly endpoint: JsonTable;
  readonly specVersion: number;
  desired: TaskState;
  status: TaskStatus;
  attachments: readonly TaskAttachment[];
  readonly createdAt: SimTime;
  updatedAt: SimTime;
  version: number;
};

/** Whether the state `a` comes before `b`. */
export function isBefore(a: TaskState, b: TaskState): boolean {
  return TASK_STATES.indexOf(a) < TASK_STATES.indexOf(b);
}

/** Whether a task is over: nothing of it runs any more. */
export function isTerminal(state: TaskState): boolean {
  return isBefore('running', state);
}

/** A task as its node is told of it: with what it has to know of its service. */
export type AssignedTask = {
  readonly task: TaskRow;
  readonly serviceName: string;
  readonly endpoint: ServiceEndpoint;
};

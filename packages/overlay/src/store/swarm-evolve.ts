// How an event changes the rows of a swarm's objects.

import { unreachable, type Json } from '@netreel/sim';
import { readSnapshot } from './snapshot.js';
import type { SwarmEvent } from './swarm-events.js';
import type { JsonTable, NodeState, ServiceEndpoint, ServicePort, SwarmNodeSpec, TaskAttachment, TaskState,
} from './swarm-objects.js';
import { emptyStoreTables, type StoreTables } from './tables.js';

export function evolveSwarm(tables: StoreTables, event: SwarmEvent): void {
  const { version } = tables;
  switch (event.type) {
    case 'StoreClusterCreated': {
      const { id, spec, workerToken, managerToken, hostNetwork, bridgeNetwork, at } = event;
      tables.cluster = { id, spec: spec as JsonTable, workerToken, managerToken, hostNetwork, bridgeNetwork,
        createdAt: at, updatedAt: at, version };
      return;
    }
    case 'StoreClusterUpdated':
      Object.assign(tables.cluster!, { spec: event.spec, workerToken: event.workerToken,
        managerToken: event.managerToken, updatedAt: event.at, version });
      return;
    case 'StoreNodeCreated': {
      const { id, index, hostname, address, spec, at } = event;
      tables.nodes.set(id, { id, index, hostname, address, spec: spec as unknown as SwarmNodeSpec, state: 'unknown',
        message: '', createdAt: at, updatedAt: at, version });
      return;
    }
    case 'StoreNodeUpdated':
      Object.assign(tables.nodes.get(event.id)!, { spec: event.spec, updatedAt: event.at, version });
      return;
    case 'StoreNodeStatusChanged':
      Object.assign(tables.nodes.get(event.id)!, { state: event.state as NodeState, message: event.message,
        updatedAt: event.at, version });
      return;
    case 'StoreNodeRemoved':
      tables.nodes.delete(event.id);
      return;
    case 'StoreRestored':
      readSnapshot(tables, event.state);
      return;
    case 'StoreForgotten':
      Object.assign(tables, emptyStoreTables());
      return;
    case 'StoreServiceCreated': case 'StoreServiceUpdated': case 'StoreServiceAllocated':
    case 'StoreServiceProgressed': case 'StoreServiceRemoved':
      return evolveService(tables, event);
    case 'StoreTaskCreated': case 'StoreTaskAllocated': case 'StoreTaskAssigned': case 'StoreTaskDesired':
    case 'StoreTaskStatusChanged': case 'StoreTaskRemoved':
      return evolveTask(tables, event);
    default:
      unreachable(event);
  }
}

type ServiceEvent = Extract<SwarmEvent, { type: `StoreService${string}` }>;

function evolveService(tables: StoreTables, event: ServiceEvent): void {
  const { version } = tables;
  if (event.type === 'StoreServiceCreated') {
    const { id, name, spec, at } = event;
    tables.services.set(id, { id, name, spec: spec as JsonTable, previous: null, specVersion: version, endpoint: null,
      updateStatus: null, createdAt: at, updatedAt: at, version });
    return;
  }
  const row = tables.services.get(event.id)!;
  if (event.type === 'StoreServiceRemoved') {
    tables.services.delete(event.id);
    return;
  }
  row.version = version;
  row.updatedAt = event.at;
  if (event.type === 'StoreServiceUpdated') {
    row.spec = event.spec as JsonTable;
    row.previous = event.previous as JsonTable | null;
    row.specVersion = version;
  } else if (event.type === 'StoreServiceAllocated') {
    row.endpoint = event.endpoint as unknown as ServiceEndpoint;
  } else {
    row.updateStatus = event.status as JsonTable | null;
  }
}

type TaskEvent = Extract<SwarmEvent, { type: `StoreTask${string}` }>;

function evolveTask(tables: StoreTables, event: TaskEvent): void {
  const { version } = tables;
  if (event.type === 'StoreTaskCreated') {
    const { id, service, slot, node, spec, specVersion, desired, endpoint, at } = event;
    tables.tasks.set(id, { id, service, slot, node, spec: spec as JsonTable, endpoint: endpoint as JsonTable,
      specVersion,
      desired: desired as TaskState, attachments: [], createdAt: at, updatedAt: at, version,
      status: { state: 'new', message: 'created', error: '', container: '', pid: 0, exitCode: 0, ports: [], at } });
    return;
  }
  if (event.type === 'StoreTaskRemoved') {
    tables.tasks.delete(event.id);
    return;
  }
  const row = tables.tasks.get(event.id)!;
  row.version = version;
  row.updatedAt = event.at;
  switch (event.type) {
    case 'StoreTaskAllocated':
      row.attachments = event.attachments as readonly Json[] as readonly TaskAttachment[];
      row.status = { ...row.status, state: 'pending', message: 'pending task scheduling', at: event.at };
      return;
    case 'StoreTaskAssigned':
      row.node = event.node;
      row.status = { ...row.status, state: 'assigned', message: event.message, error: '', at: event.at };
      return;
    case 'StoreTaskDesired':
      row.desired = event.desired as TaskState;
      return;
    case 'StoreTaskStatusChanged': {
      const { state, message, error, container, pid, exitCode, ports, at } = event;
      row.status = { state: state as TaskState, message, error, container, pid, exitCode,
        ports: ports as readonly Json[] as readonly ServicePort[], at };
      return;
    }
    default:
      unreachable(event);
  }
}

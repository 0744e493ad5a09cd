// Deciding about the cluster itself: founding, reading, updating, rotating its join tokens.

import type { Json } from '@netreel/sim';
import type { StoreEvent } from '../../events.js';
import type { Decision, DecisionContext } from '../decide.js';
import { swarmId } from '../identity.js';
import { createNetwork } from '../network.js';
import type { StoreBodies } from '../objects.js';
import { grpcRefusal } from '../refusal.js';
import type { JsonTable } from '../swarm-objects.js';
import type { StoreTables } from '../tables.js';
import { clusterDigest, digestOf, joinToken, type NewId } from './identity.js';

const SECOND_NS = 1_000_000_000;

/** The API's SwarmSpec with swarm's own settings. */
export const DEFAULT_CLUSTER_SPEC: JsonTable = {
  Name: 'default', Labels: {},
  Orchestration: { TaskHistoryRetentionLimit: 5 },
  Raft: { SnapshotInterval: 10_000, KeepOldSnapshots: 0, LogEntriesForSlowFollowers: 500, ElectionTick: 10,
    HeartbeatTick: 1 },
  Dispatcher: { HeartbeatPeriod: 5 * SECOND_NS },
  CAConfig: { NodeCertExpiry: 7_776_000 * SECOND_NS },
  TaskDefaults: {},
  EncryptionConfig: { AutoLockManagers: false },
};

/** A new cluster has its routing mesh's network from the start: the first default pool and the first VNI fall to it. */
export function foundCluster(tables: StoreTables, id: string, spec: JsonTable,
  context: DecisionContext): readonly StoreEvent[] {
  const digest = clusterDigest(context.newId);
  const events: StoreEvent[] = [{ type: 'StoreClusterCreated', id, spec: { ...DEFAULT_CLUSTER_SPEC, ...spec },
    workerToken: joinToken(digest, context.newId),
    managerToken: joinToken(digest, context.newId), at: context.now,
    hostNetwork: swarmId(context.newId, 'network'), bridgeNetwork: swarmId(context.newId, 'network') }];
  const ingress = createNetwork(tables, { name: 'ingress', attachable: false, internal: false, encrypted: false,
    ingress: true, subnets: [], options: {}, labels: {} }, context);
  return [...events, ...ingress.events];
}

export function getCluster(tables: StoreTables): Decision {
  return { events: [], answer: { ok: true, value: tables.cluster as unknown as Json } };
}

export function updateCluster(tables: StoreTables, body: StoreBodies['UpdateCluster'],
  context: DecisionContext): Decision {
  const row = tables.cluster!;
  if (body.version !== row.version) {
    return { events: [], answer: grpcRefusal('InvalidArgument', 'update out of sequence') };
  }
  const renewed = (token: string, rotate: boolean, newId: NewId): string =>
    (rotate ? joinToken(digestOf(token)!, newId) : token);
  const event: StoreEvent = { type: 'StoreClusterUpdated', spec: body.spec as Json,
    workerToken: renewed(row.workerToken, body.rotateWorkerToken, context.newId),
    managerToken: renewed(row.managerToken, body.rotateManagerToken, context.newId), at: context.now };
  return { events: [event], answer: { ok: true, value: null } };
}

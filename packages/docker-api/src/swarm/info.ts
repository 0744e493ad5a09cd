// The Swarm part of GET /info.

import type { Engine } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import { asObject, type JsonObject } from '../json.js';
import { clusterInfo } from './act.js';

const OUTSIDE: JsonObject = { NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false, Error: '',
  RemoteManagers: null };
const SWARM_PORT = 2377;

/** A manager also counts nodes, and shows its cluster; when nobody leads it has nothing to count. */
export function* swarmInfo(engine: Engine): Operation<JsonObject> {
  const { swarm } = engine.port;
  const { cluster, node, role, managers } = swarm.membership();
  if (cluster === '') return OUTSIDE;
  const manages = role === 'manager';
  const own = { NodeID: node, NodeAddr: formatIpv4(swarm.addressOf(swarm.self)), LocalNodeState: 'active',
    ControlAvailable: manages, Error: '',
    RemoteManagers: managers.map((index) => ({ NodeID: swarm.nodeIdOf(index),
      Addr: `${formatIpv4(swarm.addressOf(index))}:${SWARM_PORT}` })) };
  if (!manages) return own;
  const nodes = yield* swarm.ask('ListNodes', null);
  const row = yield* swarm.ask('GetCluster', null);
  if (!nodes.ok || !row.ok) {
    return { ...own, Error: nodes.ok ? '' : nodes.message };
  }
  const rows = nodes.value as readonly Json[];
  const manager = (each: Json): boolean => asObject(asObject(each)['spec'])['Role'] === 'manager';
  return { ...own, Nodes: rows.length, Managers: rows.filter(manager).length,
    Cluster: clusterInfo(asObject(row.value)) };
}

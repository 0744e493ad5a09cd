// Networks as services name them: by id, or by a name that becomes one.

import { isRefusal, refuse, type Engine, type Refusal } from '@netreel/engine';
import type { Json, Operation } from '@netreel/sim';
import { asObject, textOf, type JsonObject } from '../json.js';

/** A network that a service may be on. */
export interface SwarmNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: 'overlay' | 'host' | 'bridge';
}

/** All of them: overlays, and the two that every engine has. */
export function* swarmNetworks(engine: Engine): Operation<readonly SwarmNetwork[] | Refusal> {
  const listed = yield* engine.port.swarm.ask('ListNetworks', null);
  if (!listed.ok) return refuse(listed.kind, listed.message);
  const cluster = yield* engine.port.swarm.ask('GetCluster', null);
  if (!cluster.ok) return refuse(cluster.kind, cluster.message);
  const overlays = (listed.value as readonly Json[]).map(asObject)
    .map((row): SwarmNetwork => ({ id: textOf(row, 'id'), name: textOf(row, 'name'), driver: 'overlay' }));
  const row = asObject(cluster.value);
  return [...overlays, { id: textOf(row, 'hostNetwork'), name: 'host', driver: 'host' },
    { id: textOf(row, 'bridgeNetwork'), name: 'bridge', driver: 'bridge' }];
}

/** The spec with every network by its id. */
export function* withNetworkIds(engine: Engine, spec: JsonObject): Operation<JsonObject | Refusal> {
  const networks = yield* swarmNetworks(engine);
  if (isRefusal(networks)) return networks;
  const template = asObject(spec['TaskTemplate']);
  const own = resolved(networks, spec['Networks']);
  if (isRefusal(own)) return own;
  const ofTasks = resolved(networks, template['Networks']);
  if (isRefusal(ofTasks)) return ofTasks;
  return { ...spec, ...(own === undefined ? {} : { Networks: own }),
    TaskTemplate: { ...template, ...(ofTasks === undefined ? {} : { Networks: ofTasks }) } };
}

function resolved(networks: readonly SwarmNetwork[], list: Json | undefined): Json[] | Refusal | undefined {
  if (!Array.isArray(list)) return undefined;
  const found: Json[] = [];
  for (const each of list as readonly Json[]) {
    const wish = asObject(each);
    const target = textOf(wish, 'Target');
    const network = networks.find(({ id, name }) => id === target || name === target);
    if (network === undefined) return refuse('NotFound', `network ${target} not found`);
    found.push({ ...wish, Target: network.id });
  }
  return found;
}

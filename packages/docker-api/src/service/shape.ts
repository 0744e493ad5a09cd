// Services as Docker prints them. Their specs are what was sent; `insertDefaults` adds what swarm assumes.

import type { Json } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import { asObject, filled, textOf, type JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';

const SECOND = 1_000_000_000;

/** How many of a service's tasks run, and how many are wanted. */
export interface ServiceCounts {
  readonly running: number;
  readonly desired: number;
  readonly completed: number;
}

/** `row`: ServiceRow of the store. */
export function serviceShape(row: JsonObject, options: { readonly insertDefaults: boolean;
  readonly counts?: ServiceCounts }): Json {
  const spec = asObject(row['spec']);
  const { counts } = options;
  return {
    ID: textOf(row, 'id'), Version: { Index: Number(row['version']) }, CreatedAt: rfc3339(Number(row['createdAt'])),
    UpdatedAt: rfc3339(Number(row['updatedAt'])), Spec: options.insertDefaults ? withDefaults(spec) : spec,
    ...(row['previous'] === null ? {} : { PreviousSpec: row['previous'] as Json }),
    Endpoint: endpointShape(row),
    ...(row['updateStatus'] === null ? {} : { UpdateStatus: progressShape(asObject(row['updateStatus'])) }),
    ...(counts === undefined ? {} : { ServiceStatus: { RunningTasks: counts.running, DesiredTasks: counts.desired,
      CompletedTasks: counts.completed } }),
  };
}

/** Without virtual addresses the allocator leaves the endpoint empty. */
function endpointShape(row: JsonObject): Json {
  const endpoint = row['endpoint'] === null ? undefined : asObject(row['endpoint']);
  if (endpoint === undefined || endpoint['mode'] === 'dnsrr') return { Spec: {} };
  const list = (key: string): readonly JsonObject[] => (endpoint[key] as readonly Json[]).map(asObject);
  const wished = asObject(row['spec'])['EndpointSpec'];
  const addresses = list('addresses').map((each) => ({ NetworkID: textOf(each, 'network'),
    ...(each['address'] === 0 ? {} : { Addr: `${formatIpv4(Number(each['address']))}/${Number(each['prefix'])}` }) }));
  const ports = list('ports').map(portShape);
  return { Spec: filled({ Mode: 'vip', ...asObject(wished) }),
    ...(ports.length === 0 ? {} : { Ports: ports }),
    ...(addresses.length === 0 ? {} : { VirtualIPs: addresses }) };
}

/** `port`: ServicePort. */
export function portShape(port: JsonObject): Json {
  return { Protocol: textOf(port, 'protocol'), TargetPort: Number(port['target']),
    ...(port['published'] === 0 ? {} : { PublishedPort: Number(port['published']) }),
    PublishMode: textOf(port, 'mode') };
}

function progressShape(status: JsonObject): Json {
  const moment = (key: string): JsonObject =>
    (status[key] === undefined ? {} : { [key]: rfc3339(Number(status[key])) });
  return { State: textOf(status, 'State'), ...moment('StartedAt'), ...moment('CompletedAt'),
    Message: textOf(status, 'Message') };
}

const UPDATE_DEFAULTS = { Parallelism: 1, FailureAction: 'pause', Monitor: 5 * SECOND, MaxFailureRatio: 0,
  Order: 'stop-first' };

function withDefaults(spec: JsonObject): JsonObject {
  const template = asObject(spec['TaskTemplate']);
  const container = asObject(template['ContainerSpec']);
  return {
    ...spec, Labels: asObject(spec['Labels']),
    TaskTemplate: {
      ...template,
      ContainerSpec: { ...container, ...(container['StopGracePeriod'] === undefined
        ? { StopGracePeriod: 10 * SECOND } : {}), DNSConfig: asObject(container['DNSConfig']),
      Isolation: container['Isolation'] ?? 'default' },
      Resources: template['Resources'] ?? { Limits: {}, Reservations: {} },
      RestartPolicy: { Condition: 'any', Delay: 5 * SECOND, MaxAttempts: 0, ...asObject(template['RestartPolicy']) },
      Placement: asObject(template['Placement']), ForceUpdate: template['ForceUpdate'] ?? 0,
      Runtime: template['Runtime'] ?? 'container',
    },
    Mode: spec['Mode'] ?? { Replicated: { Replicas: 1 } },
    UpdateConfig: { ...UPDATE_DEFAULTS, ...asObject(spec['UpdateConfig']) },
    RollbackConfig: { ...UPDATE_DEFAULTS, ...asObject(spec['RollbackConfig']) },
    EndpointSpec: { Mode: 'vip', ...asObject(spec['EndpointSpec']) },
  };
}

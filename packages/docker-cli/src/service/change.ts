// A ServiceSpec with what the flags of `docker service update` change of it.

import type { Json } from '@netreel/sim';
import type { Flags } from '../flags/flags.js';
import { pairsOf } from '../flags/flags.js';
import { dig, jsonRecord, listOf, numberOf, recordOf, textOf, type JsonRecord } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { readMount } from './mount.js';
import { attachment } from './network.js';
import { readPublished } from './port.js';
import { preference, tagged, updateConfig } from './spec.js';

export function* changedSpec(flags: Flags, before: JsonRecord): Conversation<JsonRecord> {
  const template = recordOf(before['TaskTemplate']);
  const networks = yield* changedNetworks(flags, listOf(template['Networks']));
  return {
    ...before, Labels: labelsOf(flags, recordOf(before['Labels']), 'label-add', 'label-rm'),
    TaskTemplate: {
      ...template, ContainerSpec: changedContainer(flags, recordOf(template['ContainerSpec'])),
      ...part('Resources', changedResources(flags, recordOf(template['Resources'])), template),
      ...changedRestart(flags, recordOf(template['RestartPolicy'])),
      Placement: changedPlacement(flags, recordOf(template['Placement'])), ...(networks.length === 0 ? {} : {
        Networks: networks }),
      ...(networks.length === 0 && template['Networks'] !== undefined ? { Networks: [] } : {}),
      ForceUpdate: numberOf(template['ForceUpdate']) + (flags.bool('force') ? 1 : 0),
    },
    Mode: changedMode(flags, recordOf(before['Mode'])),
    ...merged(before, 'UpdateConfig', updateConfig(flags, 'update', 'UpdateConfig'), flags, 'update'),
    ...merged(before, 'RollbackConfig', updateConfig(flags, 'rollback', 'RollbackConfig'), flags, 'rollback'),
    EndpointSpec: changedEndpoint(flags, recordOf(before['EndpointSpec'])),
  };
}

function part(key: string, value: JsonRecord, before: JsonRecord): JsonRecord {
  return before[key] === undefined && Object.keys(value).length === 0 ? {} : { [key]: value };
}

function labelsOf(flags: Flags, before: JsonRecord, adding: string, removing: string): JsonRecord {
  const labels = new Map(Object.entries(before) as [string, Json][]);
  for (const key of flags.list(removing)) labels.delete(key);
  for (const [key, value] of pairsOf(flags.list(adding))) labels.set(key, value);
  return jsonRecord([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changedContainer(flags: Flags, before: JsonRecord): JsonRecord {
  const text = (key: string, flag: string): JsonRecord => (flags.changed(flag) ? { [key]: flags.text(flag) } : {});
  const words = (key: string, flag: string): JsonRecord =>
    (flags.changed(flag) ? { [key]: flags.text(flag).split(/\s+/).filter((word) => word !== '') } : {});
  const labels = labelsOf(flags, recordOf(before['Labels']), 'container-label-add', 'container-label-rm');
  const mounts = listOf(before['Mounts']).filter((mount) => !flags.list('mount-rm').includes(textOf(dig(mount,
    'Target')))).concat(flags.list('mount-add').map(readMount));
  return {
    ...before, ...(flags.changed('image') ? { Image: tagged(flags.text('image')) } : {}),
    ...(Object.keys(labels).length === 0 ? {} : { Labels: labels }), ...words('Args', 'args'),
    ...words('Command', 'entrypoint'), ...text('Hostname', 'hostname'), ...environmentOf(flags, before),
    ...text('Dir', 'workdir'), ...text('User', 'user'), ...text('StopSignal', 'stop-signal'),
    ...(flags.changed('tty') ? { TTY: flags.bool('tty') } : {}),
    ...(flags.changed('stop-grace-period') ? { StopGracePeriod: flags.integer('stop-grace-period') } : {}),
    ...(mounts.length === 0 && before['Mounts'] === undefined ? {} : { Mounts: mounts }),
    ...changedHealth(flags, recordOf(before['Healthcheck'])),
  };
}

function environmentOf(flags: Flags, before: JsonRecord): JsonRecord {
  const nameOf = (entry: string): string => entry.split('=')[0]!;
  const added = flags.list('env-add');
  const gone = new Set([...flags.list('env-rm'), ...added.map(nameOf)]);
  const entries = listOf(before['Env']).map(textOf).filter((entry) => !gone.has(nameOf(entry))).concat(added);
  return entries.length === 0 && before['Env'] === undefined ? {} : { Env: entries };
}

function changedHealth(flags: Flags, before: JsonRecord): JsonRecord {
  if (flags.bool('no-healthcheck')) return { Healthcheck: { Test: ['NONE'] } };
  const number = (key: string, flag: string): JsonRecord =>
    (flags.changed(flag) ? { [key]: flags.integer(flag) } : {});
  const changes = {
    ...(flags.changed('health-cmd') ? { Test: ['CMD-SHELL', flags.text('health-cmd')] } : {}),
    ...number('Interval', 'health-interval'), ...number('Timeout', 'health-timeout'),
    ...number('Retries', 'health-retries'), ...number('StartPeriod', 'health-start-period'),
  };
  return Object.keys(changes).length === 0 ? {} : { Healthcheck: { ...before, ...changes } };
}

function changedResources(flags: Flags, before: JsonRecord): JsonRecord {
  const set = (key: string, cpus: string, memory: string): JsonRecord => {
    const changes = {
      ...(flags.changed(cpus) ? { NanoCPUs: flags.integer(cpus) } : {}),
      ...(flags.changed(memory) ? { MemoryBytes: flags.integer(memory) } : {}),
    };
    return Object.keys(changes).length === 0 ? {} : { [key]: { ...recordOf(before[key]), ...changes } };
  };
  return { ...before, ...set('Limits', 'limit-cpu', 'limit-memory'),
    ...set('Reservations', 'reserve-cpu', 'reserve-memory') };
}

function changedRestart(flags: Flags, before: JsonRecord): JsonRecord {
  const number = (key: string, flag: string): JsonRecord =>
    (flags.changed(flag) ? { [key]: flags.integer(flag) } : {});
  const changes = {
    ...(flags.changed('restart-condition') ? { Condition: flags.text('restart-condition') } : {}),
    ...number('Delay', 'restart-delay'), ...number('MaxAttempts', 'restart-max-attempts'),
    ...number('Window', 'restart-window'),
  };
  return Object.keys(changes).length === 0 ? {} : { RestartPolicy: { ...before, ...changes } };
}

function changedPlacement(flags: Flags, before: JsonRecord): JsonRecord {
  const constraints = listOf(before['Constraints']).map(textOf)
    .filter((text) => !flags.list('constraint-rm').includes(text)).concat(flags.list('constraint-add'));
  const gone = flags.list('placement-pref-rm').map((text) => JSON.stringify(preference(text)));
  const preferences = listOf(before['Preferences']).filter((each) => !gone.includes(JSON.stringify(each)))
    .concat(flags.list('placement-pref-add').map(preference));
  return {
    ...before, ...(constraints.length === 0 && before['Constraints'] === undefined ? {} : { Constraints: constraints }),
    ...(preferences.length === 0 && before['Preferences'] === undefined ? {} : { Preferences: preferences }),
    ...(flags.changed('replicas-max-per-node') ? { MaxReplicas: flags.integer('replicas-max-per-node') } : {}),
  };
}

function* changedNetworks(flags: Flags, before: readonly Json[]): Conversation<readonly Json[]> {
  const gone: string[] = [];
  for (const name of flags.list('network-rm')) gone.push(textOf(dig(yield* attachment(name), 'Target')));
  const kept = before.filter((network) => !gone.includes(textOf(dig(network, 'Target'))));
  for (const wish of flags.list('network-add')) {
    const added = yield* attachment(wish);
    if (kept.some((network) => textOf(dig(network, 'Target')) === textOf(dig(added, 'Target')))) {
      refuse(`service is already attached to network ${wish}`);
    }
    kept.push(added);
  }
  return kept.sort((a, b) => (textOf(dig(a, 'Target')) < textOf(dig(b, 'Target')) ? -1 : 1));
}

function changedMode(flags: Flags, before: JsonRecord): JsonRecord {
  if (!flags.changed('replicas')) return before;
  if (before['Replicated'] === undefined && before['ReplicatedJob'] === undefined) {
    refuse('replicas can only be used with replicated or replicated-job mode');
  }
  return before['Replicated'] === undefined
    ? { ReplicatedJob: { ...recordOf(before['ReplicatedJob']), TotalCompletions: flags.integer('replicas') } }
    : { Replicated: { Replicas: flags.integer('replicas') } };
}

/** Only what was typed takes the place of what was there. */
function merged(before: JsonRecord, key: string, changes: JsonRecord, flags: Flags, kind: string): JsonRecord {
  const typed = recordOf(changes[key]);
  const fields = { Parallelism: 'parallelism', Delay: 'delay', FailureAction: 'failure-action', Monitor: 'monitor',
    MaxFailureRatio: 'max-failure-ratio', Order: 'order' };
  const set = Object.entries(fields).filter(([, flag]) => flags.changed(`${kind}-${flag}`))
    .map(([field]) => [field, typed[field] ?? null] as const);
  if (set.length === 0) return {};
  return { [key]: { ...before[key] === undefined ? typed : recordOf(before[key]), ...jsonRecord(set) } };
}

function changedEndpoint(flags: Flags, before: JsonRecord): JsonRecord {
  const gone = flags.list('publish-rm').map((text) => text.split('/')[0]);
  const ports = listOf(before['Ports']).filter((port) => !gone.includes(String(numberOf(dig(port, 'TargetPort')))))
    .concat(flags.list('publish-add').flatMap(readPublished) as unknown as Json[]);
  return { ...before, ...(flags.changed('endpoint-mode') ? { Mode: flags.text('endpoint-mode') } : {}),
    ...(ports.length === 0 && before['Ports'] === undefined ? {} : { Ports: ports }) };
}

// A ServiceSpec out of the flags of `docker service create`.

import type { Json } from '@netreel/sim';
import type { Flags } from '../flags/flags.js';
import { pairsOf } from '../flags/flags.js';
import { jsonRecord, type JsonRecord } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { readMount } from './mount.js';
import { attachment } from './network.js';
import { asJson, readPublished } from './port.js';

/** `words`: image, then the command's arguments. */
export function* serviceSpec(flags: Flags, words: readonly string[]): Conversation<JsonRecord> {
  const [image = '', ...args] = words;
  const networks: Json[] = [];
  for (const wish of flags.list('network')) networks.push(yield* attachment(wish));
  const ports = flags.list('publish').flatMap(readPublished);
  return {
    Name: flags.text('name'), Labels: jsonRecord(pairsOf(flags.list('label'))),
    TaskTemplate: {
      ContainerSpec: containerSpec(flags, image, args), Resources: resources(flags),
      ...restartPolicy(flags), Placement: placement(flags), ...(networks.length === 0 ? {} : { Networks: networks }),
      ForceUpdate: 0, Runtime: 'container',
    },
    Mode: modeOf(flags),
    ...updateConfig(flags, 'update', 'UpdateConfig'), ...updateConfig(flags, 'rollback', 'RollbackConfig'),
    EndpointSpec: { Mode: flags.text('endpoint-mode'), ...(ports.length === 0 ? {} : { Ports: asJson(ports) }) },
  };
}

function containerSpec(flags: Flags, image: string, args: readonly string[]): JsonRecord {
  const some = (key: string, list: readonly Json[]): JsonRecord => (list.length === 0 ? {} : { [key]: list });
  const text = (key: string, flag: string): JsonRecord => (flags.changed(flag) ? { [key]: flags.text(flag) } : {});
  const dns = { ...some('Nameservers', flags.list('dns')), ...some('Search', flags.list('dns-search')),
    ...some('Options', flags.list('dns-option')) };
  return {
    Image: tagged(image), ...(flags.list('container-label').length === 0 ? {}
      : { Labels: jsonRecord(pairsOf(flags.list('container-label'))) }),
    ...(flags.changed('entrypoint') ? { Command: flags.text('entrypoint').split(/\s+/).filter((word) => word !== '') }
      : {}),
    ...some('Args', args), ...text('Hostname', 'hostname'), ...some('Env', flags.list('env')), ...text('Dir',
      'workdir'),
    ...text('User', 'user'), ...(flags.bool('tty') ? { TTY: true } : {}),
    ...(flags.bool('read-only') ? { ReadOnly: true } : {}), ...text('StopSignal', 'stop-signal'),
    ...(flags.changed('stop-grace-period') ? { StopGracePeriod: flags.integer('stop-grace-period') } : {}),
    ...some('Mounts', flags.list('mount').map(readMount)), ...healthOf(flags),
    ...some('Hosts', flags.list('host').map(hostLine)), DNSConfig: dns, Init: flags.bool('init'),
  };
}

/** A name without a tag means the latest. */
export function tagged(image: string): string {
  return /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
}

/** `NAME:ADDRESS` as a line of /etc/hosts. */
function hostLine(text: string): string {
  const at = text.indexOf(':');
  return at < 0 ? refuse(`bad format for add-host: "${text}"`) : `${text.slice(at + 1)} ${text.slice(0, at)}`;
}

function healthOf(flags: Flags): JsonRecord {
  if (flags.bool('no-healthcheck')) return { Healthcheck: { Test: ['NONE'] } };
  const names = ['health-cmd', 'health-interval', 'health-timeout', 'health-retries', 'health-start-period'];
  if (!names.some((name) => flags.changed(name))) return {};
  return { Healthcheck: {
    ...(flags.changed('health-cmd') ? { Test: ['CMD-SHELL', flags.text('health-cmd')] } : {}),
    Interval: flags.integer('health-interval'), Timeout: flags.integer('health-timeout'),
    StartPeriod: flags.integer('health-start-period'), Retries: flags.integer('health-retries'),
  } };
}

function resources(flags: Flags): JsonRecord {
  const part = (cpus: string, memory: string): JsonRecord => ({
    ...(flags.changed(cpus) ? { NanoCPUs: flags.integer(cpus) } : {}),
    ...(flags.changed(memory) ? { MemoryBytes: flags.integer(memory) } : {}),
  });
  return { Limits: part('limit-cpu', 'limit-memory'), Reservations: part('reserve-cpu', 'reserve-memory') };
}

function restartPolicy(flags: Flags): JsonRecord {
  const names = ['restart-condition', 'restart-delay', 'restart-max-attempts', 'restart-window'];
  if (!names.some((name) => flags.changed(name))) return {};
  return { RestartPolicy: {
    Condition: flags.changed('restart-condition') ? flags.text('restart-condition') : 'any',
    ...(flags.changed('restart-delay') ? { Delay: flags.integer('restart-delay') } : {}),
    MaxAttempts: flags.integer('restart-max-attempts'),
    ...(flags.changed('restart-window') ? { Window: flags.integer('restart-window') } : {}),
  } };
}

function placement(flags: Flags): JsonRecord {
  const constraints = flags.list('constraint').map(constraint);
  const preferences = flags.list('placement-pref').map(preference);
  return {
    ...(constraints.length === 0 ? {} : { Constraints: constraints }),
    ...(preferences.length === 0 ? {} : { Preferences: preferences }),
    ...(flags.integer('replicas-max-per-node') === 0 ? {} : { MaxReplicas: flags.integer('replicas-max-per-node') }),
  };
}

/** What is none is refused by the manager in these words. */
export function constraint(text: string): string {
  return text;
}

export function preference(text: string): Json {
  const at = text.indexOf('=');
  if (at < 0) return refuse('placement preference must be of the format "<strategy>=<arg>"');
  if (text.slice(0, at) !== 'spread') return refuse(`unsupported placement preference ${text.slice(0, at)}`);
  return { Spread: { SpreadDescriptor: text.slice(at + 1) } };
}

function modeOf(flags: Flags): JsonRecord {
  const replicas = flags.changed('replicas') ? flags.integer('replicas') : undefined;
  const mode = flags.text('mode');
  if (mode === 'global' || mode === 'global-job') {
    if (replicas !== undefined) refuse('replicas can only be used with replicated or replicated-job mode');
    if (flags.integer('replicas-max-per-node') > 0) {
      refuse('replicas-max-per-node can only be used with replicated or replicated-job mode');
    }
    return mode === 'global' ? { Global: {} } : { GlobalJob: {} };
  }
  if (mode === 'replicated-job') {
    const total = replicas ?? 1;
    const atOnce = flags.changed('max-concurrent') ? flags.integer('max-concurrent') : total;
    return { ReplicatedJob: { MaxConcurrent: atOnce, TotalCompletions: total } };
  }
  if (mode !== 'replicated') refuse(`Unknown mode: ${mode}, only replicated and global supported`);
  return { Replicated: { Replicas: replicas ?? 1 } };
}

/** The fields that flags of `kind` change; undefined when none was typed. */
export function updateConfig(flags: Flags, kind: 'update' | 'rollback', key: string): JsonRecord {
  const name = (part: string): string => `${kind}-${part}`;
  const parts = ['parallelism', 'delay', 'monitor', 'failure-action', 'max-failure-ratio', 'order'];
  if (!parts.some((part) => flags.changed(name(part)))) return {};
  const ratio = flags.text(name('max-failure-ratio'));
  return { [key]: {
    Parallelism: flags.integer(name('parallelism')),
    ...(flags.changed(name('delay')) ? { Delay: flags.integer(name('delay')) } : {}),
    FailureAction: flags.text(name('failure-action')), Monitor: flags.integer(name('monitor')),
    MaxFailureRatio: ratio === '' ? 0 : Number(ratio), Order: flags.text(name('order')),
  } };
}

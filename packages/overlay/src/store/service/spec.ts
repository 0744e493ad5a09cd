// Reading a ServiceSpec or a TaskSpec of the Docker API: what was left out has swarm's default.

import { SECOND, type Json, type SimTime } from '@netreel/sim';
import type { JsonTable, ServicePort } from '../swarm-objects.js';

export function tableAt(table: JsonTable | undefined, ...names: readonly string[]): JsonTable {
  let found: JsonTable = table ?? {};
  for (const name of names) {
    const next = found[name];
    found = typeof next === 'object' && next !== null && !Array.isArray(next) ? next as JsonTable : {};
  }
  return found;
}

export function listAt(table: JsonTable, name: string): readonly JsonTable[] {
  const list = table[name];
  return Array.isArray(list) ? list as readonly JsonTable[] : [];
}

export function textAt(table: JsonTable, name: string, otherwise = ''): string {
  const text = table[name];
  return typeof text === 'string' && text !== '' ? text : otherwise;
}

export function numberAt(table: JsonTable, name: string, otherwise: number): number {
  const number = table[name];
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : otherwise;
}

function textsAt(table: JsonTable, name: string): readonly string[] {
  const list = table[name];
  return Array.isArray(list) ? list.filter((each: Json): each is string => typeof each === 'string') : [];
}

// --- the service ---

export function taskTemplate(spec: JsonTable): JsonTable {
  return tableAt(spec, 'TaskTemplate');
}

/** How many tasks a service wants; undefined for one on each node. Jobs want each to complete once. */
export function replicasOf(spec: JsonTable): number | undefined {
  const mode = tableAt(spec, 'Mode');
  if (mode['Global'] !== undefined || mode['GlobalJob'] !== undefined) return undefined;
  if (mode['ReplicatedJob'] !== undefined) {
    const job = tableAt(mode, 'ReplicatedJob');
    return numberAt(job, 'TotalCompletions', numberAt(job, 'MaxConcurrent', 1));
  }
  return numberAt(tableAt(mode, 'Replicated'), 'Replicas', 1);
}

export function isJob(spec: JsonTable): boolean {
  const mode = tableAt(spec, 'Mode');
  return mode['ReplicatedJob'] !== undefined || mode['GlobalJob'] !== undefined;
}

/** A network that tasks are on. `target`: its id. */
export type WantedNetwork = { readonly target: string; readonly aliases: readonly string[] };

/** Networks of the tasks: those of the template, else those of the service as older clients send them. */
export function networksOf(spec: JsonTable): readonly WantedNetwork[] {
  const template = taskTemplate(spec);
  const list = listAt(template, 'Networks').length > 0 ? listAt(template, 'Networks') : listAt(spec, 'Networks');
  return list.map((each) => ({ target: textAt(each, 'Target'), aliases: textsAt(each, 'Aliases') }));
}

export function endpointModeOf(spec: JsonTable): 'vip' | 'dnsrr' {
  return textAt(tableAt(spec, 'EndpointSpec'), 'Mode') === 'dnsrr' ? 'dnsrr' : 'vip';
}

/** Published ports as wished; `published` 0: any. */
export function portsOf(spec: JsonTable): readonly ServicePort[] {
  return listAt(tableAt(spec, 'EndpointSpec'), 'Ports').map((port) => ({
    protocol: textAt(port, 'Protocol', 'tcp') as ServicePort['protocol'], target: numberAt(port, 'TargetPort', 0),
    published: numberAt(port, 'PublishedPort', 0),
    mode: textAt(port, 'PublishMode', 'ingress') as ServicePort['mode'],
  }));
}

// --- restart, update, placement ---

export interface RestartRule {
  readonly condition: 'none' | 'on-failure' | 'any';
  readonly delayNs: SimTime;
  /** 0 for no bound. */
  readonly attemptsMax: number;
  /** 0: attempts count for ever. */
  readonly windowNs: SimTime;
}

export function restartRuleOf(template: JsonTable): RestartRule {
  const policy = tableAt(template, 'RestartPolicy');
  return { condition: textAt(policy, 'Condition', 'any') as RestartRule['condition'],
    delayNs: numberAt(policy, 'Delay', 5 * SECOND), attemptsMax: numberAt(policy, 'MaxAttempts', 0),
    windowNs: numberAt(policy, 'Window', 0) };
}

export interface UpdateRule {
  /** 0: all at once. */
  readonly parallelism: number;
  readonly delayNs: SimTime;
  readonly failureAction: 'pause' | 'continue' | 'rollback';
  readonly monitorNs: SimTime;
  /** In millionths: a share of failures above it is too much. */
  readonly failureShareMax: number;
  readonly order: 'stop-first' | 'start-first';
}

/** `part`: UpdateConfig or RollbackConfig. */
export function updateRuleOf(spec: JsonTable, part: 'UpdateConfig' | 'RollbackConfig'): UpdateRule {
  const config = tableAt(spec, part);
  const share = config['MaxFailureRatio'];
  return { parallelism: numberAt(config, 'Parallelism', 1), delayNs: numberAt(config, 'Delay', 0),
    failureAction: textAt(config, 'FailureAction', 'pause') as UpdateRule['failureAction'],
    monitorNs: numberAt(config, 'Monitor', 5 * SECOND),
    failureShareMax: typeof share === 'number' ? Math.floor(share * 1_000_000) : 0,
    order: textAt(config, 'Order', 'stop-first') as UpdateRule['order'] };
}

export interface Placement {
  readonly constraints: readonly string[];
  /** Labels to spread over, `node.labels.zone` and the like, most important first. */
  readonly spreadOver: readonly string[];
  /** 0 for no bound. */
  readonly perNodeMax: number;
}

export function placementOf(template: JsonTable): Placement {
  const placement = tableAt(template, 'Placement');
  return { constraints: textsAt(placement, 'Constraints'),
    spreadOver: listAt(placement, 'Preferences').map((each) => textAt(tableAt(each, 'Spread'), 'SpreadDescriptor')),
    perNodeMax: numberAt(placement, 'MaxReplicas', 0) };
}

/** What one task reserves of a node. */
export function reservationOf(template: JsonTable): { readonly nanoCpus: number; readonly memoryBytes: number } {
  const reserved = tableAt(template, 'Resources', 'Reservations');
  return { nanoCpus: numberAt(reserved, 'NanoCPUs', 0), memoryBytes: numberAt(reserved, 'MemoryBytes', 0) };
}

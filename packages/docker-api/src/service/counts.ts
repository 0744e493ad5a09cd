// How many tasks of a service run, and how many there should be.

import { asObject, textOf, type JsonObject } from '../json.js';
import type { ServiceCounts } from './shape.js';

/** `tasks`: TaskRow[] of all services. A task on the way out counts no more; a global service wants what it has. */
export function countsOf(service: JsonObject, tasks: readonly JsonObject[]): ServiceCounts {
  const own = tasks.filter((task) => textOf(task, 'service') === textOf(service, 'id'));
  const wanted = own.filter((task) => ['ready', 'running', 'complete'].includes(textOf(task, 'desired')));
  const stateOf = (task: JsonObject): string => textOf(asObject(task['status']), 'state');
  const running = wanted.filter((task) => stateOf(task) === 'running').length;
  const completed = own.filter((task) => stateOf(task) === 'complete').length;
  const mode = asObject(asObject(service['spec'])['Mode']);
  if (mode['Global'] !== undefined || mode['GlobalJob'] !== undefined) {
    return { running, desired: wanted.length, completed };
  }
  if (mode['ReplicatedJob'] !== undefined) {
    const job = asObject(mode['ReplicatedJob']);
    const total = Number(job['TotalCompletions'] ?? job['MaxConcurrent'] ?? 1);
    return { running, desired: Math.min(Number(job['MaxConcurrent'] ?? 1), total - completed), completed };
  }
  const replicas = asObject(mode['Replicated'])['Replicas'];
  return { running, desired: replicas === undefined ? 1 : Number(replicas), completed };
}

// Which containers `docker ps` shows: its flags and filters.

import { findContainer, findImage, isRefusal, type ContainerRow, type EngineTables } from '@netreel/engine';
import { failure } from '../answer.js';
import { Filters, readFilters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag } from '../json.js';
import { hasWantedPort, portFlaw } from './port-filter.js';

const KNOWN = ['ancestor', 'before', 'exited', 'id', 'isolation', 'label', 'name', 'status', 'health', 'since',
  'volume', 'network', 'is-task', 'publish', 'expose'];
const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];
const HEALTH = ['starting', 'healthy', 'unhealthy', 'none'];
/** What the tasks of a cluster's services carry. */
const TASK_LABEL = 'com.docker.swarm.task';

/** What a request chooses. */
export interface ContainerChoice {
  readonly all: boolean;
  /** 0 for no limit; with one, stopped containers count too. */
  readonly limit: number;
  readonly filters: Filters;
  /** Containers that the rows must be older than, and newer than. */
  readonly before: ReadonlySet<string> | undefined;
  readonly since: ReadonlySet<string> | undefined;
  /** Ids of the images that `ancestor` names. */
  readonly images: ReadonlySet<string> | undefined;
}

/** Reads a request; Docker's refusal when it makes no sense. */
export function readChoice(tables: EngineTables, request: ApiRequest): ContainerChoice | ApiAnswer {
  const filters = readFilters(request, KNOWN);
  if (!(filters instanceof Filters)) return filters;
  const typed = request.query['limit'] ?? '';
  if (typed !== '' && !/^[+-]?\d+$/.test(typed)) return failure(500, atoi(typed));
  const refusal = wrongValue(filters) ?? unknownMark(tables, filters);
  if (refusal !== undefined) return refusal;
  const limit = Math.max(Number(typed), 0);
  return { filters, limit, all: queryFlag(request.query, 'all') || limit > 0 || filters.has('status') ||
    filters.has('exited'), before: older(tables, filters), since: newer(tables, filters),
  images: filters.has('ancestor')
    ? new Set(filters.of('ancestor').flatMap((name) => findImage(tables, name)?.id ?? []))
    : undefined };
}

function wrongValue(filters: Filters): ApiAnswer | undefined {
  const code = filters.of('exited').find((value) => !/^[+-]?\d+$/.test(value));
  if (code !== undefined) return failure(500, atoi(code));
  const state = filters.of('status').find((value) => !STATES.includes(value));
  if (state !== undefined) return failure(400, `Invalid filter 'status=${state}'`);
  const task = filters.of('is-task');
  if (task.some((value) => !['true', 'false', '1', '0'].includes(value))) {
    return failure(400, `Invalid filter 'is-task=[${task.join(' ')}]'`);
  }
  const health = filters.of('health').find((value) => !HEALTH.includes(value));
  if (health !== undefined) return failure(400, `Unrecognised filter value for health: ${health}`);
  const flaw = portFlaw(filters);
  return flaw === undefined ? undefined : failure(500, flaw);
}

function unknownMark(tables: EngineTables, filters: Filters): ApiAnswer | undefined {
  const unknown = [...filters.of('before'), ...filters.of('since')]
    .find((reference) => isRefusal(findContainer(tables, reference)));
  return unknown === undefined ? undefined : failure(500, `no such container ${unknown}`);
}

function atoi(text: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}

/** Containers made before the mark; the table has them in that order. */
function older(tables: EngineTables, filters: Filters): ReadonlySet<string> | undefined {
  const marks = marksOf(tables, filters.of('before'));
  if (marks.length === 0) return undefined;
  const ids = [...tables.containers.keys()];
  return new Set(ids.slice(0, Math.min(...marks.map((mark) => ids.indexOf(mark)))));
}

function newer(tables: EngineTables, filters: Filters): ReadonlySet<string> | undefined {
  const marks = marksOf(tables, filters.of('since'));
  if (marks.length === 0) return undefined;
  const ids = [...tables.containers.keys()];
  return new Set(ids.slice(Math.max(...marks.map((mark) => ids.indexOf(mark))) + 1));
}

function marksOf(tables: EngineTables, references: readonly string[]): readonly string[] {
  return references.flatMap((reference) => {
    const row = findContainer(tables, reference);
    return isRefusal(row) ? [] : [row.id];
  });
}

/** Whether a container is to be listed. */
export function isChosen(tables: EngineTables, choice: ContainerChoice, row: ContainerRow): boolean {
  const { filters, before, since, images } = choice;
  if (!choice.all && row.pid === 0 && row.status !== 'restarting') return false;
  if (before?.has(row.id) === false || since?.has(row.id) === false) return false;
  if (images?.has(row.spec.imageId) === false) return false;
  return filters.matches('id', row.id) &&
    (filters.matches('name', row.name) || filters.matches('name', `/${row.name}`)) &&
    filters.exact('status', row.status) && filters.labelled(row.spec.labels) &&
    (!filters.has('exited') || (row.status === 'exited' && filters.of('exited').some((code) =>
      Number(code) === row.exitCode))) &&
    filters.exact('health', row.health?.status ?? 'none') && isOnNetwork(filters, row) && isOfKind(filters, row) &&
    hasVolume(filters, row) && hasWantedPort(filters, tables, row);
}

function isOnNetwork(filters: Filters, row: ContainerRow): boolean {
  return !filters.has('network') || filters.of('network').some((wanted) => row.attachments.has(wanted) ||
    [...row.attachments.values()].some(({ networkId }) => networkId !== '' && networkId.startsWith(wanted)));
}

function isOfKind(filters: Filters, row: ContainerRow): boolean {
  const task = Object.hasOwn(row.spec.labels, TASK_LABEL);
  return !filters.has('is-task') || filters.of('is-task').some((value) => ['true', '1'].includes(value) === task);
}

/** By the name of a volume or the place where it is mounted. */
function hasVolume(filters: Filters, row: ContainerRow): boolean {
  if (!filters.has('volume')) return true;
  const places = row.spec.mounts.flatMap(({ name, source, target }) => [name, source, target]);
  return filters.of('volume').some((wanted) => places.includes(wanted));
}

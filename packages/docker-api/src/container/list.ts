// GET /containers/json: the rows of `docker ps`, newest first.

import type { Json, SimTime } from '@netreel/sim';
import { commandLine, findContainer, isRefusal, readPort, type ContainerRow, type EngineTables } from '@netreel/engine';
import { failure } from '../answer.js';
import { Filters, readFilters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { humanDuration, unixSeconds } from '../time.js';
import { listedPorts, networksShape } from './networks.js';
import { hasWantedPort, portFlaw } from './port-filter.js';

const KNOWN = ['ancestor', 'before', 'exited', 'id', 'isolation', 'label', 'name', 'status', 'health', 'since',
  'volume', 'network',
  'is-task', 'publish', 'expose'];
const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];

/** What the request chooses. */
export interface ContainerChoice {
  readonly all: boolean;
  /** 0 for no limit; with one, stopped containers count too. */
  readonly limit: number;
  readonly filters: Filters;
}

/** The filters of the request; Docker's refusal when one is wrong. */
export function containerFilters(request: ApiRequest): Filters | ApiAnswer {
  const filters = readFilters(request, KNOWN);
  if (!(filters instanceof Filters)) return filters;
  const odd = filters.of('status').find((state) => !STATES.includes(state));
  const flaw = portFlaw(filters) ?? (odd === undefined ? undefined : `Unrecognised filter value for status: ${odd}`);
  return flaw === undefined ? filters : failure(400, flaw);
}

/** All rows that are chosen. */
export function listContainers(tables: EngineTables, choice: ContainerChoice, now: SimTime): Json {
  const newestFirst = [...tables.containers.values()].reverse();
  const { filters } = choice;
  const all = choice.all || choice.limit > 0 || filters.has('status') || filters.has('exited');
  const within = rangeOf(tables, filters, newestFirst);
  const chosen = within.filter((row) => (all || row.pid !== 0 || row.status === 'restarting') && isChosen(filters, row)
    && hasWantedPort(filters, tables, row));
  return (choice.limit > 0 ? chosen.slice(0, choice.limit) : chosen).map((row) => rowShape(tables, row, now));
}

/** `before` and `since` name containers that the rows must be older or newer than. */
function rangeOf(tables: EngineTables, filters: Filters,
  newestFirst: readonly ContainerRow[]): readonly ContainerRow[] {
  let rows = newestFirst;
  for (const [name, older] of [['before', true], ['since', false]] as const) {
    for (const reference of filters.of(name)) {
      const mark = findContainer(tables, reference);
      if (isRefusal(mark)) continue;
      const place = rows.indexOf(mark);
      rows = older ? rows.slice(place + 1) : rows.slice(0, Math.max(place, 0));
    }
  }
  return rows;
}

function isChosen(filters: Filters, row: ContainerRow): boolean {
  const onNetwork = (wanted: string): boolean => row.attachments.has(wanted) ||
    [...row.attachments.values()].some((config) => config.networkId === wanted);
  return filters.matches('id', row.id) && (filters.matches('name', row.name) || filters.matches('name',
    `/${row.name}`)) &&
    filters.exact('status', row.status) && filters.labelled(row.spec.labels) &&
    (!filters.has('exited') || (row.status === 'exited' && filters.exact('exited', String(row.exitCode)))) &&
    (!filters.has('network') || filters.of('network').some(onNetwork)) &&
    (!filters.has('ancestor') || filters.of('ancestor').some((image) => [row.spec.image,
      `${row.spec.image}:latest`].includes(image)));
}

function rowShape(tables: EngineTables, row: ContainerRow, now: SimTime): Json {
  const [path = '', ...args] = commandLine(row.spec);
  const command = [path, ...args.map((word) => (word.includes(' ') ? `'${word}'` : word))].join(' ');
  return {
    Id: row.id, Names: [`/${row.name}`], Image: row.spec.image, ImageID: row.spec.imageId, Command: command,
    Created: unixSeconds(row.createdAt), Ports: portShapes(tables, row), Labels: row.spec.labels, State: row.status,
    Status: statusText(row, now), HostConfig: { NetworkMode: row.spec.host.networkMode },
    NetworkSettings: { Networks: networksShape(tables, row) }, Mounts: [],
  };
}

function portShapes(tables: EngineTables, row: ContainerRow): Json {
  return listedPorts(tables, row).flatMap(({ name, bindings }): Json[] => {
    const { port, protocol } = readPort(name);
    if (bindings.length === 0) return [{ PrivatePort: port, Type: protocol }];
    return bindings.map(({ hostAddress, hostPort }) =>
      ({ IP: hostAddress, PrivatePort: port, PublicPort: hostPort, Type: protocol }));
  });
}

/** The STATUS column. */
export function statusText(row: ContainerRow, now: SimTime): string {
  const since = (at: SimTime | undefined): string => humanDuration(now - (at ?? now));
  switch (row.status) {
    case 'created': return 'Created';
    case 'running': return `Up ${since(row.startedAt)}`;
    case 'paused': return `Up ${since(row.startedAt)} (Paused)`;
    case 'restarting': return `Restarting (${row.exitCode}) ${since(row.diedAt)} ago`;
    case 'exited': return `Exited (${row.exitCode}) ${since(row.diedAt)} ago`;
  }
}

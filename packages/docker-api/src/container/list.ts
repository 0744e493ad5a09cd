// GET /containers/json: the rows of `docker ps`, newest first.

import type { Json, SimTime } from '@netreel/sim';
import { commandLine, readPort, type ContainerRow, type EngineTables } from '@netreel/engine';
import { mountsShape } from '../volume/shape.js';
import { answer } from '../answer.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { isChosen, readChoice } from './choice.js';
import { humanDuration, unixSeconds } from '../time.js';
import { listedPorts, networksShape } from './networks.js';

/** All rows that are chosen; Docker's refusal when the choice makes no sense. */
export function listContainers(tables: EngineTables, request: ApiRequest, now: SimTime): ApiAnswer {
  const choice = readChoice(tables, request);
  if ('status' in choice) return choice;
  const newestFirst = [...tables.containers.values()].reverse();
  const chosen = newestFirst.filter((row) => isChosen(tables, choice, row));
  const rows = choice.limit > 0 ? chosen.slice(0, choice.limit) : chosen;
  return answer(200, rows.map((row) => rowShape(tables, row, now)));
}

function rowShape(tables: EngineTables, row: ContainerRow, now: SimTime): Json {
  const [path = '', ...args] = commandLine(row.spec);
  const command = [path, ...args.map((word) => (word.includes(' ') ? `'${word}'` : word))].join(' ');
  return {
    Id: row.id, Names: [`/${row.name}`], Image: row.spec.image, ImageID: row.spec.imageId, Command: command,
    Created: unixSeconds(row.createdAt), Ports: portShapes(tables, row), Labels: row.spec.labels, State: row.status,
    Status: statusText(row, now), HostConfig: { NetworkMode: row.spec.host.networkMode },
    NetworkSettings: { Networks: networksShape(tables, row) }, Mounts: mountsShape(row.spec.mounts),
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

function healthText({ health }: ContainerRow): string {
  if (health === undefined) return '';
  return ` (${health.status === 'starting' ? 'health: starting' : health.status})`;
}

/** The STATUS column. */
export function statusText(row: ContainerRow, now: SimTime): string {
  const since = (at: SimTime | undefined): string => humanDuration(now - (at ?? now));
  switch (row.status) {
    case 'created': return 'Created';
    case 'running': return `Up ${since(row.startedAt)}${healthText(row)}`;
    case 'paused': return `Up ${since(row.startedAt)} (Paused)`;
    case 'restarting': return `Restarting (${row.exitCode}) ${since(row.diedAt)} ago`;
    case 'exited': return `Exited (${row.exitCode}) ${since(row.diedAt)} ago`;
  }
}

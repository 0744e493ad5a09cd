// docker rm, container prune, rename and update.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { endpointsOf, isRunning, type ContainerRow } from '../tables.js';
import { namesOf } from '../network/join.js';
import { findContainer } from './lookup.js';
import { removeOwnVolumes } from '../volume/volume.js';
import { checkName } from './names.js';
import { cancelRestart } from './start.js';
import { killAndWait } from './stop.js';

/** Removes a container; one that runs only with `force`, after it was killed. */
export function* removeContainer(core: EngineCore, reference: string, force: boolean, volumes: boolean):
  Operation<undefined | Refusal> {
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  return yield* core.locked(row.id, function* () {
    // Another removal may have been quicker; what was asked for is done.
    if (core.tables.containers.get(row.id) !== row) return undefined;
    if (!force && row.status === 'paused') {
      return refuse('Conflict',
        `You cannot remove a paused container ${row.id}. Unpause and then stop the container before ` +
        'attempting removal or force remove');
    }
    if (!force && (isRunning(row) || row.status === 'restarting')) {
      const status = row.status === 'restarting' ? 'restarting' : 'running';
      return refuse('Conflict',
        `You cannot remove a ${status} container ${row.id}. Stop the container before attempting ` +
        'removal or force remove');
    }
    if (isRunning(row)) yield* killAndWait(core, row);
    if (core.tables.containers.get(row.id) === row) removeContainerNow(core, row, volumes);
    return undefined;
  });
}

/** Removes a container without a process; `volumes`: those made for it alone go along. */
export function removeContainerNow(core: EngineCore, row: ContainerRow, volumes = row.spec.host.autoRemove): void {
  cancelRestart(core, row);
  core.stoppedByHand.delete(row.id);
  core.restartWaits.delete(row.id);
  const ending = { exitCode: row.exitCode, error: row.error };
  core.emit({ type: 'ContainerRemoved', id: row.id });
  if (volumes) removeOwnVolumes(core, row.spec.mounts.filter((mount) => mount.anonymous).map(({ name }) => name));
  core.ended('removed', row.id, ending);
  core.ended('exit', row.id, ending);
}

/** Removes all containers without a process that `matches` takes; answers their ids, in order of creation. */
export function pruneContainers(core: EngineCore, matches: (row: ContainerRow) => boolean): readonly string[] {
  const removed = [...core.tables.containers.values()]
    .filter((row) => (row.status === 'created' || row.status === 'exited') && row.netns === '' && matches(row));
  for (const row of removed) removeContainerNow(core, row);
  return removed.map((row) => row.id);
}

/** Gives a container another name; DNS follows at once. */
export function* renameContainer(core: EngineCore, reference: string, wanted: string): Operation<undefined | Refusal> {
  const row = findContainer(core.tables, reference);
  const name = wanted.startsWith('/') ? wanted.slice(1) : wanted;
  if (name === '') return refuse('InvalidParameter', 'Neither old nor new names may be empty');
  if (isRefusal(row)) return row;
  return yield* core.locked(row.id, function* (): Operation<undefined | Refusal> {
    if (row.name === name) return refuse('InvalidParameter',
      'Renaming a container with the same name as its current name');
    const taken = checkName(core, name);
    if (taken !== undefined) return { ...taken, message: `Error when allocating new name: ${taken.message}` };
    core.emit({ type: 'ContainerRenamed', id: row.id, name });
    for (const endpoint of endpointsOf(core.tables, row.id)) {
      const network = core.tables.networks.get(endpoint.network)?.name ?? '';
      const config = row.attachments.get(network);
      if (config === undefined) continue;
      core.emit({ type: 'EndpointRenamed', id: endpoint.id, container: row.id, network: endpoint.network,
        names: namesOf(row, config) });
    }
    return undefined;
  });
}

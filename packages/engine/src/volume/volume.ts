// docker volume create, rm and prune. Volumes are trees of their own, shared by all containers that mount them.

import type { EngineCore } from '../core.js';
import { postNotice } from '../notice/post.js';
import { sizeOf } from '../image/store.js';
import { refuse, type Refusal } from '../refusal.js';
import type { TextTable } from '../container/spec.js';
import type { EngineTables, VolumeRow } from '../tables.js';

export interface VolumeRequest {
  /** Empty for a made-up one. */
  readonly name: string;
  readonly driver: string;
  readonly labels: TextTable;
  readonly options: TextTable;
}

/** The tree that a volume's files are in. */
export function volumeTree(name: string): string {
  return `volume/${name}`;
}

/** Bytes of a volume's files. */
export function volumeSize(tables: EngineTables, name: string): number {
  const tree = tables.trees.get(volumeTree(name));
  return tree === undefined ? 0 : sizeOf(tree);
}

/** Where the engine would keep a volume on its host. */
export function mountpointOf(name: string): string {
  return `/var/lib/docker/volumes/${name}/_data`;
}

/** The volume of that name; a new one when there is none. */
export function createVolume(core: EngineCore, request: VolumeRequest, anonymous = request.name === ''): VolumeRow
  | Refusal {
  const name = request.name === '' ? core.port.newId('volume') : request.name;
  const flaw = nameFlaw(name);
  if (flaw !== undefined) return refuse('InvalidParameter', `create ${name}: ${flaw}`);
  const existing = core.tables.volumes.get(name);
  if (existing !== undefined) {
    // Docker tells of a volume that is asked for again as of a new one.
    postNotice(core, { kind: 'volume', action: 'create', actor: name, scope: 'local',
      attributes: { driver: existing.driver } });
    return existing;
  }
  if (request.driver !== '' && request.driver !== 'local') {
    return refuse('NotFound', `create ${name}: error looking up volume plugin ${request.driver}: plugin `
      + `"${request.driver}" not found`);
  }
  const option = optionFlaw(request.options);
  if (option !== undefined) return refuse('InvalidParameter', `create ${name}: ${option}`);
  core.emit({ type: 'VolumeCreated', name, driver: 'local', labels: request.labels, options: request.options,
    anonymous });
  return core.tables.volumes.get(name)!;
}

function nameFlaw(name: string): string | undefined {
  if (name.length === 1) return 'volume name is too short, names should be at least two alphanumeric characters';
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name) ? undefined
    : `"${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. `
      + 'If you intended to pass a host directory, use absolute path';
}

function optionFlaw(options: TextTable): string | undefined {
  const names = Object.keys(options);
  const odd = names.find((name) => !['type', 'o', 'device', 'size'].includes(name));
  if (odd !== undefined) return `invalid option: "${odd}"`;
  return names.length > 0 && options['device'] === undefined && options['size'] === undefined
    ? 'missing required option: "device"' : undefined;
}

/** Ids of the containers that mount a volume, in order of creation. */
export function usersOf(tables: EngineTables, name: string): readonly string[] {
  return [...tables.containers.values()].filter((row) => row.spec.mounts.some((mount) => mount.name === name))
    .map((row) => row.id);
}

export function removeVolume(core: EngineCore, name: string, force: boolean): undefined | Refusal {
  if (!core.tables.volumes.has(name)) return force ? undefined : refuse('NotFound', `get ${name}: no such volume`);
  const users = usersOf(core.tables, name);
  if (users.length > 0) return refuse('Conflict', `remove ${name}: volume is in use - [${users.join(', ')}]`);
  core.emit({ type: 'VolumeRemoved', name });
  return undefined;
}

/** Removes all volumes that no container mounts and `matches` takes; their names. */
export function pruneVolumes(core: EngineCore, matches: (row: VolumeRow) => boolean): readonly string[] {
  const used = new Set([...core.tables.containers.values()].flatMap((row) => row.spec.mounts.map(({ name }) => name)));
  const removed = [...core.tables.volumes.values()].filter((row) => !used.has(row.name) && matches(row))
    .map(({ name }) => name);
  for (const name of removed) core.emit({ type: 'VolumeRemoved', name });
  return removed;
}

/** The anonymous volumes of a container that is removed with them, unless others mount them. */
export function removeOwnVolumes(core: EngineCore, names: readonly string[]): void {
  for (const name of names) {
    if (core.tables.volumes.get(name)?.anonymous === true && usersOf(core.tables, name).length === 0) {
      core.emit({ type: 'VolumeRemoved', name });
    }
  }
}

// What a container's network mode says: a namespace of its own, the host's, or another container's.

import type { ContainerRow, EngineTables } from '../tables.js';
import type { ContainerSpec } from './spec.js';

const CONTAINER_PREFIX = 'container:';

/** Whether the container runs in another one's namespace. */
export function isContainerMode(spec: ContainerSpec): boolean {
  return spec.host.networkMode.startsWith(CONTAINER_PREFIX);
}

/** Whether the container runs in the host's own namespace. */
export function isHostMode(spec: ContainerSpec): boolean {
  return spec.host.networkMode === 'host';
}

/** The container whose namespace is shared, as typed. */
export function sharedTarget(spec: ContainerSpec): string {
  return spec.host.networkMode.slice(CONTAINER_PREFIX.length);
}

/** The network that a mode names: `default` is the bridge, container mode none at all. */
export function networkOfMode(mode: string): string | undefined {
  if (mode.startsWith(CONTAINER_PREFIX)) return undefined;
  return mode === '' || mode === 'default' ? 'bridge' : mode;
}

/** The running container whose namespace `row` is in: itself, unless it joined another one's that still runs. */
export function sandboxOwner(tables: EngineTables, row: ContainerRow): ContainerRow {
  if (!row.sharesNetns || isHostMode(row.spec)) return row;
  for (const other of tables.containers.values()) {
    if (other.netns === row.netns && !other.sharesNetns) return other;
  }
  return row;
}

/** Other containers that run in the namespace of `row`, in order of creation. */
export function namespaceFellows(tables: EngineTables, row: ContainerRow): readonly ContainerRow[] {
  if ((tables.netnsHolders.get(row.netns) ?? 0) < 2) return [];
  return [...tables.containers.values()].filter((other) => other !== row && other.netns === row.netns);
}

/** What `hostname` says inside: in container mode the name of the namespace's owner. */
export function hostnameOf(tables: EngineTables, row: ContainerRow): string {
  return isContainerMode(row.spec) ? (row.files.get('/etc/hostname') ?? '').trim() : row.spec.hostname;
}

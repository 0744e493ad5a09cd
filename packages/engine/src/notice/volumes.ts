// Volumes of a container come and go with its runs, and those who watch are told.

import type { EngineCore } from '../core.js';
import type { ContainerRow } from '../tables.js';
import { postNotice } from './post.js';

/** The container's volumes are mounted, right before its process starts. */
export function tellMounted(core: EngineCore, row: ContainerRow): void {
  core.mounted.add(row.id);
  for (const { name, target, readOnly } of volumesOf(row)) {
    postNotice(core, { kind: 'volume', action: 'mount', actor: name, scope: 'local', attributes: { container: row.id,
      destination: target, driver: 'local', propagation: '', 'read/write': String(!readOnly) } });
  }
}

/** They are not any more; nothing is told of those that never were. */
export function tellUnmounted(core: EngineCore, row: ContainerRow): void {
  if (!core.mounted.delete(row.id)) return;
  for (const { name } of volumesOf(row)) {
    postNotice(core, { kind: 'volume', action: 'unmount', actor: name, scope: 'local',
      attributes: { container: row.id, driver: 'local' } });
  }
}

function volumesOf(row: ContainerRow): ContainerRow['spec']['mounts'] {
  return row.spec.mounts.filter(({ type }) => type === 'volume');
}

// Volumes and mounts as list and inspect show them.

import { mountpointOf, type MountSpec, type VolumeRow } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';

/** GET /volumes/{name}. */
export function volumeShape({ name, driver, labels, options, createdAt }: VolumeRow): JsonObject {
  return { CreatedAt: rfc3339(createdAt - createdAt % 1_000_000_000), Driver: driver, Labels: orNull(labels),
    Mountpoint: mountpointOf(name), Name: name, Options: orNull(options), Scope: 'local' };
}

function orNull(table: { readonly [key: string]: string }): JsonObject | null {
  return Object.keys(table).length === 0 ? null : table;
}

/** A container's Mounts. */
export function mountsShape(mounts: readonly MountSpec[]): JsonObject[] {
  return mounts.filter(({ type, anonymous }) => type !== 'tmpfs' || !anonymous).map(mountShape);
}

function mountShape({ type, name, source, target, readOnly, mode }: MountSpec): JsonObject {
  switch (type) {
    case 'volume': return { Type: 'volume', Name: name, Source: mountpointOf(name), Destination: target,
      Driver: 'local', Mode: mode, RW: !readOnly, Propagation: '' };
    case 'bind': return { Type: 'bind', Source: source, Destination: target, Mode: mode, RW: !readOnly,
      Propagation: 'rprivate' };
    case 'tmpfs': return { Type: 'tmpfs', Source: '', Destination: target, Mode: mode, RW: !readOnly,
      Propagation: '' };
  }
}

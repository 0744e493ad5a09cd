// All that can be asked of an engine about volumes.

import type { Operation } from '@netreel/sim';
import type { EngineCore } from '../core.js';
import { refuse, type Refusal } from '../refusal.js';
import type { VolumeRow } from '../tables.js';
import { createVolume, pruneVolumes, removeVolume, volumeSize, type VolumeRequest } from './volume.js';

export class Volumes {
  constructor(private readonly core: EngineCore) {}

  *create(request: VolumeRequest): Operation<VolumeRow | Refusal> {
    return createVolume(this.core, request);
  }

  *remove(name: string, force: boolean): Operation<undefined | Refusal> {
    return removeVolume(this.core, name, force);
  }

  *prune(matches: (row: VolumeRow) => boolean): Operation<readonly string[]> {
    return pruneVolumes(this.core, matches);
  }

  /** Bytes of all files in volumes. */
  bytes(): number {
    const { tables } = this.core;
    return [...tables.volumes.keys()].reduce((sum, name) => sum + volumeSize(tables, name), 0);
  }

  find(name: string): VolumeRow | Refusal {
    return this.core.tables.volumes.get(name) ?? refuse('NotFound', `get ${name}: no such volume`);
  }
}

// All that can be asked of an engine about files: what programs see, and docker cp, diff and export.

import { findContainer } from '../container/lookup.js';
import type { EngineCore } from '../core.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { ContainerRow, EngineTables } from '../tables.js';
import { packPath, statPath, unpackInto, type PathStat } from './copy.js';
import { namesOf } from './node.js';
import type { FileSpace } from './space.js';
import { containerSpace, containerTree, hostSpace, lowerOf } from './spaces.js';
import { entriesOf, writeArchive } from './tar.js';
import { changes, merged, type Change } from './union.js';

export class Files {
  /** What running programs see; made once for each container. */
  private readonly spaces = new Map<string, FileSpace>();
  readonly host: FileSpace;

  constructor(private readonly core: EngineCore) {
    this.host = hostSpace(core);
  }

  /** The files that a host begins with. */
  boot(): void {
    for (const [path, text] of this.core.port.hostFiles) {
      const names = namesOf(path);
      for (let depth = 1; depth < names.length; depth++) this.host.makeFolder(`/${names.slice(0, depth).join('/')}`);
      this.host.write(path, text);
    }
  }

  /** A container's files; undefined when there is no such container. */
  of(container: string): FileSpace | undefined {
    const row = this.core.tables.containers.get(container);
    if (row === undefined) {
      this.spaces.delete(container);
      return undefined;
    }
    let space = this.spaces.get(container);
    if (space === undefined) this.spaces.set(container, space = containerSpace(this.core, row));
    return space;
  }

  /** The container is gone. */
  forget(container: string): void {
    this.spaces.delete(container);
  }

  /** docker diff. */
  changes(reference: string): readonly Change[] | Refusal {
    const row = findContainer(this.core.tables, reference);
    return isRefusal(row) ? row : changesOf(this.core.tables, row);
  }

  /** docker export: the whole tree as an archive, mounts left out. */
  export(reference: string): Uint8Array | Refusal {
    const row = findContainer(this.core.tables, reference);
    if (isRefusal(row)) return row;
    const { tables } = this.core;
    return writeArchive(entriesOf(merged({ upper: tables.trees.get(containerTree(row.id)),
      lower: lowerOf(tables, row) })));
  }

  /** docker cp from a container: what is at a path, and an archive of it. */
  pack(reference: string, path: string): { readonly stat: PathStat; readonly archive: Uint8Array } | Refusal {
    const space = this.copySpace(reference);
    return isRefusal(space) ? space : packPath(space, path) ?? missingFile(reference, path);
  }

  stat(reference: string, path: string): PathStat | Refusal {
    const space = this.copySpace(reference);
    return isRefusal(space) ? space : statPath(space, path) ?? missingFile(reference, path);
  }

  /** docker cp into a container: unpacks an archive in a folder of it. */
  unpack(reference: string, path: string, archive: Uint8Array, keepKinds: boolean): undefined | Refusal {
    const space = this.copySpace(reference);
    if (isRefusal(space)) return space;
    if (space.stat(path) === undefined) return missingFile(reference, path);
    return unpackInto(space, path, archive, keepKinds);
  }

  private copySpace(reference: string): FileSpace | Refusal {
    const row = findContainer(this.core.tables, reference);
    return isRefusal(row) ? row : containerSpace(this.core, row, true);
  }
}

function missingFile(reference: string, path: string): Refusal {
  return refuse('NotFound', `Could not find the file ${path} in container ${reference}`);
}

export function changesOf(tables: EngineTables, row: ContainerRow): readonly Change[] {
  return changes({ upper: tables.trees.get(containerTree(row.id)), lower: lowerOf(tables, row) });
}

// Files as a container sees them: those the engine keeps (hosts, resolv.conf, hostname) from its tables, the rest
// written by programs and gone with the container.

import type { EngineTables } from '@netreel/engine';
import { type FileStat, MemoryTree } from '@netreel/programs';
import type { SimTime } from '@netreel/sim';

export class ContainerFiles extends MemoryTree {
  constructor(private readonly tables: EngineTables, private readonly container: string, now: () => SimTime) {
    super([], now);
  }

  override read(path: string): string | undefined {
    return super.read(path) ?? this.kept()?.get(path);
  }

  override stat(path: string): FileStat | undefined {
    const kept = super.read(path) === undefined ? this.kept()?.get(path) : undefined;
    return kept === undefined ? super.stat(path)
      : { kind: 'file', mode: 0o644, sizeBytes: kept.length, modifiedAt: 0 };
  }

  override list(path: string): readonly string[] | undefined {
    const written = super.list(path);
    if (written === undefined) return undefined;
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const kept = [...this.kept()?.keys() ?? []].filter((file) => file.startsWith(prefix))
      .map((file) => file.slice(prefix.length).split('/')[0]!);
    return [...new Set([...written, ...kept])].sort();
  }

  private kept(): ReadonlyMap<string, string> | undefined {
    return this.tables.containers.get(this.container)?.files;
  }
}

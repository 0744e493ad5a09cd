// Files as a container sees them: those the engine keeps (hosts, resolv.conf, hostname) from its tables, the rest
// written by programs and gone with the container.

import type { EngineTables } from '@netreel/engine';
import type { FileTree } from '@netreel/programs';

/** Directories that every image has. */
const FOLDERS: readonly string[] = ['/', '/bin', '/dev', '/etc', '/home', '/proc', '/root', '/tmp', '/usr', '/var'];

/** A tree of texts in memory. */
export class MemoryFiles implements FileTree {
  /** Comes with the first file: most containers write none. */
  private written: Map<string, string> | undefined = undefined;

  constructor(initial: readonly (readonly [string, string])[] = []) {
    if (initial.length > 0) this.written = new Map(initial);
  }

  read(path: string): string | undefined {
    return path === '/dev/null' ? '' : this.written?.get(path);
  }

  write(path: string, content: string): string | undefined {
    if (path === '/dev/null') return undefined;
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    if (this.list(path) !== undefined) return 'Is a directory';
    if (this.list(folder) === undefined) return 'No such file or directory';
    this.written ??= new Map();
    this.written.set(path, content);
    return undefined;
  }

  list(path: string): readonly string[] | undefined {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const names = new Set<string>();
    for (const file of [...this.paths(), ...FOLDERS]) {
      if (file.startsWith(prefix) && file.length > prefix.length) names.add(file.slice(prefix.length).split('/')[0]!);
    }
    if (names.size === 0 && !FOLDERS.includes(path === '/' ? path : path.replace(/\/$/, ''))) return undefined;
    return [...names].sort();
  }

  protected paths(): readonly string[] {
    return [...this.written?.keys() ?? []];
  }
}

export class ContainerFiles extends MemoryFiles {
  constructor(private readonly tables: EngineTables, private readonly container: string) {
    super();
  }

  override read(path: string): string | undefined {
    return super.read(path) ?? this.kept()?.get(path);
  }

  protected override paths(): readonly string[] {
    return [...new Set([...super.paths(), ...(this.kept()?.keys() ?? [])])];
  }

  private kept(): ReadonlyMap<string, string> | undefined {
    return this.tables.containers.get(this.container)?.files;
  }
}

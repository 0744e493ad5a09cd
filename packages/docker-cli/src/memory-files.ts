// Files of a client as a scenario gives them: texts by path. What a command writes is kept for those that follow.

import { bytesOf, textOf, type ArchiveEntry } from '@netreel/docker-api';
import type { ClientFiles } from './step.js';

export class MemoryFiles implements ClientFiles {
  private readonly entries = new Map<string, ArchiveEntry>();

  constructor(texts: { readonly [path: string]: string } = {}) {
    for (const [path, text] of Object.entries(texts)) {
      // A script that is given as one can be run.
      this.put(plain(path), { ...FILE, mode: text.startsWith('#!') ? 0o755 : 0o644, bytes: bytesOf(text) });
    }
  }

  kindOf(path: string): 'file' | 'folder' | undefined {
    const name = plain(path);
    if (name === '') return 'folder';
    const kind = this.entries.get(name)?.kind;
    return kind === undefined ? undefined : kind === 'folder' ? 'folder' : 'file';
  }

  pack(path: string): readonly ArchiveEntry[] | undefined {
    const name = plain(path);
    const base = name === '' ? '.' : name.slice(name.lastIndexOf('/') + 1);
    if (this.kindOf(path) === undefined) return undefined;
    const own = this.entries.get(name);
    if (own !== undefined && own.kind !== 'folder') return [{ ...own, name: base }];
    const inside = [...this.entries.keys()].filter((each) => name === '' || each.startsWith(`${name}/`)).sort();
    return [{ ...FOLDER, name: base }, ...inside.map((each) => ({ ...this.entries.get(each)!,
      name: `${base}/${name === '' ? each : each.slice(name.length + 1)}` }))];
  }

  unpack(folder: string, entries: readonly ArchiveEntry[]): string | undefined {
    if (this.kindOf(folder) !== 'folder') {
      return `invalid output path: directory ${JSON.stringify(folder)} does not exist`;
    }
    for (const entry of entries) this.put(plain(`${folder}/${entry.name}`), entry);
    return undefined;
  }

  /** The text of a file. */
  text(path: string): string | undefined {
    const entry = this.entries.get(plain(path));
    return entry === undefined ? undefined : textOf(entry.bytes);
  }

  private put(name: string, entry: ArchiveEntry): void {
    const parts = name.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const outer = parts.slice(0, depth).join('/');
      if (!this.entries.has(outer)) this.entries.set(outer, { ...FOLDER, name: outer });
    }
    this.entries.set(name, { ...entry, name });
  }
}

const FILE: ArchiveEntry = { name: '', kind: 'file', mode: 0o644, seconds: 1_704_067_200, bytes: new Uint8Array(0),
  target: '' };
const FOLDER: ArchiveEntry = { ...FILE, kind: 'folder', mode: 0o755 };

function plain(path: string): string {
  return path.split('/').filter((part) => part !== '' && part !== '.').join('/');
}

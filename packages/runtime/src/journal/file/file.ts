// The journal in files: one portable `NAME.reel` per run, that can be copied and sent to somebody. One process writes a
// run at a time; others may read it meanwhile.

import { existsSync, mkdirSync, openSync, closeSync, readdirSync, realpathSync, rmSync,
  writeSync, fdatasyncSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '@netreel/sim';
import {
  checkName, JournalFault, oldestFirst, type Journal, type LastCommit, type NodeWriter, type ReadOptions,
  type PlacedCommit, type RunManifest, type StoredCommit,
} from '../journal.js';
import { ChainReader } from '../reading.js';
import { ChainedWriter, type CommitStore } from '../writer.js';
import { encodeCommit, encodeJson, encodePacked, ENTRY, fileHead } from './format.js';
import { Reel, readManifest } from './reel.js';
import { scanReel } from './scan.js';

const SUFFIX = '.reel';

export interface FileJournalOptions {
  /** Brings every append to the disk before it is answered; else only the end of a run. */
  readonly durable?: boolean;
  /** Told of torn ends and of files that are no runs. */
  readonly report?: (notice: string) => void;
  /** Compresses what is appended, each call's entries together: for files that travel. */
  readonly packed?: boolean;
  /** Is told of damage, which is passed over while reading; without it damage is a fault. */
  readonly salvage?: (damage: string) => void;
}

/** Which file holds which run. */
interface Shelf {
  path(run: string): string;
  files(): readonly string[];
  /** Whether a file is called as its run is; else only its manifest tells. */
  readonly namedByRun: boolean;
}

/** A journal in `directory`: a file `RUN.reel` for each run. */
export function fileJournal(directory: string, options: FileJournalOptions = {}): Journal {
  mkdirSync(directory, { recursive: true });
  return new FileJournal({
    path: (run) => join(directory, run + SUFFIX),
    files: () => readdirSync(directory).sort()
      .filter((name) => name.endsWith(SUFFIX)).map((name) => join(directory, name)),
    namedByRun: true,
  }, options);
}

/** A journal that is one file, whatever its name: for export and import. It holds one run at most. */
export function reelFile(path: string, options: FileJournalOptions = {}): Journal {
  mkdirSync(dirname(path), { recursive: true });
  return new FileJournal({ path: () => path, files: () => (existsSync(path) ? [path] : []), namedByRun: false },
    options);
}

class FileJournal implements Journal {
  private readonly open = new Map<string, Reel>();
  private readonly durable: boolean;
  private readonly report: (notice: string) => void;

  private readonly packed: boolean;
  private readonly salvage: ((damage: string) => void) | undefined;

  constructor(private readonly shelf: Shelf, options: FileJournalOptions) {
    const { durable = false, report = () => undefined, packed = false, salvage } = options;
    this.durable = durable;
    this.report = report;
    this.packed = packed;
    this.salvage = salvage;
  }

  async create(manifest: RunManifest): Promise<void> {
    checkName('run', manifest.run);
    const path = this.shelf.path(manifest.run);
    let file: number;
    try {
      file = openSync(path, 'wx');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw new JournalFault('exists', `${path} exists already`);
      throw new JournalFault('unavailable', `${path}: ${message}`);
    }
    try {
      writeSync(file, Buffer.concat([fileHead(), encodeJson(ENTRY.manifest, manifest)]));
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  async runs(): Promise<readonly RunManifest[]> {
    const found: RunManifest[] = [];
    for (const path of this.shelf.files()) {
      try {
        found.push(readManifest(path));
      } catch (error) {
        if (!(error instanceof JournalFault)) throw error;
        this.report(error.message);
      }
    }
    return found.sort(oldestFirst);
  }

  async manifest(run: string): Promise<RunManifest | undefined> {
    return this.holds(run) ? readManifest(this.shelf.path(run)) : undefined;
  }

  async finish(run: string, summary: Json): Promise<void> {
    this.writable(run).append([encodeJson(ENTRY.summary, summary)], true);
  }

  async summary(run: string): Promise<Json | undefined> {
    return this.holds(run) ? this.look(this.shelf.path(run), (reel) => reel.summary) : undefined;
  }

  async writer(run: string, node: string): Promise<NodeWriter> {
    checkName('node', node);
    const reel = this.writable(run);
    const epoch = reel.history(node).epoch + 1;
    reel.append([encodeJson(ENTRY.fence, { node, epoch })], this.durable);
    return new ChainedWriter(node, epoch, reel.history(node).last(), this.store(reel, node));
  }

  async *read(run: string, node: string, options: ReadOptions = {}): AsyncIterable<StoredCommit> {
    const reel = this.readable(run);
    try {
      const history = reel.history(node);
      const [first, end] = history.span(options.afterNumber, options.upTo);
      const chain = history.chainAt(first);
      if (chain === undefined) return;
      const reader = new ChainReader(`${reel.path}: ${node}`, first, chain);
      for (let place = first; place < end; place++) {
        const placed = history.links[place]!;
        const { number, from, chain: link } = placed;
        yield reader.check({ number, from, chain: link, bytes: reel.bytesOf(placed) });
      }
    } finally {
      reel.close();
    }
  }

  async nodes(run: string): Promise<readonly string[]> {
    return this.look(this.existing(run), (reel) => reel.nodes());
  }

  async last(run: string, node: string): Promise<LastCommit> {
    return this.look(this.existing(run), (reel) => reel.history(node).last());
  }

  scan(run: string, from: number, until: number, wanted: (node: string) => boolean): Iterable<PlacedCommit> {
    return scanReel(this.existing(run), from, until, wanted);
  }

  copyId(run: string): string {
    return realpathSync(this.existing(run));
  }

  async remove(run: string): Promise<void> {
    this.open.get(run)?.close();
    this.open.delete(run);
    rmSync(this.shelf.path(run), { force: true });
  }

  async close(): Promise<void> {
    for (const reel of this.open.values()) reel.close();
    this.open.clear();
  }

  private store(reel: Reel, node: string): CommitStore {
    return {
      last: async () => { reel.refresh(); return reel.history(node).last(); },
      chainAt: async (number) => { reel.refresh(); return reel.history(node).chainAt(number); },
      compareAndAppend: async (epoch, base, commits) => {
        reel.refresh();
        const result = reel.history(node).compare(epoch, base, commits);
        if (result.kind === 'appended') {
          const entries = commits.slice(result.present).map((commit) => encodeCommit(node, commit));
          reel.append(this.packed ? [encodePacked(entries)] : entries, this.durable);
        }
        return result;
      },
    };
  }

  /** Whether `run` is on the shelf. */
  private holds(run: string): boolean {
    const path = this.shelf.path(run);
    if (!existsSync(path)) return false;
    return this.shelf.namedByRun || readManifest(path).run === run;
  }

  private existing(run: string): string {
    if (!this.holds(run)) throw new JournalFault('missing', `there is no run ${run}`);
    return this.shelf.path(run);
  }

  private writable(run: string): Reel {
    let reel = this.open.get(run);
    if (reel === undefined) {
      reel = new Reel(this.existing(run), true, this.report);
      this.open.set(run, reel);
    }
    reel.refresh();
    return reel;
  }

  private readable(run: string): Reel {
    const reel = new Reel(this.existing(run), false, this.report, this.salvage);
    try {
      reel.refresh();
      return reel;
    } catch (error) {
      reel.close();
      throw error;
    }
  }

  private look<T>(path: string, at: (reel: Reel) => T): T {
    for (const open of this.open.values()) {
      if (open.path !== path) continue;
      open.refresh();
      return at(open);
    }
    const reel = new Reel(path, false, this.report, this.salvage);
    try {
      reel.refresh();
      return at(reel);
    } finally {
      reel.close();
    }
  }
}

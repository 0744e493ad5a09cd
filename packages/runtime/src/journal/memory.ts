// The journal of a process that keeps nothing: for embedded runs and tests.

import type { Json } from '@netreel/sim';
import {
  checkName, JournalFault, oldestFirst, type Journal, type LastCommit, type NodeWriter, type ReadOptions,
  type RunManifest, type StoredCommit,
} from './journal.js';
import { NodeHistory } from './node-history.js';
import { ChainReader } from './reading.js';
import { ChainedWriter } from './writer.js';

interface Run {
  readonly manifest: RunManifest;
  summary?: Json;
  readonly nodes: Map<string, NodeHistory<StoredCommit>>;
}

/** A journal in this process' memory. */
export function memoryJournal(): Journal {
  return new MemoryJournal();
}

class MemoryJournal implements Journal {
  private readonly stored = new Map<string, Run>();

  async create(manifest: RunManifest): Promise<void> {
    checkName('run', manifest.run);
    if (this.stored.has(manifest.run)) throw new JournalFault('exists', `run ${manifest.run} exists already`);
    this.stored.set(manifest.run, { manifest, nodes: new Map() });
  }

  async runs(): Promise<readonly RunManifest[]> {
    return [...this.stored.values()].map((run) => run.manifest).sort(oldestFirst);
  }

  async manifest(run: string): Promise<RunManifest | undefined> {
    return this.stored.get(run)?.manifest;
  }

  async finish(run: string, summary: Json): Promise<void> {
    this.find(run).summary = summary;
  }

  async summary(run: string): Promise<Json | undefined> {
    return this.stored.get(run)?.summary;
  }

  async writer(run: string, node: string): Promise<NodeWriter> {
    checkName('node', node);
    const { nodes } = this.find(run);
    const history = nodes.get(node) ?? new NodeHistory<StoredCommit>(node);
    nodes.set(node, history);
    const epoch = ++history.epoch;
    return new ChainedWriter(node, epoch, history.last(), {
      last: async () => history.last(),
      chainAt: async (number) => history.chainAt(number),
      compareAndAppend: async (writerEpoch, base, commits) => {
        const result = history.compare(writerEpoch, base, commits);
        if (result.kind === 'appended') {
          for (const commit of commits.slice(result.present)) {
            history.links.push({ ...commit, bytes: new Uint8Array(commit.bytes) });
          }
        }
        return result;
      },
    });
  }

  async *read(run: string, node: string, options: ReadOptions = {}): AsyncIterable<StoredCommit> {
    const history = this.find(run).nodes.get(node);
    if (history === undefined) return;
    const [first, end] = history.span(options.afterNumber, options.upTo);
    const chain = history.chainAt(first);
    if (chain === undefined) return;
    const reader = new ChainReader(`${run}/${node}`, first, chain);
    for (let place = first; place < end; place++) {
      const commit = reader.check(history.links[place]!);
      yield { ...commit, bytes: new Uint8Array(commit.bytes) };
    }
  }

  async nodes(run: string): Promise<readonly string[]> {
    return [...this.find(run).nodes].filter(([, history]) => history.links.length > 0).map(([name]) => name).sort();
  }

  async last(run: string, node: string): Promise<LastCommit> {
    return (this.find(run).nodes.get(node) ?? new NodeHistory(node)).last();
  }

  copyId(run: string): string {
    return `memory ${run}`;
  }

  async remove(run: string): Promise<void> {
    this.stored.delete(run);
  }

  async close(): Promise<void> {
    // Memory goes with the process.
  }

  private find(run: string): Run {
    const found = this.stored.get(run);
    if (found === undefined) throw new JournalFault('missing', `there is no run ${run}`);
    return found;
  }
}

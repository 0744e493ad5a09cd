// Writing an embedded run down: commits are encoded as soon as a window has been lived, and appended to the journal a
// batch at a time.

import { genesisHash, chainHash, historyCodec, historyHash } from '@netreel/protocol';
import type { CommitBytes, Journal, NodeWriter } from '@netreel/runtime';
import type { Commit, LabSpec } from '@netreel/sim';
import { EXIT, UserFault } from '../fault.js';

interface NodeHistory {
  readonly name: string;
  readonly writer: NodeWriter | undefined;
  chain: string;
  pending: CommitBytes[];
}

export class Recorder {
  private constructor(private readonly nodes: readonly NodeHistory[]) {}

  /** Without a journal only the hashes are kept. */
  static async open(lab: LabSpec, run: string, journal: Journal | undefined): Promise<Recorder> {
    const nodes: NodeHistory[] = [];
    for (const { name } of lab.nodes) {
      nodes.push({ name, writer: await journal?.writer(run, name), chain: genesisHash(name), pending: [] });
    }
    return new Recorder(nodes);
  }

  /** A commit of a node, by its index. */
  readonly sink = (commit: Commit, node: number): void => {
    const history = this.nodes[node]!;
    const bytes = historyCodec.encodeCommit(commit);
    history.chain = chainHash(history.chain, bytes);
    if (history.writer !== undefined) history.pending.push({ number: commit.number, from: commit.from, bytes });
  };

  /** Appends what has come together since the last call. */
  async flush(): Promise<void> {
    for (const history of this.nodes) {
      if (history.pending.length === 0) continue;
      const commits = history.pending;
      history.pending = [];
      const result = await history.writer!.append(commits);
      if (result.kind !== 'appended' && result.kind !== 'identical') {
        throw new UserFault(EXIT.damaged, `the journal refused commits of ${history.name}: ${result.kind}`);
      }
    }
  }

  async close(): Promise<void> {
    for (const history of this.nodes) await history.writer?.close();
  }

  history(): string {
    return historyHash(new Map(this.nodes.map(({ name, chain }) => [name, chain])));
  }
}

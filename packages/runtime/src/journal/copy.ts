// A run from one journal into another: export to a file, import from one.

import type { Journal, NodeWriter, StoredCommit } from './journal.js';
import { JournalFault } from './journal.js';

/** So many commits of one node wait before they are appended. */
const TOGETHER = 500;

/**
 * Copies a whole run, links and all, in the order of time; `as` gives it another name. What is there already must be
 * equal. Without `whole` it gets no summary: the copy is of a run that lost something.
 */
export async function copyRun(source: Journal, target: Journal, run: string, as = run, whole = true): Promise<void> {
  const manifest = await source.manifest(run);
  if (manifest === undefined) throw new JournalFault('missing', `there is no run ${run}`);
  await target.create({ ...manifest, run: as });
  const nodes: NodeCopy[] = [];
  for (const node of await source.nodes(run)) {
    const copy = new NodeCopy(`${run}/${node}`, await target.writer(as, node),
      source.read(run, node)[Symbol.asyncIterator]());
    await copy.read();
    nodes.push(copy);
  }
  // One after the other would do as well; but whoever reads the copy as it lies wants to come past every moment once.
  for (;;) {
    let next: NodeCopy | undefined;
    for (const node of nodes) {
      if (node.next !== undefined && (next?.next === undefined || node.next.from < next.next.from)) next = node;
    }
    if (next === undefined) break;
    await next.take();
    if (next.isFull) for (const node of nodes) await node.store();
  }
  for (const node of nodes) await node.close();
  const summary = await source.summary(run);
  if (summary !== undefined && whole) await target.finish(as, summary);
}

class NodeCopy {
  next: StoredCommit | undefined;
  private waiting: StoredCommit[] = [];

  constructor(private readonly name: string, private readonly writer: NodeWriter,
    private readonly commits: AsyncIterator<StoredCommit>) {}

  get isFull(): boolean {
    return this.waiting.length >= TOGETHER;
  }

  async read(): Promise<void> {
    const { value, done } = await this.commits.next() as IteratorResult<StoredCommit, undefined>;
    this.next = done === true ? undefined : value;
  }

  async take(): Promise<void> {
    this.waiting.push(this.next!);
    await this.read();
  }

  async store(): Promise<void> {
    if (this.waiting.length === 0) return;
    const result = await this.writer.append(this.waiting);
    if (result.kind !== 'appended' && result.kind !== 'identical') {
      throw new JournalFault('damaged',
        `copying ${this.name} stopped before commit ${this.waiting[0]!.number}: ${result.kind}`);
    }
    this.waiting = [];
  }

  async close(): Promise<void> {
    await this.store();
    await this.writer.close();
  }
}

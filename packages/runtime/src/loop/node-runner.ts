// One node in a process: takes grants, lives windows, appends to the journal, and only then tells anybody. What it
// publishes may be lost: the journal has it.

import { type Codec, type ControlMessage, type EnvelopeBatch, chainHash, genesisHash } from '@netreel/protocol';
import { type AnyRecord, type Commit, type Envelope, type HistoryRecord, type Json, type LabSpec, Machine, type SimTime,
  assert }
  from '@netreel/sim';
import { isAnswer } from '@netreel/world';
import type { Journal, NodeWriter, StoredCommit } from '../journal/journal.js';
import { Channels } from './channel.js';
import { failPoint } from './fail-points.js';
import { type Inbox, JournalOutbox } from './outbox.js';

export type Grant = Extract<ControlMessage, { type: 'Grant' }>;
export type Done = Extract<ControlMessage, { type: 'Done' }>;

/** How a machine becomes a node, and what to do with an envelope's frame once it has been written. */
export interface NodeFactory {
  become(machine: Machine): void;
  release(envelope: Envelope): void;
}

export interface NodeRunnerOptions {
  readonly run: string;
  readonly lab: LabSpec;
  readonly node: string;
  readonly factory: NodeFactory;
  readonly codec: Codec;
  readonly journal: Journal;
  /** Absent for one that stands by: it only follows what another process records, until it takes over. */
  readonly writer?: NodeWriter;
  /** Publishes a batch towards its target. */
  readonly publish: (batch: EnvelopeBatch) => void;
}

/**
 * A regenerated commit differs from the recorded one: the code is not the one that wrote it, or it is not
 * deterministic.
 */
export class HistoryDiffers extends Error {
  override readonly name = 'HistoryDiffers';
}

export class NodeRunner {
  readonly machine: Machine;
  readonly channels: Channels;
  private readonly outbox: JournalOutbox;
  private readonly sent: number[];
  private arrivals: number[];
  private answers: HistoryRecord[] = [];
  private ranUntil: SimTime = 0;
  private commits = 0;
  private chain: string;
  private lastRecords = 0;
  private lastFrames = 0;
  private done: Done | undefined;
  /** What the journal held when this node was started. */
  private recorded: RecordedCommits | undefined;
  private writer: NodeWriter | undefined;
  /** The window of the last commit that was followed; undefined for a node that does not follow. */
  private followed: { from: SimTime; until: SimTime } | undefined;
  /** How often something the bus lost was fetched from a journal. */
  repairs = 0;

  constructor(private readonly options: NodeRunnerOptions) {
    const { lab, node } = options;
    const index = lab.nodes.findIndex((each) => each.name === node);
    assert(index >= 0, `the lab has no node ${node}`);
    this.machine = new Machine(lab, index);
    options.factory.become(this.machine);
    this.channels = new Channels(lab.nodes.length, (envelope) => this.machine.accept(envelope));
    this.sent = new Array<number>(lab.nodes.length).fill(0);
    this.arrivals = new Array<number>(lab.nodes.length).fill(0);
    this.chain = genesisHash(node);
    this.writer = options.writer;
    this.outbox = new JournalOutbox(options.journal, options.run, lab, index, options.codec);
  }

  get node(): string {
    return this.options.node;
  }

  /** Number of the last window that was answered; 0 before the first. */
  get lastWindow(): number {
    return this.done?.window ?? 0;
  }

  get commitCount(): number {
    return this.commits;
  }

  /**
   * Lives what the journal holds of the windows before `from`, and compares every commit with the recorded one. What is
   * recorded from there on is lived once more with everybody else, after a conductor began anew, and recognised by the
   * journal.
   */
  private async recover(from: SimTime): Promise<void> {
    this.recorded ??= await RecordedCommits.open(this.options, this.outbox);
    const { recorded } = this;
    for (let next = await recorded.next(); next !== undefined; next = await recorded.next()) {
      const { commit, bytes: stored } = next;
      if (commit.until > from) break;
      recorded.taken();
      // Lived already, when a conductor began anew.
      if (commit.number <= this.commits) continue;
      recorded.inbox.takeUntil(commit.until, this.channels);
      this.relive(commit, stored);
    }
    recorded.inbox.takeUntil(Number.MAX_SAFE_INTEGER, this.channels);
  }

  /** Lives a recorded commit again and compares it. */
  private relive(commit: Commit, stored: Uint8Array): void {
    for (const record of commit.records) if (record.kind === 'input') this.machine.admit(record.at, record.body);
    this.machine.run(commit.until);
    const again = this.machine.takeCommit(commit.from, commit.until);
    const bytes = again === undefined ? undefined : this.options.codec.encodeCommit(again);
    if (bytes === undefined || !sameBytes(bytes, stored)) {
      throw new HistoryDiffers(`commit ${commit.number} of ${this.node} comes out differently: ` +
        'another build wrote it, or something is not deterministic');
    }
    const envelopes = this.machine.takeEnvelopes();
    this.settle(again!, bytes, envelopes);
    for (const envelope of envelopes) this.options.factory.release(envelope);
    this.ranUntil = commit.until;
  }

  /** Lives what the journal holds behind what was lived so far, recorded by another process; false for nothing. */
  async follow(): Promise<boolean> {
    const { journal, run, node, codec, lab } = this.options;
    const news: StoredCommit[] = [];
    for await (const stored of journal.read(run, node, { afterNumber: this.commits })) {
      if (news.push(stored) === FOLLOWED_TOGETHER) break;
    }
    // What a commit needed of others was in their journals before it was in this one.
    if (news.length > 0) for (const source of lab.nodes.keys()) {
      if (source !== this.machine.index) await this.outbox.fetch(source, this.channels);
    }
    for (const { number, bytes } of news) {
      const decoded = codec.decodeCommit(bytes);
      if (!decoded.ok) throw new HistoryDiffers(`commit ${number} of ${node} cannot be read: ${decoded.flaw}`);
      this.relive(decoded.commit, bytes);
      this.followed = { from: decoded.commit.from, until: decoded.commit.until };
    }
    return news.length > 0;
  }

  /** From here on it lives by itself what is granted: whoever it followed is fenced, and all is followed. */
  async takeOver(writer: NodeWriter): Promise<void> {
    this.writer = writer;
    while (await this.follow()) continue;
    this.followed ??= { from: 0, until: 0 };
  }

  /** Lives a window, once; a grant that comes again gets the same answer. */
  async grant(grant: Grant): Promise<Done> {
    if (this.done !== undefined && grant.window === this.done.window) return this.done;
    if (this.followed === undefined) {
      await this.recover(grant.from);
    } else if (grant.from < this.ranUntil) {
      // Lived and recorded by the one before, who did not come to say so. What it sent stands in its journal.
      assert(this.followed.from === grant.from && this.followed.until === grant.until,
        `${this.node} is granted ${grant.from}, but followed until ${this.ranUntil}`);
      return this.answer(grant.window);
    }
    assert(grant.from >= this.ranUntil, `${this.node} is granted ${grant.from}, but ran until ${this.ranUntil}`);
    await this.fill(grant.expected);
    for (const input of grant.inputs as unknown as readonly { at: number; body: AnyRecord }[]) this.machine.admit(
      input.at, input.body);
    this.machine.run(grant.until);
    this.ranUntil = grant.until;
    const commit = this.machine.takeCommit(grant.from, grant.until);
    const envelopes = this.machine.takeEnvelopes();
    this.arrivals.fill(0);
    this.answers = [];
    this.lastRecords = 0;
    this.lastFrames = 0;
    if (commit !== undefined) {
      const bytes = this.options.codec.encodeCommit(commit);
      const batches = this.batches(grant.window, envelopes);
      this.settle(commit, bytes, envelopes);
      await this.append(commit, bytes);
      for (const batch of batches) {
        this.options.publish(batch);
        failPoint();
      }
      for (const envelope of envelopes) this.options.factory.release(envelope);
    }
    return this.answer(grant.window);
  }

  private async append(commit: Commit, bytes: Uint8Array): Promise<void> {
    failPoint();
    const result = await this.writer!.append([{ number: commit.number, from: commit.from, bytes }]);
    failPoint();
    if (result.kind === 'appended' || result.kind === 'identical') return;
    throw new HistoryDiffers(`commit ${commit.number} of ${this.node} was refused by the journal: ${result.kind}`);
  }

  /** Waits for what the bus has not brought yet; after a moment fetches it from the senders' journals. */
  private async fill(expected: readonly number[]): Promise<void> {
    for (let patience = 0; !this.channels.complete(expected); patience++) {
      if (patience < 10) {
        await new Promise((resolve) => { setTimeout(resolve, patience < 5 ? 1 : 5); });
        continue;
      }
      const source = this.channels.missing(expected);
      this.repairs++;
      await this.outbox.fetch(source, this.channels);
    }
  }

  private batches(window: number, envelopes: readonly Envelope[]): EnvelopeBatch[] {
    const source = this.machine.index;
    const byTarget = new Map<number, Envelope[]>();
    for (const envelope of envelopes) {
      const list = byTarget.get(envelope.target);
      if (list === undefined) byTarget.set(envelope.target, [envelope]);
      else list.push(envelope);
    }
    return [...byTarget].map(([target, list]) =>
      ({ source, target, window, before: this.sent[target]!, envelopes: list }));
  }

  /** Counts what a commit brought, live or recovered. */
  private settle(commit: Commit, bytes: Uint8Array, envelopes: readonly Envelope[]): void {
    this.commits = commit.number;
    this.chain = chainHash(this.chain, bytes);
    this.arrivals.fill(0);
    this.lastRecords = commit.records.length;
    this.lastFrames = 0;
    for (const { target, arrivesAt, body } of envelopes) {
      this.sent[target]!++;
      if (body.type === 'FrameCrossed') this.lastFrames++;
      if (this.arrivals[target] === 0 || arrivesAt < this.arrivals[target]!) this.arrivals[target] = arrivesAt;
    }
    this.answers = commit.records.filter(isAnswer);
  }

  private answer(window: number): Done {
    this.done = { type: 'Done', node: this.node, window, nextAt: this.machine.nextAt(), sent: [...this.sent],
      records: this.lastRecords,
      commits: this.commits, chain: this.chain, answers: this.answers as unknown as Json, arrivals: [...this.arrivals],
      frames: this.lastFrames };
    return this.done;
  }
}

/** A node's own commits as they were when it was started, one after the other. */
class RecordedCommits {
  private waiting: { readonly commit: Commit; readonly bytes: Uint8Array } | undefined;

  private constructor(private readonly node: string, private readonly codec: Codec, readonly inbox: Inbox,
    private readonly stored: AsyncIterator<StoredCommit>, private left: number) {}

  static async open({ journal, run, node, codec, writer }: NodeRunnerOptions,
    outbox: JournalOutbox): Promise<RecordedCommits> {
    assert(writer !== undefined, `${node} stands by: it has nothing to recover`);
    const stored = journal.read(run, node)[Symbol.asyncIterator]();
    // What this process appends itself lies behind the end that its writer found.
    return new RecordedCommits(node, codec, await outbox.everythingSentHere(), stored, writer.last.number);
  }

  /** The next one, until it was taken; undefined behind the last. */
  async next(): Promise<{ readonly commit: Commit; readonly bytes: Uint8Array } | undefined> {
    if (this.waiting !== undefined || this.left === 0) return this.waiting;
    const { value, done } = await this.stored.next() as IteratorResult<StoredCommit, undefined>;
    if (done === true) {
      this.left = 0;
      return undefined;
    }
    const decoded = this.codec.decodeCommit(value.bytes);
    if (!decoded.ok) throw new HistoryDiffers(`commit ${value.number} of ${this.node} cannot be read: ${decoded.flaw}`);
    this.waiting = { commit: decoded.commit, bytes: value.bytes };
    return this.waiting;
  }

  taken(): void {
    this.waiting = undefined;
    this.left--;
  }
}

/** So many commits are read before they are lived. */
const FOLLOWED_TOGETHER = 1_000;

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

// The journal in Redis. Keys: `netreel:runs` and `netreel:summaries` (hashes by run), `netreel:nodes:{RUN}` (a set),
// and per node `netreel:{RUN/NODE}:commits` (stream) and `:head` (hash).

import type { Json } from '@netreel/sim';
import { wallClock, type WallClock } from '../../clock.js';
import {
  checkName, JournalFault, oldestFirst, type Journal, type LastCommit, type NodeWriter, type ReadOptions,
  type RunManifest, type StoredCommit,
} from '../journal.js';
import { ChainedWriter } from '../writer.js';
import { RedisConnection, type RedisPatience } from './connection.js';
import { nodeKeys, RedisNodeStore } from './store.js';

const RUNS = 'netreel:runs';
const SUMMARIES = 'netreel:summaries';
const nodesKey = (run: string): string => `netreel:nodes:{${run}}`;

export interface RedisJournalOptions extends Partial<RedisPatience> {
  /** Told whenever a call has to be tried again. */
  readonly report?: (trouble: string) => void;
  readonly clock?: WallClock;
}

/** A journal in the Redis server at `url` (`redis://…`). Connects at the first call. */
export function redisJournal(url: string, options: RedisJournalOptions = {}): Journal {
  const { patienceMs = 30_000, callMs = 5_000, report = () => undefined, clock = wallClock } = options;
  return new RedisJournal(new RedisConnection(url, { patienceMs, callMs }, clock, report));
}

class RedisJournal implements Journal {
  constructor(private readonly connection: RedisConnection) {}

  async create(manifest: RunManifest): Promise<void> {
    checkName('run', manifest.run);
    const text = JSON.stringify(manifest);
    const stored = await this.connection.call(`creating ${manifest.run}`, async (redis) => {
      if ((await redis.hsetnx(RUNS, manifest.run, text)) === 1) return text;
      return redis.hget(RUNS, manifest.run);
    });
    // The same manifest is there when an earlier attempt was carried out and only its reply was lost; its date tells.
    if (stored !== text) throw new JournalFault('exists', `run ${manifest.run} exists already`);
  }

  async runs(): Promise<readonly RunManifest[]> {
    const all = await this.connection.call('listing runs', (redis) => redis.hvals(RUNS));
    return all.map((text) => JSON.parse(text) as RunManifest).sort(oldestFirst);
  }

  async manifest(run: string): Promise<RunManifest | undefined> {
    const text = await this.connection.call(`reading ${run}`, (redis) => redis.hget(RUNS, run));
    return text === null ? undefined : JSON.parse(text) as RunManifest;
  }

  async finish(run: string, summary: Json): Promise<void> {
    await this.existing(run);
    await this.connection.call(`finishing ${run}`, (redis) => redis.hset(SUMMARIES, run, JSON.stringify(summary)));
  }

  async summary(run: string): Promise<Json | undefined> {
    const text = await this.connection.call(`reading ${run}`, (redis) => redis.hget(SUMMARIES, run));
    return text === null ? undefined : JSON.parse(text) as Json;
  }

  async writer(run: string, node: string): Promise<NodeWriter> {
    checkName('node', node);
    await this.existing(run);
    await this.connection.call(`opening ${run}/${node}`, (redis) => redis.sadd(nodesKey(run), node));
    const store = new RedisNodeStore(this.connection, run, node);
    const epoch = await store.takeEpoch();
    // Read behind the fence: nobody else can move the end now.
    return new ChainedWriter(node, epoch, await store.last(), store);
  }

  async *read(run: string, node: string, options: ReadOptions = {}): AsyncIterable<StoredCommit> {
    await this.existing(run);
    yield* new RedisNodeStore(this.connection, run, node).read(options);
  }

  async nodes(run: string): Promise<readonly string[]> {
    await this.existing(run);
    const names = await this.connection.call(`listing the nodes of ${run}`, (redis) => redis.smembers(nodesKey(run)));
    const ends = await Promise.all(names.map((node) => this.last(run, node)));
    return names.filter((_, index) => ends[index]!.number > 0).sort();
  }

  async last(run: string, node: string): Promise<LastCommit> {
    await this.existing(run);
    return new RedisNodeStore(this.connection, run, node).last();
  }

  copyId(run: string): string {
    return `redis ${run}`;
  }

  async remove(run: string): Promise<void> {
    const names = await this.connection.call(`listing the nodes of ${run}`, (redis) => redis.smembers(nodesKey(run)));
    await this.connection.call(`removing ${run}`, async (redis) => {
      // The manifest goes first: a run that is half removed is no run, and what is left goes with the next attempt.
      await redis.hdel(RUNS, run);
      await redis.hdel(SUMMARIES, run);
      for (const node of names) {
        const { commits, head } = nodeKeys(run, node);
        await redis.del(commits, head);
      }
      await redis.del(nodesKey(run));
    });
  }

  async close(): Promise<void> {
    this.connection.close();
  }

  private async existing(run: string): Promise<void> {
    const there = await this.connection.call(`looking for ${run}`, (redis) => redis.hexists(RUNS, run));
    if (there === 0) throw new JournalFault('missing', `there is no run ${run}`);
  }
}

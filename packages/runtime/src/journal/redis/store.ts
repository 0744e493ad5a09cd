// One node's history in Redis: a stream of commits and a hash that holds its end and its fence. Both keys carry the
// same hash tag, so that a cluster keeps them together and spreads nodes.

import { genesisHash, type ChainHash } from '@netreel/protocol';
import type { Redis } from 'ioredis';
import {
  entryId, JournalFault, type AppendResult, type LastCommit, type Position, type ReadOptions, type StoredCommit,
} from '../journal.js';
import { ChainReader } from '../reading.js';
import type { CommitStore } from '../writer.js';
import type { RedisConnection } from './connection.js';
import { APPEND, LOCATE } from './scripts.js';

const PAGE_COMMITS = 1_000;
/** A page of large commits is cut: so many bytes in one reply are enough. */
const PAGE_BYTES = 8 * 1024 * 1024;

export interface NodeKeys {
  readonly commits: string;
  readonly head: string;
}

export function nodeKeys(run: string, node: string): NodeKeys {
  const tag = `netreel:{${run}/${node}}`;
  return { commits: `${tag}:commits`, head: `${tag}:head` };
}

/** The connection's client with our scripts: sent by their hash, in full only once a server. */
interface ScriptedRedis extends Redis {
  netreelAppendBuffer(...args: (string | number | Buffer)[]): Promise<(Buffer | number)[]>;
  netreelLocateBuffer(...args: (string | number)[]): Promise<Buffer[] | null>;
}

function scripted(redis: Redis): ScriptedRedis {
  if (!('netreelAppendBuffer' in redis)) {
    redis.defineCommand('netreelAppend', { numberOfKeys: 2, lua: APPEND });
    redis.defineCommand('netreelLocate', { numberOfKeys: 2, lua: LOCATE });
  }
  return redis as ScriptedRedis;
}

export class RedisNodeStore implements CommitStore {
  private readonly keys: NodeKeys;

  constructor(private readonly connection: RedisConnection, private readonly run: string,
    private readonly node: string) {
    this.keys = nodeKeys(run, node);
  }

  /** Fences all writers so far and gives the number of the new one. */
  takeEpoch(): Promise<number> {
    return this.connection.call(`opening ${this.name}`, (redis) => redis.hincrby(this.keys.head, 'epoch', 1));
  }

  last(): Promise<LastCommit> {
    return this.connection.call(`reading the end of ${this.name}`, async (redis) => {
      const [number, from, link] = await redis.hmgetBuffer(this.keys.head, 'number', 'from', 'link');
      if (number == null || from == null || link == null) {
        return { number: 0, id: '0-0', chain: genesisHash(this.node) };
      }
      return { number: Number(number), id: entryId(Number(from), Number(number)), chain: link.toString('hex') };
    });
  }

  async chainAt(number: number): Promise<ChainHash | undefined> {
    return (await this.locate(number))?.chain;
  }

  compareAndAppend(epoch: number, base: Position, commits: readonly StoredCommit[]): Promise<AppendResult> {
    const args: (string | number | Buffer)[] =
      [this.keys.commits, this.keys.head, epoch, base.number, Buffer.from(base.chain, 'hex')];
    for (const { from, number, chain, bytes } of commits) {
      args.push(from, number, Buffer.from(chain, 'hex'), asBuffer(bytes));
    }
    return this.connection.call(`appending to ${this.name}`, async (redis) => {
      const [kind, first, second] = await scripted(redis).netreelAppendBuffer(...args);
      switch (String(kind)) {
        case 'appended': return { kind: 'appended', present: Number(first) };
        case 'identical': return { kind: 'identical' };
        case 'fenced': return { kind: 'fenced', epoch: Number(first) };
        case 'regressed': return { kind: 'regressed', last: await this.last() };
        case 'diverged': {
          const number = Number(first);
          const offered = commits.find((commit) => commit.number === number)?.chain ?? base.chain;
          return { kind: 'diverged', number, stored: (second as Buffer).toString('hex'), offered };
        }
        default: throw new JournalFault('damaged', `${this.name}: the append script answered ${String(kind)}`);
      }
    });
  }

  /** The commits in order, the next page under way while one is looked at. */
  async *read({ afterNumber = 0, upTo }: ReadOptions): AsyncIterable<StoredCommit> {
    const start = afterNumber === 0 ? { id: '0-0', chain: genesisHash(this.node) } : await this.locate(afterNumber);
    if (start === undefined) return;
    const reader = new ChainReader(`${this.run}/${this.node}`, afterNumber, start.chain);
    const end = upTo === undefined ? '+' : String(upTo);
    let next: Promise<Page> | undefined = this.page(start.id, end, PAGE_COMMITS);
    while (next !== undefined) {
      const page: Page = await next;
      next = this.pageAfter(page, end);
      // Who stops reading early must not be told of the page that nobody waits for.
      next?.catch(() => undefined);
      for (const commit of page.commits) yield reader.check(commit);
    }
  }

  private get name(): string {
    return `${this.run}/${this.node}`;
  }

  private pageAfter({ commits, wanted, sizeBytes }: Page, end: string): Promise<Page> | undefined {
    const last = commits[commits.length - 1];
    if (last === undefined || commits.length < wanted) return undefined;
    const count = sizeBytes > PAGE_BYTES ? Math.max(1, Math.floor((wanted * PAGE_BYTES) / sizeBytes)) : wanted;
    return this.page(entryId(last.from, last.number), end, count);
  }

  private async page(afterId: string, end: string, wanted: number): Promise<Page> {
    const entries = await this.connection.call(`reading ${this.name}`,
      (redis) => redis.xrangeBuffer(this.keys.commits, `(${afterId}`, end, 'COUNT', wanted));
    let sizeBytes = 0;
    const commits = entries.map(([id, fields]) => {
      const commit = this.commitOf(id, fields);
      sizeBytes += commit.bytes.length;
      return commit;
    });
    return { commits, wanted, sizeBytes };
  }

  private commitOf(id: Buffer, fields: readonly Buffer[]): StoredCommit {
    const text = id.toString('latin1');
    const cut = text.indexOf('-');
    const [, link, , bytes] = fields;
    if (link === undefined || bytes === undefined) {
      throw new JournalFault('damaged', `${this.name}: entry ${text} holds no commit`);
    }
    return { from: Number(text.slice(0, cut)), number: Number(text.slice(cut + 1)), chain: link.toString('hex'),
      bytes };
  }

  private async locate(number: number): Promise<{ readonly id: string; readonly chain: ChainHash } | undefined> {
    const found = await this.connection.call(`looking for commit ${number} of ${this.name}`,
      (redis) => scripted(redis).netreelLocateBuffer(this.keys.commits, this.keys.head, number));
    if (found === null) return undefined;
    return { id: entryId(Number(found[0]), number), chain: found[1]!.toString('hex') };
  }
}

interface Page {
  readonly commits: readonly StoredCommit[];
  readonly wanted: number;
  readonly sizeBytes: number;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

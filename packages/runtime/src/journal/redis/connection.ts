// One connection to Redis that is thrown away at the first sign of trouble. A client that lives through a lost
// connection may settle promises with other calls' replies, or never; a new one, and calls that may all be repeated,
// cannot.

import { Redis } from 'ioredis';
import { TimedOut, within, type WallClock } from '../../clock.js';
import { JournalFault } from '../journal.js';

export interface RedisPatience {
  /** How long a call goes on trying before it gives up. */
  readonly patienceMs: number;
  /** How long one attempt may take. */
  readonly callMs: number;
}

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 1_000;

/** Replies by which a server says "not now": starting, disk full, memory full, being a replica, failing over. */
const NOT_NOW = /^(LOADING|MISCONF|OOM|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|BUSY|UNKILLABLE)\b/;

class Connection {
  readonly redis: Redis;
  /** Rejects when the connection ends, so that no call waits for a reply that cannot come. */
  readonly lost: Promise<never>;
  private isLost = false;

  constructor(url: string, callMs: number) {
    this.redis = new Redis(url, {
      lazyConnect: true, protocol: 2, enableOfflineQueue: false, autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 1, retryStrategy: () => null, connectTimeout: callMs, disableClientInfo: true,
      // The client's own timer for a polite good-bye; it would keep the process alive after a connection that broke.
      disconnectTimeout: 100,
    });
    this.lost = new Promise((_, reject) => {
      this.redis.on('error', (error: Error) => this.lose(reject, error));
      this.redis.on('close', () => this.lose(reject, new Error('connection closed')));
    });
    this.lost.catch(() => undefined);
  }

  get usable(): boolean {
    return !this.isLost;
  }

  end(): void {
    this.redis.disconnect();
  }

  private lose(reject: (error: Error) => void, error: Error): void {
    this.isLost = true;
    reject(error);
  }
}

export class RedisConnection {
  private current: Promise<Connection> | undefined;
  private closed = false;

  constructor(private readonly url: string, private readonly patience: RedisPatience, private readonly clock: WallClock,
    private readonly report: (trouble: string) => void) {}

  /**
   * Does `work`, again and again on new connections until it succeeds or patience ends. `work` must be harmless to
   * repeat, also when an earlier attempt was carried out and only its reply was lost.
   */
  async call<T>(what: string, work: (redis: Redis) => Promise<T>): Promise<T> {
    const deadlineMs = this.clock.nowMs() + this.patience.patienceMs;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      let connection: Connection | undefined;
      try {
        connection = await this.connection();
        return await within(this.patience.callMs, what, Promise.race([work(connection.redis), connection.lost]));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (this.closed) throw new JournalFault('unavailable', `${what}: the journal was closed`);
        if (isReply(error) && connection?.usable === true) {
          if (!NOT_NOW.test(message)) throw new JournalFault('unavailable', `${what}: Redis refuses: ${message}`);
        } else {
          this.discard(connection);
        }
        if (this.clock.nowMs() + waitMs > deadlineMs) {
          throw new JournalFault('unavailable',
            `${what}: no answer from Redis at ${withoutPassword(this.url)}: ${message}`);
        }
        this.report(`${what}: ${message}; trying again in ${waitMs} ms`);
        await this.clock.sleep(waitMs);
      }
    }
  }

  close(): void {
    this.closed = true;
    const { current } = this;
    this.current = undefined;
    current?.then((connection) => connection.end(), () => undefined);
  }

  /** The connection in use; a new one if there is none. Calls that come together share it. */
  private connection(): Promise<Connection> {
    if (this.closed) return Promise.reject(new Error('closed'));
    this.current ??= this.open();
    return this.current;
  }

  private async open(): Promise<Connection> {
    const connection = new Connection(this.url, this.patience.callMs);
    try {
      await within(this.patience.callMs, 'connecting', Promise.race([connection.redis.connect(), connection.lost]));
      return connection;
    } catch (error) {
      connection.end();
      this.current = undefined;
      throw error;
    }
  }

  private discard(connection: Connection | undefined): void {
    if (connection === undefined) return;
    connection.end();
    void this.current?.then((current) => {
      if (current === connection) this.current = undefined;
    }, () => undefined);
    if (!connection.usable) this.current = undefined;
  }
}

function isReply(error: unknown): boolean {
  return error instanceof Error && !(error instanceof TimedOut) && error.name === 'ReplyError';
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

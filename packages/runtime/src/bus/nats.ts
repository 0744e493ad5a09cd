// The bus over a NATS server. The client reconnects for ever; what is published while it is away is dropped without an
// error (it clears its buffer when it dials again), and a listener that is too slow loses messages unseen by the
// sender. Both are within what a Bus promises.

import { connect, type ConnectionOptions, Events, type NatsConnection } from 'nats';
import { wallClock, within } from '../clock.js';
import type { Bus, BusHandler, Subscription } from './bus.js';

const FLUSH_MS = 3_000;
const RECONNECT_WAIT_MS = 50;
const FIRST_WAIT_MS = 100;

export interface NatsBusOptions {
  /** Shown in the server's list of connections. */
  readonly name?: string;
  /** How long the first connection may take. */
  readonly patienceMs?: number;
  /** Told when the connection is lost, is back, or the server complains. */
  readonly report?: (notice: string) => void;
}

/** Connects to the server at `url` (`nats://…`); rejects when nobody answers in time. */
export async function natsBus(url: string, options: NatsBusOptions = {}): Promise<Bus> {
  const { name = 'netreel', patienceMs = 10_000, report = () => undefined } = options;
  const connection = await reach({
    servers: url, name, timeout: patienceMs, maxReconnectAttempts: -1, reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: 50,
    // A server that stopped answering without closing is given up after 3 unanswered pings.
    pingInterval: 5_000, maxPingOut: 3,
  }, patienceMs);
  void watch(connection, report);
  return new NatsBus(connection);
}

/** The first connection: a server that is just being started, or started again, is waited for. */
async function reach(options: ConnectionOptions, patienceMs: number): Promise<NatsConnection> {
  const deadlineMs = wallClock.nowMs() + patienceMs;
  for (;;) {
    try {
      return await connect(options);
    } catch (error) {
      if (wallClock.nowMs() + FIRST_WAIT_MS > deadlineMs) throw error;
      await wallClock.sleep(FIRST_WAIT_MS);
    }
  }
}

async function watch(connection: NatsConnection, report: (notice: string) => void): Promise<void> {
  for await (const status of connection.status()) {
    switch (status.type) {
      case Events.Disconnect: report('connection to the bus lost'); break;
      case Events.Reconnect: report('connection to the bus is back'); break;
      case Events.Error: report(`the bus complains: ${String(status.data)}`); break;
      default: break;
    }
  }
  const error = await connection.closed();
  if (error) report(`connection to the bus closed: ${error.message}`);
}

class NatsBus implements Bus {
  constructor(private readonly connection: NatsConnection) {}

  publish(subject: string, bytes: Uint8Array): void {
    // After close() there is nobody to tell: the same as a loss.
    if (this.connection.isClosed() || this.connection.isDraining()) return;
    // The client sends later what it is given now; until then the caller may write into its buffer.
    this.connection.publish(subject, new Uint8Array(bytes));
  }

  subscribe(pattern: string, handler: BusHandler): Subscription {
    const subscription = this.connection.subscribe(pattern, {
      callback: (error, message) => {
        // The client's read buffer is reused; the handler may keep what it gets.
        if (error === null) handler(message.subject, new Uint8Array(message.data));
      },
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }

  async flush(): Promise<void> {
    // Late, closed or disconnected: what is lost is lost, as any message may be.
    await within(FLUSH_MS, 'flushing the bus', this.connection.flush()).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.close();
  }
}

// The name server at 127.0.0.11 inside a container: names of its networks from the engine's tables, everything else
// asked of
// the servers outside.

import type { TcpListener, UdpSocket } from '@netreel/kernel';
import { type RandomStream, SECOND } from '@netreel/sim';
import { type DnsRecord, type Ipv4, DNS_PORT, decodeDns } from '@netreel/wire';
import { DnsListener, type ListenerPort, type Query } from './listener.js';
import { addressOfReverseName } from './resolver.js';

/** Of every answer from the tables; clients do not keep it anyway. */
const TTL_SECONDS = 600;
const UPSTREAM_TIMEOUT_NS = 4 * SECOND;
const UPSTREAM_ROUNDS = 3;
/** Questions that may wait for servers outside at one time; further ones are dropped. */
const FORWARDED_MAX = 100;

/** What the container's networks know. Names come in lower case, without a dot at their end. */
export interface NameSource {
  resolve(name: string, type: string): { readonly addresses: readonly Ipv4[] } | 'unknown';
  reverse(address: Ipv4): string | undefined;
}

export interface EmbeddedDnsOptions extends ListenerPort {
  /** Bound to port 53 of 127.0.0.11 in the container's namespace. */
  readonly socket: UdpSocket;
  /** Bound to the same place, for questions over TCP. */
  readonly listener?: TcpListener;
  readonly names: NameSource;
  /** Asked in this order for what `names` does not know. */
  readonly upstreams: readonly Ipv4[];
  /** A fresh socket in the namespace from which upstreams are asked. */
  openUpstream(): UdpSocket;
  readonly random: RandomStream;
}

export class EmbeddedDns {
  private readonly listener: DnsListener;
  private readonly forwarded = new Set<Forwarded>();

  constructor(private readonly options: EmbeddedDnsOptions) {
    this.listener = new DnsListener(options, options.socket, (query) => this.answer(query), options.listener);
  }

  close(): void {
    this.listener.close();
    for (const question of [...this.forwarded]) question.close();
    this.forwarded.clear();
  }

  private answer(query: Query): void {
    const records = query.question.type === 'PTR' ? this.reverse(query) : this.forward(query);
    if (records !== undefined) this.listener.reply(query, 'NOERROR', records);
    else this.askUpstream(query);
  }

  private reverse({ name, question }: Query): DnsRecord[] | undefined {
    const address = addressOfReverseName(name);
    const target = address === undefined ? undefined : this.options.names.reverse(address);
    return target === undefined ? undefined : [{ type: 'PTR', name: question.name, ttlSeconds: TTL_SECONDS, target }];
  }

  private forward({ name, question }: Query): DnsRecord[] | undefined {
    const known = this.options.names.resolve(name, question.type);
    if (known === 'unknown') return undefined;
    // A name that exists has no records of other types: an empty answer, so that nobody outside is asked about it.
    if (question.type !== 'A') return [];
    return this.options.random.shuffled(known.addresses)
      .map((address): DnsRecord => ({ type: 'A', name: question.name, ttlSeconds: TTL_SECONDS, address }));
  }

  private askUpstream(query: Query): void {
    if (this.forwarded.size >= FORWARDED_MAX) return;
    const forwarded = new Forwarded(this.options, query.payload, (answer) => {
      this.forwarded.delete(forwarded);
      if (answer === undefined) this.listener.reply(query, 'SERVFAIL', []);
      else this.listener.handBack(query, answer);
    });
    this.forwarded.add(forwarded);
    forwarded.askNext();
  }
}

/** One question on its way through the servers outside. */
class Forwarded {
  private asked = 0;
  private socket: UdpSocket | undefined = undefined;
  private tickets: number[] = [];

  constructor(private readonly options: EmbeddedDnsOptions, private readonly query: Uint8Array,
    private readonly ended: (answer: Uint8Array | undefined) => void) {}

  /** Asks the next server of the next round; ends without answer after the last. */
  askNext(): void {
    this.close();
    const { upstreams } = this.options;
    while (this.asked < upstreams.length * UPSTREAM_ROUNDS) {
      const server = upstreams[this.asked++ % upstreams.length]!;
      const socket = this.options.openUpstream();
      // Connected, so that a port where nobody listens is known at once.
      const failed = socket.connect(server, DNS_PORT) ?? socket.sendTo(server, DNS_PORT, this.query);
      if (failed === undefined) {
        this.socket = socket;
        socket.onReadable = () => this.soon(() => this.received());
        this.later(UPSTREAM_TIMEOUT_NS, () => this.askNext());
        return;
      }
      socket.close();
    }
    this.ended(undefined);
  }

  close(): void {
    for (const ticket of this.tickets) this.options.cancel(ticket);
    this.tickets = [];
    this.socket?.close();
    this.socket = undefined;
  }

  private received(): void {
    const { socket } = this;
    if (socket === undefined) return;
    for (let datagram = socket.receive(); datagram !== undefined; datagram = socket.receive()) {
      const { payload } = datagram;
      if (payload[0] !== this.query[0] || payload[1] !== this.query[1]) continue;
      const message = decodeDns(payload);
      if (!message.ok || !message.packet.response) continue;
      // A server that fails is no answer while another one may know.
      if (message.packet.rcode === 'SERVFAIL' || message.packet.rcode === 'REFUSED') return this.askNext();
      this.close();
      return this.ended(payload);
    }
    if (socket.takeError() !== undefined) this.askNext();
  }

  private soon(action: () => void): void {
    this.later(0, action);
  }

  private later(waitNs: number, action: () => void): void {
    this.tickets.push(this.options.schedule(this.options.now() + waitNs, { fire: action }, undefined));
  }
}

// What every name server does with a message before it thinks about names: read it, refuse what is no question, answer.
// RFC 1035 sections 4.1 and 4.2.

import type { TcpListener, UdpSocket } from '@netreel/kernel';
import type { Handler, SimTime, Ticket } from '@netreel/sim';
import { type DnsMessage, type DnsQuestion, type DnsRcode, type DnsRecord, decodeDns, encodeDns,
  read16 } from '@netreel/wire';
import { DnsStreams } from './streams.js';

/** Section 4.2.1: longer answers are cut and marked. */
const UDP_BYTES_MAX = 512;
const HEADER_BYTES = 12;

export interface ListenerPort {
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
}

/** The way back to whoever asked. */
export interface Asker {
  /** What an answer may have. */
  readonly bytesMax: number;
  send(bytes: Uint8Array): void;
}

/** A question and whom to answer. */
export interface Query {
  readonly message: DnsMessage;
  readonly question: DnsQuestion;
  /** As `names` know it: lower case, without the dot at its end. */
  readonly name: string;
  /** As it came. */
  readonly payload: Uint8Array;
  readonly asker: Asker;
}

export class DnsListener {
  private ticket: Ticket | undefined = undefined;
  private readonly drain: Handler<undefined> = { fire: () => this.receiveAll() };
  private readonly streams: DnsStreams | undefined;

  /** `listener`: takes questions over TCP as well. */
  constructor(private readonly port: ListenerPort, private readonly socket: UdpSocket,
    private readonly answer: (query: Query) => void, listener?: TcpListener) {
    this.streams = listener && new DnsStreams(port, listener, (payload, asker) => this.received(payload, asker));
    // Later in this moment, not inside the kernel's receive path.
    socket.onReadable = () => { this.ticket ??= port.schedule(port.now(), this.drain, undefined); };
  }

  reply(query: Query, rcode: DnsRcode, answers: readonly DnsRecord[]): void {
    const { message, question, asker } = query;
    const kept = [...answers];
    for (;;) {
      const bytes = encodeDns({ ...head(message.id, rcode), truncated: kept.length < answers.length,
        recursionDesired: message.recursionDesired, questions: [question], answers: kept });
      if (bytes.length <= asker.bytesMax || kept.length === 0) {
        asker.send(bytes);
        return;
      }
      kept.pop();
    }
  }

  /** An answer that somebody else made, with the id that the client knows. */
  handBack(query: Query, answer: Uint8Array): void {
    const bytes = answer.slice();
    bytes[0] = query.message.id >>> 8;
    bytes[1] = query.message.id & 0xff;
    query.asker.send(bytes);
  }

  close(): void {
    if (this.ticket !== undefined) this.port.cancel(this.ticket);
    this.socket.close();
    this.streams?.close();
  }

  private receiveAll(): void {
    this.ticket = undefined;
    this.socket.takeError();
    for (let datagram = this.socket.receive(); datagram !== undefined; datagram = this.socket.receive()) {
      const { source, sourcePort, payload } = datagram;
      this.received(payload, { bytesMax: UDP_BYTES_MAX,
        send: (bytes) => { this.socket.sendTo(source, sourcePort, bytes); } });
    }
  }

  private received(payload: Uint8Array, asker: Asker): void {
    // Not even an id to answer to, or an answer: silence, or two servers could talk to each other for ever.
    if (payload.length < HEADER_BYTES || (payload[2]! & 0x80) !== 0) return;
    const message = decodeDns(payload);
    const question = message.ok ? message.packet.questions[0] : undefined;
    if (!message.ok || question === undefined) {
      asker.send(encodeDns({ ...head(read16(payload, 0), 'FORMERR'), questions: [], answers: [] }));
      return;
    }
    const query = { message: message.packet, question, name: plainName(question.name), payload, asker };
    if (message.packet.opcode !== undefined) this.reply(query, 'NOTIMP', []);
    else this.answer(query);
  }
}

function head(id: number, rcode: DnsRcode): Omit<DnsMessage, 'questions' | 'answers'> {
  return { id, response: true, authoritative: false, truncated: false, recursionDesired: true,
    recursionAvailable: true, rcode };
}

function plainName(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}

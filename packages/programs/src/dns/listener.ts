// What every name server does with a datagram before it thinks about names: read it, refuse what is no question,
// answer.
// RFC 1035 sections 4.1 and 4.2.1.

import type { Datagram, UdpSocket } from '@netreel/kernel';
import type { Handler, SimTime, Ticket } from '@netreel/sim';
import { type DnsMessage, type DnsQuestion, type DnsRcode, type DnsRecord, decodeDns, encodeDns,
  read16 } from '@netreel/wire';

/** Section 4.2.1: longer answers are cut and marked. */
const UDP_BYTES_MAX = 512;
const HEADER_BYTES = 12;

export interface ListenerPort {
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
}

/** A question and whom to answer. */
export interface Query {
  readonly message: DnsMessage;
  readonly question: DnsQuestion;
  /** As `names` know it: lower case, without the dot at its end. */
  readonly name: string;
  readonly datagram: Datagram;
}

export class DnsListener {
  private ticket: Ticket | undefined = undefined;
  private readonly drain: Handler<undefined> = { fire: () => this.receiveAll() };

  constructor(private readonly port: ListenerPort, private readonly socket: UdpSocket,
    private readonly answer: (query: Query) => void) {
    // Later in this moment, not inside the kernel's receive path.
    socket.onReadable = () => { this.ticket ??= port.schedule(port.now(), this.drain, undefined); };
  }

  reply(query: Query, rcode: DnsRcode, answers: readonly DnsRecord[]): void {
    const { message, question, datagram } = query;
    const kept = [...answers];
    for (;;) {
      const bytes = encodeDns({ ...head(message.id, rcode), truncated: kept.length < answers.length,
        recursionDesired: message.recursionDesired, questions: [question], answers: kept });
      if (bytes.length <= UDP_BYTES_MAX || kept.length === 0) {
        this.send(datagram, bytes);
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
    this.send(query.datagram, bytes);
  }

  close(): void {
    if (this.ticket !== undefined) this.port.cancel(this.ticket);
    this.socket.close();
  }

  private receiveAll(): void {
    this.ticket = undefined;
    this.socket.takeError();
    for (let datagram = this.socket.receive(); datagram !== undefined;
      datagram = this.socket.receive()) this.received(datagram);
  }

  private received(datagram: Datagram): void {
    const { payload } = datagram;
    // Not even an id to answer to, or an answer: silence, or two servers could talk to each other for ever.
    if (payload.length < HEADER_BYTES || (payload[2]! & 0x80) !== 0) return;
    const message = decodeDns(payload);
    const question = message.ok ? message.packet.questions[0] : undefined;
    if (!message.ok || question === undefined) {
      this.send(datagram, encodeDns({ ...head(read16(payload, 0), 'FORMERR'), questions: [], answers: [] }));
      return;
    }
    const query = { message: message.packet, question, name: plainName(question.name), datagram };
    if (message.packet.opcode !== undefined) this.reply(query, 'NOTIMP', []);
    else this.answer(query);
  }

  private send(datagram: Datagram, bytes: Uint8Array): void {
    this.socket.sendTo(datagram.source, datagram.sourcePort, bytes);
  }
}

function head(id: number, rcode: DnsRcode): Omit<DnsMessage, 'questions' | 'answers'> {
  return { id, response: true, authoritative: false, truncated: false, recursionDesired: true,
    recursionAvailable: true, rcode };
}

function plainName(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}

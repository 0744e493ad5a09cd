// Questions over TCP: each message has its length in two bytes before it. RFC 1035 section 4.2.2, RFC 7766 (several
// questions on one connection; who asks ends it, or is silent for too long).

import type { TcpListener, TcpSocket } from '@netreel/kernel';
import { type Handler, SECOND, type SimTime, type Ticket } from '@netreel/sim';
import { read16, write16 } from '@netreel/wire';
import type { Asker, ListenerPort } from './listener.js';

const LENGTH_BYTES = 2;
const MESSAGE_BYTES_MAX = 0xffff;
/** RFC 7766 section 6.2.3 leaves it to the server; Go's, which Docker's is made with, waits eight seconds. */
const IDLE_NS = 8 * SECOND;
const BACKLOG = 128;

interface Connection {
  readonly socket: TcpSocket;
  rest: Uint8Array;
  until: SimTime;
}

export class DnsStreams {
  private readonly connections = new Set<Connection>();
  private ticket: Ticket | undefined = undefined;
  private idle: Ticket | undefined = undefined;
  private readonly work: Handler<undefined> = { fire: () => this.workOff() };
  private readonly clearing: Handler<undefined> = { fire: () => this.endIdle() };

  constructor(private readonly port: ListenerPort, private readonly listener: TcpListener,
    private readonly received: (payload: Uint8Array, asker: Asker) => void) {
    listener.listen(BACKLOG);
    listener.onReadable = () => this.soon();
  }

  close(): void {
    for (const ticket of [this.ticket, this.idle]) if (ticket !== undefined) this.port.cancel(ticket);
    for (const connection of [...this.connections]) this.end(connection);
    this.listener.close();
  }

  /** Later in this moment, not inside the kernel's receive path. */
  private soon(): void {
    this.ticket ??= this.port.schedule(this.port.now(), this.work, undefined);
  }

  private workOff(): void {
    this.ticket = undefined;
    for (let socket = this.listener.accept(); socket !== undefined; socket = this.listener.accept()) {
      socket.onReadable = () => this.soon();
      this.connections.add({ socket, rest: new Uint8Array(), until: this.port.now() + IDLE_NS });
    }
    for (const connection of [...this.connections]) this.read(connection);
    if (this.connections.size === 0) return;
    this.idle ??= this.port.schedule(this.port.now() + IDLE_NS, this.clearing, undefined);
  }

  private read(connection: Connection): void {
    const { socket } = connection;
    for (let piece = socket.receive(); piece !== undefined; piece = socket.receive()) {
      if (piece.length === 0) return this.end(connection);
      const bytes = new Uint8Array(connection.rest.length + piece.length);
      bytes.set(connection.rest);
      bytes.set(piece, connection.rest.length);
      connection.rest = this.takeMessages(connection, bytes);
    }
    if (socket.takeError() !== undefined) this.end(connection);
  }

  /** What is left behind the last whole message. */
  private takeMessages(connection: Connection, bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES && bytes.length - at - LENGTH_BYTES >= read16(bytes, at)) {
      const end = at + LENGTH_BYTES + read16(bytes, at);
      connection.until = this.port.now() + IDLE_NS;
      this.received(bytes.slice(at + LENGTH_BYTES, end), { bytesMax: MESSAGE_BYTES_MAX,
        send: (answer) => sendFramed(connection.socket, answer) });
      at = end;
    }
    return bytes.slice(at);
  }

  private endIdle(): void {
    this.idle = undefined;
    let first: SimTime | undefined;
    for (const connection of [...this.connections]) {
      if (connection.until <= this.port.now()) this.end(connection);
      else if (first === undefined || connection.until < first) first = connection.until;
    }
    if (first !== undefined) this.idle = this.port.schedule(first, this.clearing, undefined);
  }

  private end(connection: Connection): void {
    connection.socket.onReadable = undefined;
    connection.socket.close();
    this.connections.delete(connection);
  }
}

/** Answers are small beside a send buffer; who does not take them loses them. */
function sendFramed(socket: TcpSocket, answer: Uint8Array): void {
  const framed = new Uint8Array(LENGTH_BYTES + answer.length);
  write16(framed, 0, answer.length);
  framed.set(answer, LENGTH_BYTES);
  socket.send(framed);
}

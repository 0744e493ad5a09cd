// Waiting for connections and answering on them, for servers whose answers are quick to give.

import type { TcpSocket } from '@netreel/kernel';
import { NEVER, type Operation } from '@netreel/sim';
import type { Ipv4 } from '@netreel/wire';
import type { Signal, Sys } from '../../contract.js';
import { errorText } from '../../usage.js';
import { TextReader, bytesOf } from '../stream/text-bytes.js';
import { writableOf } from '../stream/writable.js';

/** What to send back, what is left for later, whether the conversation ends. */
export interface Answer { readonly reply: string | Uint8Array; readonly rest: string; readonly close: boolean }

export interface Service {
  /** Every address when absent. */
  readonly address?: Ipv4;
  readonly port: number;
  readonly greeting?: ((socket: TcpSocket) => string | Uint8Array) | undefined;
  readonly closesAfterGreeting?: boolean;
  readonly answer: (text: string, socket: TcpSocket, raw: Uint8Array) => Answer;
  /** Somebody has gone. */
  readonly left?: (socket: TcpSocket) => void;
  /** What it says when it cannot have the port. */
  readonly refused: (reason: string) => string;
}

class Conversation {
  text = '';
  readonly reader = new TextReader();
  /** What did not fit into the send buffer yet. */
  pending: Uint8Array[] = [];
  ending = false;
  constructor(readonly socket: TcpSocket) {}
}

const BACKLOG = 511;

/** Serves until one of the signals comes. Images send the logs of their servers to standard output. */
export function* serve(sys: Sys, service: Service, stopSignals: readonly Signal[], heeded: readonly Signal[] = [],
  complaints: 'stdout' | 'stderr' = 'stdout'): Operation<number> {
  let stopped = false;
  for (const signal of stopSignals) sys.catchSignal(signal, () => { stopped = true; });
  for (const signal of heeded) sys.catchSignal(signal, () => undefined);
  const listener = sys.tcpListener();
  const refused = listener.bind(service.address ?? 0, service.port) ?? listener.listen(BACKLOG);
  if (refused !== undefined) {
    sys[complaints](`${service.refused(errorText(refused))}\n`);
    return 1;
  }
  const open = new Set<Conversation>();
  while (!stopped) {
    const sockets = [...open].map((conversation) => (conversation.pending.length > 0 ? writableOf(conversation.socket)
      : conversation.socket));
    yield* sys.waitReadable([listener, ...sockets], NEVER);
    for (let socket = listener.accept(); socket !== undefined; socket = listener.accept()) {
      const conversation = new Conversation(sys.own(socket));
      open.add(conversation);
      const greeting = service.greeting?.(socket);
      if (greeting !== undefined) push(conversation, greeting);
      conversation.ending = service.closesAfterGreeting === true;
    }
    // With its namespace gone there is nobody left to serve.
    if (listener.takeError() !== undefined) return 1;
    for (const conversation of open) {
      if (!goOn(conversation, service)) continue;
      service.left?.(conversation.socket);
      conversation.socket.close();
      sys.disown(conversation.socket);
      open.delete(conversation);
    }
  }
  return 0;
}

/** Writes what is pending, reads what came, answers; true at the end. */
function goOn(conversation: Conversation, service: Service): boolean {
  for (;;) {
    if (!flush(conversation)) return true;
    if (conversation.pending.length > 0) return false;
    if (conversation.ending) return true;
    if (!conversation.socket.readable()) return false;
    if (converse(conversation, service)) return true;
    if (conversation.pending.length === 0 && !conversation.socket.readable()) return conversation.ending;
  }
}

function converse(conversation: Conversation, service: Service): boolean {
  const { socket, reader } = conversation;
  const piece = socket.receive();
  if (piece === undefined) return socket.takeError() !== undefined;
  if (piece.length === 0) return true;
  const { reply, rest, close } = service.answer(conversation.text + reader.read(piece), socket, piece);
  conversation.text = rest;
  push(conversation, reply);
  conversation.ending = close;
  return false;
}

function push(conversation: Conversation, reply: string | Uint8Array): void {
  const bytes = typeof reply === 'string' ? bytesOf(reply) : reply;
  if (bytes.length > 0) conversation.pending.push(bytes);
  flush(conversation);
}

/** False when the connection is gone. */
function flush({ socket, pending }: Conversation): boolean {
  while (pending.length > 0) {
    const count = socket.send(pending[0]!);
    if (typeof count === 'string') return false;
    if (count === 0) return true;
    if (count === pending[0]!.length) pending.shift();
    else pending[0] = pending[0]!.subarray(count);
  }
  return true;
}

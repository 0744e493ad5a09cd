// One call of the API while it is being answered. Most are answered whole; attach, exec, logs, events, pulls and their
// like answer in pieces, and some take input meanwhile.

import type { OutputChunk } from './http.js';

/** What comes before the pieces of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** `frames`: each piece with its stream in front of it; `bytes`: one after the other, as a terminal or a progress. */
  readonly framing: 'frames' | 'bytes';
  /** What the client sends from now on is input. */
  readonly duplex: boolean;
  /** Media type; empty where Docker names none. */
  readonly type: string;
}

/** Gets what the client sends once the call is under way. */
export interface CallInput {
  given(text: string): void;
  /** The client sends nothing more; it may still read. */
  ended(): void;
}

/**
 * The client of one call, as the room that answers it sees it. An operation that began its answer in pieces returns the
 * end of it: a document, or nothing. When the client goes away an operation that has begun is abandoned: its `finally`
 * blocks run, and nothing of it is written any more. One that has not begun goes on to its end, as Docker's do.
 */
export interface ApiCall {
  /** Sends the head now. At most once. */
  begin(head: AnswerHead): void;
  /** Sends a piece; the head is out already. */
  write(stream: OutputChunk['stream'], text: string): void;
  /** What the client sent already is handed over at once, the rest as it comes. */
  listen(input: CallInput): void;
}

/** A process' streams over the connection itself, with input or without: a terminal's bytes, or frames. */
export const streamsHead = (terminal: boolean, input: boolean): AnswerHead => ({ status: 200,
  framing: terminal ? 'bytes' : 'frames', duplex: input, type: 'application/vnd.docker.raw-stream' });

/** What a container wrote, out only. */
export const outputHead = (terminal: boolean): AnswerHead => ({ status: 200, framing: terminal ? 'bytes' : 'frames',
  duplex: false, type: '' });

/** JSON documents, each written as one piece. */
export const DOCUMENTS_HEAD: AnswerHead = { status: 200, framing: 'bytes', duplex: false, type: 'application/json' };

/** A client that waits for the whole answer and has nothing to say: what the pieces were is in `output`. */
export class PatientCall implements ApiCall {
  readonly output: OutputChunk[] = [];
  head: AnswerHead | undefined;

  begin(head: AnswerHead): void {
    this.head = head;
  }

  write(stream: OutputChunk['stream'], text: string): void {
    if (text !== '') this.output.push({ stream, text });
  }

  listen(input: CallInput): void {
    input.ended();
  }
}

// What the socket wants of whoever has an engine behind it, and what it gets back.

import type { AnswerHead, ApiAnswer, ApiRequest, OutputChunk } from '@netreel/docker-api';

/** An engine as its clients' calls reach it. */
export interface EngineDoor {
  /** Takes a call in; everything that comes of it is told to `listener`, never from within this function. */
  call(request: ApiRequest, listener: CallListener): OpenedCall;
}

export interface CallListener {
  /** The answer comes in pieces; this is what comes before them. */
  begun(head: AnswerHead): void;
  piece(chunk: OutputChunk): void;
  /** The whole answer, or its end. The last that is told. */
  answered(answer: ApiAnswer): void;
  /** The engine is gone, and the answer with it. */
  lost(): void;
}

/** The client's hand on its call. */
export interface OpenedCall {
  given(text: string): void;
  inputEnded(): void;
  /** The client went away. Nothing more is told. */
  abandon(): void;
}

// How answers and refusals become status codes and documents.

import type { Json } from '@netreel/sim';
import type { Refusal, RefusalKind } from '@netreel/engine';
import type { ApiAnswer } from './http.js';

const STATUS: Readonly<Record<RefusalKind, number>> = {
  InvalidParameter: 400, Forbidden: 403, NotFound: 404, Conflict: 409, System: 500, Unavailable: 503,
};

/** A document. */
export function answer(status: number, body: Json): ApiAnswer {
  return { status, body };
}

/** Done, and nothing to say. */
export const NO_CONTENT: ApiAnswer = { status: 204, body: null };

/** The end of an answer that came in pieces. */
export const NOTHING_MORE: ApiAnswer = { status: 200, body: null };

/** It was so already. */
export const NOT_MODIFIED: ApiAnswer = { status: 304, body: null };

/** An error's text. */
export function failure(status: number, message: string): ApiAnswer {
  return { status, body: { message } };
}

/** A refusal of the engine. */
export function refused(refusal: Refusal): ApiAnswer {
  return failure(STATUS[refusal.kind], refusal.message);
}

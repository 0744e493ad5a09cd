// Calls of the Docker Engine API.

import type { ApiAnswer, ApiRequest } from '@netreel/docker-api';
import { assert, type Json } from '@netreel/sim';
import { recordOf } from './json.js';
import { Refusal } from './refusal.js';
import type { Conversation, Streams } from './step.js';

type Query = ApiRequest['query'];

/** A request without a body. */
export function request(method: ApiRequest['method'], path: string, query: Query = {}, body: Json = null): ApiRequest {
  return { method, path, query, body };
}

/** The answer, whatever its status. */
export function* ask(asked: ApiRequest, streams?: Streams): Conversation<ApiAnswer> {
  const answer = yield { kind: 'call', request: asked, ...(streams === undefined ? {} : { streams }) };
  assert(answer !== undefined, 'the driver must send the answer of a call');
  return answer;
}

/** The answer of a call that was begun. */
export function* answerOf(handle: number): Conversation<ApiAnswer> {
  const answer = yield { kind: 'answer', handle };
  assert(answer !== undefined, 'the driver must send the answer of a begun call');
  return answer;
}

export function succeeded(answer: ApiAnswer): boolean {
  return answer.status < 400;
}

/** The engine's refusal in the words of the client. */
export function refusalOf(answer: ApiAnswer): Refusal {
  const message = recordOf(answer.body)['message'];
  const text = typeof message === 'string' ? message : `request returned ${answer.status}`;
  return new Refusal(`Error response from daemon: ${text}`, 1, answer.status === 404);
}

/** The answer when it is a good one; otherwise the command ends with the engine's text. */
export function demand(answer: ApiAnswer): ApiAnswer {
  if (succeeded(answer)) return answer;
  throw refusalOf(answer);
}

/** Carries out a call that must succeed. */
export function* command(method: ApiRequest['method'], path: string, query: Query = {},
  body: Json = null, streams?: Streams): Conversation<ApiAnswer> {
  return demand(yield* ask(request(method, path, query, body), streams));
}

// Progress of pulls, loads and builds: JSON documents, one a line.

import type { ApiAnswer } from '@netreel/docker-api';
import type { Json } from '@netreel/sim';
import { listOf } from '../json.js';

/** The documents of an answer, however they came. */
export function messagesOf({ body, output = [] }: ApiAnswer): readonly Json[] {
  const lines = output.map(({ text }) => text).join('').split('\n').filter((line) => line.trim() !== '');
  const whole = Array.isArray(body) ? listOf(body) : body === null ? [] : [body];
  return [...whole, ...lines.map((line) => JSON.parse(line) as Json)];
}

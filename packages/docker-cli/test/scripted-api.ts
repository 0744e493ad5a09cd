// An engine that knows its lines: it expects these requests in this order, and has an answer for each.

import type { ApiAnswer, ApiRequest, OutputChunk } from '@netreel/docker-api';
import type { Json } from '@netreel/sim';
import { runDocker } from '../src/run.js';
import type { CliContext, CliResult } from '../src/step.js';
import { splitCommandLine } from '../src/words/split.js';

export interface Line {
  /** `GET /networks?filters={...}`; the query in the order of its names. */
  readonly expect: string;
  /** Checked when it stands here. */
  readonly body?: Json;
  /** Gets the body to look at. */
  readonly see?: (body: Json) => void;
  readonly status?: number;
  readonly answer?: Json;
  readonly output?: readonly OutputChunk[];
}

/** A line whose answer is Docker's refusal. */
export function refused(expect: string, status: number, message: string): Line {
  return { expect, status, answer: { message } };
}

/** Types `docker ...` against the script; every line of the script must come up. */
export function docker(text: string, script: readonly Line[] = [], context: Partial<CliContext> = {}): CliResult {
  const words = splitCommandLine(text);
  if (!Array.isArray(words)) throw new Error(`no command line: ${JSON.stringify(words)}`);
  const lines = [...script];
  const begun = new Map<number, ApiAnswer>();
  const take = (request: ApiRequest): ApiAnswer => {
    const line = lines.shift();
    expect(shown(request)).toBe(line?.expect);
    if (line!.body !== undefined) expect(request.body).toEqual(line!.body);
    line!.see?.(request.body);
    return {
      status: line!.status ?? 200,
      body: line!.answer ?? null,
      ...(line!.output === undefined ? {} : { output: line!.output }),
    };
  };
  const steps = runDocker(words as readonly string[], { now: 0, ...context });
  let step = steps.next();
  while (!step.done) {
    const { value } = step;
    if (value.kind === 'call') step = steps.next(take(value.request));
    else if (value.kind === 'answer') step = steps.next(begun.get(value.handle));
    else {
      begun.set(value.handle, take(value.request));
      step = steps.next(undefined);
    }
  }
  expect(lines.map((line) => line.expect)).toEqual([]);
  return step.value;
}

function shown({ method, path, query }: ApiRequest): string {
  const text = Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return `${method} ${path}${text === '' ? '' : `?${text}`}`;
}

/** 64 hex digits that begin with these. */
export function id(start: string): string {
  return start.padEnd(64, '0');
}

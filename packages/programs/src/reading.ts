// Reading from a pipe, a file or a terminal, waiting while there may come more.

import type { Operation } from '@netreel/sim';
import type { TextSource } from './contract.js';
import type { Waiting } from './waiting.js';

export function* lineFrom(waiting: Waiting, from: TextSource): Operation<string | undefined> {
  for (;;) {
    const taken = from.takeLine();
    if (taken !== 'wait') return taken?.line;
    yield* waiting.forText(from, false);
  }
}

export function* lineOrSignal(waiting: Waiting, from: TextSource):
  Operation<{ readonly line: string } | 'end' | 'signal'> {
  for (;;) {
    const taken = from.takeLine();
    if (taken !== 'wait') return taken ?? 'end';
    if (!waiting.signalled) yield* waiting.forText(from, true);
    if (!waiting.signalled) continue;
    waiting.signalled = false;
    return 'signal';
  }
}

export function* allFrom(waiting: Waiting, from: TextSource): Operation<string> {
  for (;;) {
    const taken = from.takeAll();
    if (taken !== 'wait') return taken;
    yield* waiting.forText(from, false);
  }
}

export function* someFrom(waiting: Waiting, from: TextSource): Operation<string | undefined> {
  for (;;) {
    const taken = from.takeSome();
    if (taken !== 'wait') return taken;
    yield* waiting.forText(from, false);
  }
}

// Work that waits, written as it reads: a generator that yields a suspension whenever it has to wait. No promise, no
// microtask: a task goes on exactly when its node's agenda or a device calls its resume function.

import { assert } from './assert.js';

/** Arms whatever the task waits for; that calls `resume` once, now or later. */
export type Suspension = (resume: (value?: unknown) => void) => void;

/** A piece of work that may wait and ends with a T. */
export type Operation<T> = Generator<Suspension, T, unknown>;

/** Waits for a value that `arm` delivers. */
export function* suspended<T>(arm: (resume: (value: T) => void) => void): Operation<T> {
  return (yield (resume) => arm((value: T) => resume(value))) as T;
}

/**
 * Runs `operation` up to its first wait and on from there whenever it is resumed; `ended` gets its result.
 * Returns a function that abandons it: its `finally` blocks run, `ended` is not called.
 */
export function startOperation<T>(operation: Operation<T>, ended: (result: T) => void): () => void {
  let finished = false;
  const advance = (first: unknown): void => {
    let value = first;
    // Resumed while still arming: go round instead of nesting a call deeper for every ready value.
    for (;;) {
      const step = operation.next(value);
      if (step.done === true) {
        finished = true;
        ended(step.value);
        return;
      }
      let arming = true;
      let ready = false;
      let used = false;
      step.value((resumed) => {
        assert(!used, 'a suspension was resumed twice');
        used = true;
        if (finished) return;
        if (arming) {
          ready = true;
          value = resumed;
        } else {
          advance(resumed);
        }
      });
      arming = false;
      if (!ready) return;
    }
  };
  advance(undefined);
  return () => {
    if (finished) return;
    finished = true;
    operation.return(undefined as T);
  };
}

// Which flow ends next. A binary heap of promises: a flow's deadline may have moved since it was put in, and the reader
// looks again when its turn comes. So a packet of a flow costs no more here than writing a number.

import type { SimTime } from '@netreel/sim';

export interface Due<T> { readonly at: SimTime; readonly order: number; readonly item: T }

/** Earliest first; of equals the one with the lower `order`. */
export class Deadlines<T> {
  private readonly heap: Due<T>[] = [];

  first(): Due<T> | undefined {
    return this.heap[0];
  }

  add(due: Due<T>): void {
    const { heap } = this;
    let place = heap.length;
    heap.push(due);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!before(due, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = due;
  }

  takeFirst(): Due<T> | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }

  clear(): void {
    this.heap.length = 0;
  }
}

function before<T>(a: Due<T>, b: Due<T>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

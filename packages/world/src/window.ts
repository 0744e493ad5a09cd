// Which stretch of virtual time may be lived next. A window starts at the earliest thing that anybody has to do and
// ends one lookahead later: nothing that is sent in it can arrive in it, so its nodes need not wait for each other. The
// sequence of windows is a function of the history alone: the same in one process and in twenty.

import { NEVER, type SimTime, assert } from '@netreel/sim';

export interface Window {
  readonly from: SimTime;
  readonly until: SimTime;
}

export class WindowPlanner {
  private readonly due: Float64Array;
  private lastUntil: SimTime = 0;

  constructor(nodeCount: number, private readonly lookaheadNs: number) {
    assert(lookaheadNs > 0, 'windows need a lookahead');
    // Every node boots at 0.
    this.due = new Float64Array(nodeCount);
  }

  /** After a window: when the node has something to do next. */
  settled(node: number, nextAt: SimTime): void {
    this.due[node] = nextAt;
  }

  /** An envelope or an input will reach the node at `at`. */
  expects(node: number, at: SimTime): void {
    if (at < this.due[node]!) this.due[node] = at;
  }

  /** When the node has something to do, as known now. */
  dueOf(node: number): SimTime {
    return this.due[node]!;
  }

  /** When the earliest node has something to do; {@link NEVER} if none has. */
  earliest(): SimTime {
    let least = NEVER;
    const { due } = this;
    for (let node = 0; node < due.length; node++) if (due[node]! < least) least = due[node]!;
    return least;
  }

  /** The next window; undefined when nobody, `outsideAt` (the next input from outside) included, has anything to do. */
  next(outsideAt: SimTime): Window | undefined {
    const earliest = this.earliest();
    const from = outsideAt < earliest ? outsideAt : earliest;
    if (from === NEVER) return undefined;
    assert(from >= this.lastUntil,
      `a window would start at ${from}, before ${this.lastUntil} where the last one ended`);
    this.lastUntil = from + this.lookaheadNs;
    return { from, until: this.lastUntil };
  }

  /** Whether the node has to take part in the window. */
  takesPart(node: number, window: Window): boolean {
    return this.due[node]! < window.until;
  }
}

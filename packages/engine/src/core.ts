// What all parts of one engine share: its port, its tables, and the state of the running machine (who waits for what,
// who works on which container). The latter comes back by running the inputs again, not by folding.

import { suspended, type Operation } from '@netreel/sim';
import type { EngineEvent } from './events.js';
import type { Checks } from './health/monitor.js';
import type { EnginePort } from './port.js';
import type { EngineTables, NoticeRow, OutputPiece } from './tables.js';

/** How a wait on a container or an exec ended. */
export interface Ending {
  readonly exitCode: number;
  readonly error: string;
}

type Waiter = (ending: Ending) => void;

/** Gets what a process writes, as it writes it. */
export type OutputListener = (piece: OutputPiece) => void;

/** Waits that one name may end: `exit/ID`, `removed/ID`, `exec/ID`. */
export type WaitKind = 'exit' | 'removed' | 'exec';

export class EngineCore {
  /** Containers being stopped or killed by hand: their restart policy does not apply. */
  readonly stoppedByHand = new Set<string>();
  /** How many joins to an overlay are under way, so that its last leaver does not take it away under a newcomer. */
  readonly joining = new Map<string, number>();
  /** Overlays for which this engine is asking for its own address. */
  readonly askingOwn = new Set<string>();
  /** Containers whose volumes are mounted. */
  readonly mounted = new Set<string>();
  /** Health checks under way, by container. */
  readonly healthChecks = new Map<string, Checks>();
  /** How long a container waited for its last restart by policy. */
  readonly restartWaits = new Map<string, number>();
  /** Containers whose restart is due: cancels it. */
  readonly restartDelays = new Map<string, number>();
  /** Whoever watches notices now. */
  readonly watchers = new Set<(row: NoticeRow) => void>();
  /** How many notices the watchers have been told of. */
  private told: number;
  private readonly waiters = new Map<string, Waiter[]>();
  private readonly listeners = new Map<string, OutputListener[]>();
  private readonly locks = new Map<string, ((value: undefined) => void)[]>();

  constructor(readonly port: EnginePort, readonly tables: EngineTables) {
    this.told = tables.noticeCount;
  }

  emit(event: EngineEvent): void {
    this.port.emit(event);
    if (this.told < this.tables.noticeCount) this.tell();
  }

  /** What follows from an event may have been told already, within its own emit. */
  private tell(): void {
    const { notices } = this.tables;
    while (this.told < this.tables.noticeCount) {
      const row = notices[notices.length - (this.tables.noticeCount - this.told)];
      this.told++;
      if (row !== undefined) for (const watcher of [...this.watchers]) watcher(row);
    }
  }

  /** Waits until `kind` of `id` ends. */
  *ending(kind: WaitKind, id: string): Operation<Ending> {
    let forget = (): void => undefined;
    try {
      return yield* suspended<Ending>((resume) => { forget = this.onEnding(kind, id, resume); });
    } finally {
      forget();
    }
  }

  /** Waits until `kind` of `id` ends, at most until `afterNs` from now: undefined then. */
  *endingWithin(kind: WaitKind, id: string, afterNs: number): Operation<Ending | undefined> {
    return yield* suspended<Ending | undefined>((resume) => {
      const once = (ending: Ending | undefined): void => {
        forget();
        this.port.cancel(ticket);
        resume(ending);
      };
      const ticket = this.port.schedule(this.port.now() + afterNs, { fire: () => once(undefined) }, undefined);
      const forget = this.onEnding(kind, id, once);
    });
  }

  /** Wakes everybody who waits for `kind` of `id`, in the order they came. */
  ended(kind: WaitKind, id: string, ending: Ending): void {
    const key = `${kind}/${id}`;
    const waiting = this.waiters.get(key);
    this.waiters.delete(key);
    for (const waiter of waiting ?? []) waiter(ending);
  }

  /** Waits `ns`. */
  *sleep(ns: number): Operation<void> {
    yield* suspended<undefined>((resume) => {
      this.port.schedule(this.port.now() + ns, { fire: () => resume(undefined) }, undefined);
    });
  }

  /** Runs `operation` while no other one that was given the same container runs. */
  *locked<T>(id: string, operation: () => Operation<T>): Operation<T> {
    const queue = this.locks.get(id);
    if (queue === undefined) this.locks.set(id, []);
    else yield* this.turn(queue);
    try {
      return yield* operation();
    } finally {
      const next = this.locks.get(id)!.shift();
      if (next === undefined) this.locks.delete(id);
      else next(undefined);
    }
  }

  /** Waits for one's turn; an operation that is abandoned meanwhile leaves the queue. */
  private *turn(queue: ((value: undefined) => void)[]): Operation<void> {
    let mine: ((value: undefined) => void) | undefined;
    let came = false;
    try {
      yield* suspended<undefined>((resume) => {
        mine = resume;
        queue.push(resume);
      });
      came = true;
    } finally {
      const place = came || mine === undefined ? -1 : queue.indexOf(mine);
      if (place >= 0) queue.splice(place, 1);
    }
  }

  /** Calls `waiter` when `kind` of `id` ends, unless it is forgotten by then. */
  onEnding(kind: WaitKind, id: string, waiter: Waiter): () => void {
    return enlist(this.waiters, `${kind}/${id}`, waiter);
  }

  /** Calls `listener` with all that a process writes from now on; `exec` is '' for a container's own. */
  onOutput(container: string, exec: string, listener: OutputListener): () => void {
    return enlist(this.listeners, `${container}/${exec}`, listener);
  }

  /** A process has written. */
  wrote(container: string, exec: string, stream: OutputPiece['stream'], text: string): void {
    this.emit({ type: 'OutputWritten', container, exec, stream, text });
    const listening = this.listeners.get(`${container}/${exec}`);
    if (listening !== undefined) for (const listener of [...listening]) listener({ stream, text });
  }
}

/** Adds `item` to a key's list, in the order they came; the function takes it off again. */
function enlist<T>(lists: Map<string, T[]>, key: string, item: T): () => void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
  return () => {
    const now = lists.get(key);
    const place = now === undefined ? -1 : now.indexOf(item);
    if (place < 0) return;
    now!.splice(place, 1);
    if (now!.length === 0) lists.delete(key);
  };
}

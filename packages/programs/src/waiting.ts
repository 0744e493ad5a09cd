// How one process waits. Every wake-up goes through the agenda, never straight from a packet into a program, so that no
// program runs inside the kernel's receive path; and none reaches a program that is frozen.

import { NEVER, type Operation, type SimTime, type Ticket, suspended } from '@netreel/sim';
import { CALL, type ProcessPort } from './process-port.js';

/** The freezer that a started process shares with everything that it starts. */
export interface Freezer { frozen: boolean; readonly held: (() => void)[] }

export interface Waker { readonly call: () => void; readonly cancel: () => void }

export class Waiting {
  /** Ends the present wait because a caught signal arrived. */
  interrupt: (() => void) | undefined = undefined;
  /** A caught signal arrived, and no wait has been told yet. */
  signalled = false;
  /** The program is in the midst of a step. */
  running = false;
  /** Ends the present wait's expectations. */
  private disarm: (() => void) | undefined = undefined;

  /** Stopped by a signal, with what has to wait until SIGCONT. */
  private halted: (() => void)[] | undefined = undefined;

  constructor(private readonly port: ProcessPort, private readonly freezer: Freezer,
    private readonly gone: () => boolean, private readonly stepped: () => void) {}

  get frozen(): boolean {
    return this.freezer.frozen || this.halted !== undefined;
  }

  halt(): void {
    this.halted ??= [];
  }

  go(): void {
    const held = this.halted ?? [];
    this.halted = undefined;
    for (const action of held) this.soon(action);
  }

  /** Waits until `arm`'s wake is called, which must not happen while arming. What `arm` returns undoes its
   * expectations. */
  *park<T>(arm: (wake: (value: T) => void) => () => void): Operation<T> {
    return yield* suspended<T>((resume) => {
      this.disarm = arm((value) => {
        this.stop();
        this.step(() => resume(value));
      });
    });
  }

  /** Until the source has something to say; with `interruptible` a caught signal ends it too. */
  *forText(source: { onReadable: (() => void) | undefined }, interruptible: boolean): Operation<void> {
    yield* this.park<void>((wake) => {
      const waker = this.once(() => wake());
      source.onReadable = waker.call;
      if (interruptible) this.interrupt = waker.call;
      return () => {
        waker.cancel();
        source.onReadable = undefined;
      };
    });
  }

  /** Lets the program run on, unless it is frozen or gone. */
  step(action: () => void): void {
    if (this.gone()) return;
    if (this.frozen) {
      this.hold(() => this.step(action));
      return;
    }
    this.running = true;
    action();
    this.running = false;
    this.stepped();
  }

  /** For the time after the freezer. */
  hold(action: () => void): void {
    (this.freezer.frozen || this.halted === undefined ? this.freezer.held : this.halted).push(action);
  }

  stop(): void {
    this.interrupt = undefined;
    const { disarm } = this;
    this.disarm = undefined;
    disarm?.();
  }

  alarm(until: SimTime, action: () => void): () => void {
    if (until >= NEVER) return () => undefined;
    const { port } = this;
    const ticket = port.schedule(until, CALL, action);
    return () => port.cancel(ticket);
  }

  /** A callback that leads to one `action` through the agenda, however often it is called. */
  once(action: () => void): Waker {
    let ticket: Ticket | undefined;
    return {
      call: () => { ticket ??= this.soon(action); },
      cancel: () => { if (ticket !== undefined) this.port.cancel(ticket); },
    };
  }

  soon(action: () => void): Ticket {
    return this.port.schedule(this.port.now(), CALL, action);
  }
}

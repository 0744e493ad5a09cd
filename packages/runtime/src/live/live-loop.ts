// Lives a lab for as long as somebody wants it: grants windows at the chosen pace, sleeps while nothing is due, wakes
// when somebody acts.

import type { SimTime } from '@netreel/sim';
import { type Pace, Pacer } from './pace.js';

/** A lab as the loop drives it: one process, or many under a conductor. */
export interface LiveWorld {
  /** Lives the next window if it begins before `limitAt`; false when none does. Durable once the promise is kept. */
  step(limitAt: SimTime): Promise<boolean>;
  /** When the next window begins, as far as is known. */
  dueAt(): SimTime;
  /** How far all was lived. */
  until(): SimTime;
  /** Tells those who wait what has been answered; whether there was anything. */
  deliver(): boolean;
  /** Whether somebody waits for virtual time to pass, and not for another person. */
  waitedFor(): boolean;
}

/** So much is lived before others of this process get their turn. Milliseconds. */
const TURN_MS = 4;

export class LiveLoop {
  private readonly pacer: Pacer;
  private over = false;
  private wakeUp: (() => void) | undefined;
  private steps = 0;

  constructor(private readonly world: LiveWorld, private readonly pace: Pace, private readonly nowMs: () => number) {
    this.pacer = new Pacer(nowMs, world.until());
  }

  /** The moment at which something that comes now is admitted. */
  now(): SimTime {
    return this.pacer.now();
  }

  /** Something came in: looks at once what is to be done. */
  wake(): void {
    this.wakeUp?.();
  }

  /** Lives exactly so many windows, whatever the clock says. */
  step(windows: number): void {
    this.steps += windows;
    this.wake();
  }

  stop(): void {
    this.over = true;
    this.wake();
  }

  async run(): Promise<void> {
    const { world, pacer } = this;
    while (!this.over) {
      const endsMs = this.nowMs() + TURN_MS;
      let lived = true;
      let told = false;
      while (lived && !told && !this.over && this.nowMs() < endsMs) {
        const ahead = this.steps > 0 || (this.pace === 'max' && world.waitedFor());
        lived = await world.step(pacer.limit(ahead));
        if (lived && this.steps > 0) this.steps--;
        told = world.deliver();
        pacer.livedUntil(world.until(), world.dueAt(), ahead);
      }
      if (this.over) return;
      // Without a sleep there is still a turn for sockets.
      await (lived ? turn() : this.sleep());
    }
  }

  private sleep(): Promise<void> {
    const ms = this.pacer.waitMs(this.world.dueAt());
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.wakeUp = undefined;
        resolve();
      };
      const timer = ms < 1 ? undefined : setTimeout(go, Math.min(ms, LONGEST_SLEEP_MS));
      this.wakeUp = go;
      if (ms < 1) setImmediate(go);
    });
  }
}

const LONGEST_SLEEP_MS = 3_600_000;

function turn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}

// The only place that reads a clock or sets a timer.

/** Time as the machine outside has it. */
export interface WallClock {
  /** Milliseconds since some fixed moment; never goes back. */
  nowMs(): number;
  /** The date, for people: ISO 8601 in UTC. */
  date(): string;
  sleep(ms: number): Promise<void>;
}

export const wallClock: WallClock = {
  nowMs: () => performance.now(),
  date: () => new Date().toISOString(),
  sleep: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
};

/** A promise took longer than it was given. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** `work`, or TimedOut after `limitMs`; what `work` gives later is ignored. */
export function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimedOut(`${what} took longer than ${limitMs} ms`)), limitMs);
    work.then(
      (value) => { clearTimeout(timer); resolve(value); },
      (error: unknown) => { clearTimeout(timer); reject(error as Error); },
    );
  });
}

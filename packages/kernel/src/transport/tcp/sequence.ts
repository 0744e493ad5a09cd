// Sequence numbers: 32 bits that go round. RFC 9293 section 3.4.

/** Whether `a` comes after `b`. */
export function after(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** Whether `a` comes before `b`. */
export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** How far `a` is ahead of `b`; negative when it is behind. */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

/** The number `count` further on. */
export function plus(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}

// Places at which a process may die at the worst moment: before and after each fence, append, publication and
// acknowledgement. They are numbered as a process comes past them, from 1. Told to, it kills itself at one of them, as
// a power cut would: nothing is flushed, nobody is told.

let passed = 0;

/** The number at which this process dies; none unless NETREEL_FAIL_AT says so. */
const deadly = Number(process.env['NETREEL_FAIL_AT'] ?? 0);

/** To be called where dying must change no byte of a history. */
export function failPoint(): void {
  if (deadly === 0 || ++passed !== deadly) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal strikes when the system gets to it; not one more step is taken here.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
}

// What this machine gives at this moment: a fixed loop before each case. When its figure moves, so do all others.

const STEPS = 40_000_000;

/** Nanoseconds of CPU time a step, and the share of a core that the loop got. */
export function calibrate() {
  const wallStart = process.hrtime.bigint();
  const cpuStart = process.cpuUsage();
  let x = 2_463_534_242;
  for (let step = 0; step < STEPS; step++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  const cpu = process.cpuUsage(cpuStart);
  const cpuNs = (cpu.user + cpu.system) * 1000;
  const wallNs = Number(process.hrtime.bigint() - wallStart);
  // The result is used, so that the loop cannot be left out.
  return { stepNs: cpuNs / STEPS + (x === 0 ? 1 : 0), share: cpuNs / wallNs };
}

// CPU and wall time of one stretch of work in this process.

/** Runs `work` and tells what it took, in microseconds. CPU time counts all threads: the garbage collector's too. */
export function measure(work) {
  const wall = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const result = work();
  return { result, ...since(wall, cpu) };
}

/** The same for work that waits. */
export async function measureAsync(work) {
  const wall = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const result = await work();
  return { result, ...since(wall, cpu) };
}

function since(wall, cpu) {
  const used = process.cpuUsage(cpu);
  return { cpuUs: used.user + used.system, wallUs: Number(process.hrtime.bigint() - wall) / 1000 };
}

/** Middle, least and greatest of some numbers. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, least: sorted[0], greatest: sorted[sorted.length - 1] };
}

// Limits that a HostConfig asks for. They bound nothing here, but are checked as an engine checks them: what it would
// refuse is refused, what its kernel could not do is warned of.

import type { Json } from '@netreel/sim';
import { refuse, type Refusal } from '../refusal.js';

/** A HostConfig, as it was sent. */
export type Sent = { readonly [key: string]: Json | undefined };

/** Processors of a simulated host. */
export const CPUS = 2;
/** Bytes of memory of a simulated host. */
export const MEMORY_BYTES = 4 * 1024 * 1024 * 1024;

const MEMORY_MIN = 6 * 1024 * 1024;
const NO_DEVICE_WEIGHT =
  'Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.';
const NO_WEIGHT =
  'Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.';

/** What an engine says of limits. */
export interface Verdict {
  readonly refusal: Refusal | undefined;
  readonly warnings: readonly string[];
}

/** Looks at the limits of a container to be made, or with `update` at those that change. */
export function checkLimits(sent: Sent, update: boolean): Verdict {
  const wrong = memoryFlaw(sent, update) ?? cpuFlaw(sent) ?? setFlaw(sent, 'CpusetCpus', 'cpus', 'CPUs') ??
    setFlaw(sent, 'CpusetMems', 'mems', 'memory nodes');
  const warnings = [...(numberIn(sent, 'BlkioWeight') === 0 ? [] : [NO_WEIGHT]),
    ...(Array.isArray(sent['BlkioWeightDevice']) && sent['BlkioWeightDevice'].length > 0 ? [NO_DEVICE_WEIGHT] : [])];
  return { refusal: wrong === undefined ? undefined : refuse('InvalidParameter', wrong), warnings };
}

/** A member's whole number; 0 when there is none. */
export function numberIn(sent: Sent, key: string): number {
  const value = sent[key];
  return typeof value === 'number' ? value : 0;
}

function memoryFlaw(sent: Sent, update: boolean): string | undefined {
  const memory = numberIn(sent, 'Memory');
  const swap = numberIn(sent, 'MemorySwap');
  const reservation = numberIn(sent, 'MemoryReservation');
  const swappiness = typeof sent['MemorySwappiness'] === 'number' ? sent['MemorySwappiness'] : -1;
  if (memory !== 0 && memory < MEMORY_MIN) return 'Minimum memory limit allowed is 6MB';
  if (memory > 0 && swap > 0 && swap < memory) {
    return 'Minimum memoryswap limit should be larger than memory limit, see usage';
  }
  if (memory === 0 && swap > 0 && !update) {
    return 'You should always set the Memory limit when using Memoryswap limit, see usage';
  }
  if (swappiness !== -1 && (swappiness < -1 || swappiness > 100)) {
    return `Invalid value: ${swappiness}, valid memory swappiness range is 0-100`;
  }
  if (reservation > 0 && reservation < MEMORY_MIN) return 'Minimum memory reservation allowed is 6MB';
  return memory > 0 && reservation > 0 && memory < reservation
    ? 'Minimum memory limit can not be less than memory reservation limit, see usage' : undefined;
}

function cpuFlaw(sent: Sent): string | undefined {
  const nano = numberIn(sent, 'NanoCpus');
  const [period, quota] = [numberIn(sent, 'CpuPeriod'), numberIn(sent, 'CpuQuota')];
  if (nano > 0 && period > 0) return 'Conflicting options: Nano CPUs and CPU Period cannot both be set';
  if (nano > 0 && quota > 0) return 'Conflicting options: Nano CPUs and CPU Quota cannot both be set';
  if (nano < 0 || nano > CPUS * 1_000_000_000) {
    return `Range of CPUs is from 0.01 to ${CPUS}.00, as there are only ${CPUS} CPUs available`;
  }
  if (period !== 0 && (period < 1000 || period > 1_000_000)) {
    return 'CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)';
  }
  return quota > 0 && quota < 1000 ? 'CPU cfs quota can not be less than 1ms (i.e. 1000)' : undefined;
}

/** `0-1,3`: what processors or memory nodes a container may use. */
function setFlaw(sent: Sent, key: string, name: string, things: string): string | undefined {
  const text = sent[key];
  if (typeof text !== 'string' || text === '') return undefined;
  const highest = key === 'CpusetCpus' ? CPUS - 1 : 0;
  for (const part of text.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (range === null) return `Invalid value ${text} for cpuset ${name}: invalid format: ${part}`;
    if (Number(range[2] ?? range[1]) > highest) {
      const there = highest === 0 ? '0' : `0-${highest}`;
      return `Requested ${things} are not available - requested ${text}, available: ${there}`;
    }
  }
  return undefined;
}

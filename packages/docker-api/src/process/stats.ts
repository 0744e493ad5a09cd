// GET /containers/{id}/stats. Interfaces have carried what they carried; processors and memory follow from how many
// processes run and for how long, as nothing here really computes.

import { SECOND, type Operation, type SimTime } from '@netreel/sim';
import { CPUS, MEMORY_BYTES, isRefusal, isRunning, numberIn, type ContainerRow, type ContainerUsage,
  type Engine } from '@netreel/engine';
import { NOTHING_MORE, answer, refused } from '../answer.js';
import { DOCUMENTS_HEAD, type ApiCall } from '../call.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag, type JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';
import { PROCESS_BYTES } from './columns.js';

const START_NS = 20_000_000;
/** A process that waits uses one part in so many of its time. */
const IDLE_SHARE = 40_000;
/** What the host had computed before the run began. */
const BEFORE_NS = 1_000 * SECOND;
const BLOCK_LISTS = ['io_service_bytes_recursive', 'io_serviced_recursive', 'io_queue_recursive',
  'io_service_time_recursive', 'io_wait_time_recursive', 'io_merged_recursive', 'io_time_recursive',
  'sectors_recursive'];
const NEVER_READ: SimTime | undefined = undefined;

/** One document, or one each second. */
export function* stats(engine: Engine, request: ApiRequest, reference: string, call: ApiCall): Operation<ApiAnswer> {
  const row = engine.findContainer(reference);
  if (isRefusal(row)) return refused(row);
  const stream = request.query['stream'] === undefined || queryFlag(request.query, 'stream');
  let before = sampleOf(engine, row);
  if (!stream) {
    if (before === undefined) return answer(200, emptyShape(row));
    if (queryFlag(request.query, 'one-shot')) return answer(200, statsShape(row, before, undefined));
    yield* engine.sleep(SECOND);
    return answer(200, statsShape(row, sampleOf(engine, row) ?? before, before));
  }
  call.begin(DOCUMENTS_HEAD);
  if (before !== undefined) call.write('stdout', `${JSON.stringify(statsShape(row, before, undefined))}\n`);
  while (engine.tables.containers.get(row.id) === row) {
    yield* engine.sleep(SECOND);
    const sample = sampleOf(engine, row);
    if (sample !== undefined) call.write('stdout', `${JSON.stringify(statsShape(row, sample, before))}\n`);
    before = sample;
  }
  return NOTHING_MORE;
}

interface Sample {
  readonly at: SimTime;
  readonly usage: ContainerUsage;
}

function sampleOf(engine: Engine, row: ContainerRow): Sample | undefined {
  return isRunning(row) ? { at: engine.port.now(), usage: engine.port.usage(row.id) } : undefined;
}

function statsShape(row: ContainerRow, sample: Sample, before: Sample | undefined): JsonObject {
  const { processes, interfaces } = sample.usage;
  const bytes = processes.length * PROCESS_BYTES;
  const limit = numberIn(row.spec.host.sent, 'Memory') || MEMORY_BYTES;
  const pids = numberIn(row.spec.host.sent, 'PidsLimit');
  return {
    read: rfc3339(sample.at), preread: rfc3339(before?.at ?? NEVER_READ),
    pids_stats: { current: processes.length, ...(pids > 0 ? { limit: pids } : {}) },
    blkio_stats: Object.fromEntries(BLOCK_LISTS.map((name) => [name, []])), num_procs: 0, storage_stats: {},
    cpu_stats: cpuShape(sample), precpu_stats: before === undefined ? NO_CPU : cpuShape(before),
    memory_stats: { usage: bytes, max_usage: bytes, limit, stats: { cache: 0, rss: bytes, inactive_file: 0,
      total_inactive_file: 0, total_cache: 0, total_rss: bytes, hierarchical_memory_limit: limit } },
    name: `/${row.name}`, id: row.id,
    ...(interfaces.length === 0 ? {} : { networks: Object.fromEntries(interfaces.map((each) => [each.name,
      { rx_bytes: each.rxBytes, rx_packets: each.rxPackets, rx_errors: 0, rx_dropped: each.rxDropped,
        tx_bytes: each.txBytes, tx_packets: each.txPackets, tx_errors: 0, tx_dropped: each.txDropped }])) }),
  };
}

function cpuShape({ at, usage }: Sample): JsonObject {
  const total = usage.processes.reduce((sum, { startedAt }) =>
    sum + START_NS + Math.floor((at - startedAt) / IDLE_SHARE), 0);
  const half = Math.floor(total / CPUS);
  return { cpu_usage: { total_usage: total, percpu_usage: Array.from({ length: CPUS }, (_, cpu) =>
    (cpu === 0 ? total - half * (CPUS - 1) : half)), usage_in_kernelmode: half, usage_in_usermode: total - half },
  system_cpu_usage: (BEFORE_NS + at) * CPUS, online_cpus: CPUS, throttling_data: NO_THROTTLING };
}

const NO_THROTTLING = { periods: 0, throttled_periods: 0, throttled_time: 0 };
const NO_CPU = { cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: NO_THROTTLING };

/** Of a container that does not run. */
function emptyShape(row: ContainerRow): JsonObject {
  return { read: rfc3339(NEVER_READ), preread: rfc3339(NEVER_READ), pids_stats: {},
    blkio_stats: Object.fromEntries(BLOCK_LISTS.map((name) => [name, null])), num_procs: 0, storage_stats: {},
    cpu_stats: NO_CPU, precpu_stats: NO_CPU, memory_stats: {}, name: `/${row.name}`, id: row.id };
}

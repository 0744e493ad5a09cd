import { atLeast, type Command, type Invocation } from '../command.js';
import { ask, refusalOf, request, succeeded } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { readRestartPolicy } from './creation/host-config.js';

export const containerUpdate: Command = {
  paths: ['container update', 'update'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  about: 'Update configuration of one or more containers',
  flags: flagTable(`
      --blkio-weight uint16        Block IO (relative weight), between 10
                                   and 1000, or 0 to disable (default 0)
      --cpu-period int             Limit CPU CFS (Completely Fair
                                   Scheduler) period
      --cpu-quota int              Limit CPU CFS (Completely Fair
                                   Scheduler) quota
      --cpu-rt-period int          Limit the CPU real-time period in
                                   microseconds
      --cpu-rt-runtime int         Limit the CPU real-time runtime in
                                   microseconds
  -c, --cpu-shares int             CPU shares (relative weight)
      --cpus decimal               Number of CPUs
      --cpuset-cpus string         CPUs in which to allow execution (0-3, 0,1)
      --cpuset-mems string         MEMs in which to allow execution (0-3, 0,1)
  -m, --memory bytes               Memory limit
      --memory-reservation bytes   Memory soft limit
      --memory-swap bytes          Swap limit equal to memory plus swap:
                                   -1 to enable unlimited swap
      --pids-limit int             Tune container pids limit (set -1 for
                                   unlimited)
      --restart string             Restart policy to apply when a
                                   container exits
`),
  words: atLeast(1),
  run: update,
};

function* update({ flags, words, output }: Invocation): Conversation<number> {
  if (!flags.any) refuse('you must provide one or more flags when using this command');
  const restart = flags.text('restart');
  const body = {
    CpuShares: flags.integer('cpu-shares'), Memory: flags.integer('memory'), NanoCpus: flags.integer('cpus'),
      CgroupParent: '',
    BlkioWeight: flags.integer('blkio-weight'), BlkioWeightDevice: null, BlkioDeviceReadBps: null,
      BlkioDeviceWriteBps: null,
    BlkioDeviceReadIOps: null, BlkioDeviceWriteIOps: null, CpuPeriod: flags.integer('cpu-period'),
      CpuQuota: flags.integer('cpu-quota'),
    CpuRealtimePeriod: flags.integer('cpu-rt-period'), CpuRealtimeRuntime: flags.integer('cpu-rt-runtime'),
    CpusetCpus: flags.text('cpuset-cpus'), CpusetMems: flags.text('cpuset-mems'), Devices: null,
      DeviceCgroupRules: null,
    DeviceRequests: null, MemoryReservation: flags.integer('memory-reservation'),
      MemorySwap: flags.integer('memory-swap'),
    MemorySwappiness: null, OomKillDisable: null,
      PidsLimit: flags.changed('pids-limit') ? flags.integer('pids-limit') : null,
    Ulimits: null, CpuCount: 0, CpuPercent: 0, IOMaximumIOps: 0, IOMaximumBandwidth: 0,
      RestartPolicy: readRestartPolicy(restart),
  };
  const refusals: string[] = [];
  const warnings: string[] = [];
  for (const name of words) {
    const answer = yield* ask(request('POST', `/containers/${name}/update`, {}, body));
    if (succeeded(answer)) output.line(name);
    else refusals.push(refusalOf(answer).text);
    warnings.push(...listOf(dig(answer.body, 'Warnings')).map(textOf));
  }
  if (warnings.length > 0) output.line(warnings.join('\n'));
  return refusals.length === 0 ? 0 : refuse(refusals.join('\n'));
}

// docker update: limits and the restart policy of a container that exists.

import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { EngineCore } from '../core.js';
import { containerNotice } from '../notice/derive.js';
import { postNotice } from '../notice/post.js';
import { checkLimits, numberIn, type Sent } from './limits.js';
import { findContainer } from './lookup.js';
import { checkRestartPolicy } from './settings.js';
import type { HostSettings, RestartPolicy } from './spec.js';

/** Members of a HostConfig that may change; 0 and nothing leave things as they are. */
const CHANGEABLE = ['BlkioWeight', 'CpuShares', 'CpuPeriod', 'CpuQuota', 'CpuRealtimePeriod', 'CpuRealtimeRuntime',
  'CpusetCpus', 'CpusetMems', 'Memory', 'MemorySwap', 'MemoryReservation', 'KernelMemory', 'KernelMemoryTCP',
  'NanoCpus', 'PidsLimit'];

/** Changes a container; answers what to warn of. */
export function updateContainer(core: EngineCore, reference: string, changes: Sent,
  restartPolicy: RestartPolicy): { readonly warnings: readonly string[] } | Refusal {
  const { refusal, warnings } = checkLimits(changes, true);
  const wrong = refusal ?? checkRestartPolicy(restartPolicy);
  if (wrong !== undefined) return wrong;
  const row = findContainer(core.tables, reference);
  if (isRefusal(row)) return row;
  const { host } = row.spec;
  const conflict = conflictWith(host, changes, restartPolicy);
  if (conflict !== undefined) return refuse('InvalidParameter', `Cannot update container ${row.id}: ${conflict}`);
  const said = CHANGEABLE.filter((key) => isSaid(changes[key]));
  const changed = Object.fromEntries(said.map((key) => [key, changes[key]]));
  const policy = restartPolicy.name === '' ? {} : { RestartPolicy: { Name: restartPolicy.name,
    MaximumRetryCount: restartPolicy.maximumRetryCount } };
  core.emit({ type: 'ContainerUpdated', id: row.id, spec: { ...row.spec, host: { ...host,
    restartPolicy: restartPolicy.name === '' ? host.restartPolicy : restartPolicy,
    sent: { ...host.sent, ...changed, ...policy } } } });
  postNotice(core, containerNotice(row, 'update'));
  return { warnings };
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== 0 && value !== '';
}

/** What does not go together with what the container has. */
function conflictWith({ sent, autoRemove }: HostSettings, changes: Sent, policy: RestartPolicy): string | undefined {
  const swap = numberIn(sent, 'MemorySwap') === 0 ? 2 * numberIn(sent, 'Memory') : numberIn(sent, 'MemorySwap');
  if (swap > 0 && numberIn(changes, 'Memory') > swap && numberIn(changes, 'MemorySwap') === 0) {
    return 'Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time';
  }
  if (numberIn(changes, 'NanoCpus') > 0 && numberIn(sent, 'CpuQuota') > 0) {
    return 'Conflicting options: CPU Quota has been set, NanoCPUs cannot be updated';
  }
  return autoRemove && !['', 'no'].includes(policy.name)
    ? 'Restart policy cannot be updated because AutoRemove is enabled for the container' : undefined;
}

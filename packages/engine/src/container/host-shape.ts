// A HostConfig as the engine keeps it: what was sent, with everything filled in that an engine fills in itself.

import type { Json } from '@netreel/sim';
import { numberIn, type Sent } from './limits.js';
import type { HostSettings } from './spec.js';

const SHM_BYTES = 67_108_864;

/** Members that an engine gives another value than was sent. */
export function adaptedHost({ sent, privileged }: HostSettings): { readonly [key: string]: Json } {
  const memory = numberIn(sent, 'Memory');
  const swap = numberIn(sent, 'MemorySwap');
  const pids = numberIn(sent, 'PidsLimit');
  const swappiness = sent['MemorySwappiness'];
  const log = (sent['LogConfig'] ?? {}) as { readonly Type?: Json; readonly Config?: Json };
  return {
    ShmSize: numberIn(sent, 'ShmSize') === 0 ? SHM_BYTES : numberIn(sent, 'ShmSize'),
    MemorySwap: memory > 0 && swap === 0 ? 2 * memory : swap,
    MemorySwappiness: typeof swappiness === 'number' && swappiness >= 0 ? swappiness : null,
    PidsLimit: pids > 0 ? pids : null,
    LogConfig: { Type: typeof log.Type === 'string' && log.Type !== '' ? log.Type : 'json-file',
      Config: log.Config ?? {} },
    SecurityOpt: securityOptions(sent, privileged),
    ...(privileged ? { MaskedPaths: null, ReadonlyPaths: null } : {}),
  };
}

/** Who sees the host's processes is not confined by labels. */
function securityOptions(sent: Sent, privileged: boolean): Json {
  const asked = Array.isArray(sent['SecurityOpt']) ? sent['SecurityOpt'] as readonly string[] : [];
  if (asked.some((option) => /^label[=:]/.test(option))) return asked;
  const open = privileged || sent['PidMode'] === 'host' || sent['IpcMode'] === 'host';
  return open ? [...asked, 'label=disable'] : asked.length === 0 ? null : asked;
}

// Which source port a translated flow gets: its own when that is free, otherwise the next free one of its range, as
// Linux ranges them: privileged ports stay privileged.

import { type Ipv4, PROTOCOL } from '@netreel/wire';
import type { Tuple } from './tables.js';
import { hasPorts, turned } from './tuple.js';

interface Range { readonly first: number; readonly last: number }

/**
 * The tuple of answers when `forward` (as it looks after its target was translated) leaves from `source`; undefined
 * when no port is left. `isTaken` asks whether other flows' packets have that tuple. `port` 0: the flow's own.
 */
export function replyFrom(forward: Tuple, source: Ipv4, port: number, isTaken: (tuple: Tuple) => boolean):
Tuple | undefined {
  const wanted = port === 0 ? forward.sourcePort : port;
  const own = turned({ ...forward, source, sourcePort: wanted });
  if (!isTaken(own)) return own;
  if (forward.protocol !== PROTOCOL.icmp && !hasPorts(forward.protocol)) return undefined;
  const { first, last } = port === 0 ? rangeOf(forward) : { first: port, last: port };
  const count = last - first + 1;
  const begin = wanted >= first && wanted <= last ? wanted - first + 1 : 0;
  for (let step = 0; step < count; step++) {
    const reply = turned({ ...forward, source, sourcePort: first + (begin + step) % count });
    if (!isTaken(reply)) return reply;
  }
  return undefined;
}

function rangeOf({ protocol, sourcePort }: Tuple): Range {
  if (protocol === PROTOCOL.icmp) return { first: 0, last: 0xffff };
  if (sourcePort >= 1024) return { first: 1024, last: 0xffff };
  return sourcePort < 512 ? { first: 1, last: 511 } : { first: 600, last: 1023 };
}

// arp: the neighbour table, with names unless -n. Text of busybox 1.35.

import type { Operation } from '@netreel/sim';
import { type Ipv4, formatIpv4, formatMac } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve, reverseLookUp } from '../../dns/resolver.js';
import { busyboxOptions } from '../../usage.js';

export function* arp(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'anv', 'iHAd');
  if (typeof parsed === 'number') return parsed;
  if (parsed.values.has('d')) {
    sys.stderr('arp: SIOCDARP(priv): Operation not permitted\n');
    return 1;
  }
  const host = parsed.rest[0];
  let wanted: Ipv4 | undefined;
  if (host !== undefined) {
    const found = yield* resolve(sys, host, 'inet');
    if (!found.ok) {
      sys.stderr(`arp: ${host}: Unknown host\n`);
      return 1;
    }
    wanted = found.addresses[0];
  }
  const device = parsed.values.get('i');
  let entries = 0;
  let shown = 0;
  for (const link of sys.net.links()) {
    for (const row of sys.net.neighbours(link)) {
      entries++;
      if ((wanted !== undefined && row.address !== wanted) || (device !== undefined && link.name !== device)) continue;
      shown++;
      const name = parsed.flags.has('n') ? '?' : (yield* reverseLookUp(sys, row.address)) ?? '?';
      const hardware = row.mac === 0 || row.state === 'INCOMPLETE' || row.state === 'FAILED' ? '<incomplete> '
        : `${formatMac(row.mac)} [ether] ${row.state === 'PERMANENT' ? 'PERM' : ''}`;
      sys.stdout(`${name} (${formatIpv4(row.address)}) at ${hardware} on ${link.name}\n`);
    }
  }
  if ((wanted !== undefined || device !== undefined)
    && shown === 0) sys.stdout(`No match found in ${entries} entries\n`);
  return 0;
}

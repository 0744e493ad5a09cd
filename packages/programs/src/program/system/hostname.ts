// hostname: the name of the machine, its domain and addresses. Busybox 1.35, and -I as Debian's.

import type { Operation } from '@netreel/sim';
import { formatIpv4, isLoopbackIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { busyboxOptions } from '../../usage.js';

export function* hostname(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'sidfI', 'F');
  if (typeof parsed === 'number') return parsed;
  const { flags, rest } = parsed;
  if (rest.length > 0 || parsed.values.has('F')) {
    sys.stderr('hostname: sethostname: Operation not permitted\n');
    return 1;
  }
  if (flags.has('I')) {
    // Every address but loopback's, each with a blank behind it.
    const addresses = sys.net.links().flatMap((link) => link.addresses.map(({ address }) => address))
      .filter((address) => !isLoopbackIpv4(address));
    sys.stdout(`${addresses.map((address) => `${formatIpv4(address)} `).join('')}\n`);
    return 0;
  }
  if (flags.has('i')) {
    const found = yield* resolve(sys, sys.hostname);
    if (!found.ok) {
      sys.stderr(`hostname: ${sys.hostname}: Unknown host\n`);
      return 1;
    }
    sys.stdout(`${found.addresses.map(formatIpv4).join(' ')}\n`);
    return 0;
  }
  if (flags.has('d')) sys.stdout(`${sys.hostname.split('.').slice(1).join('.')}\n`);
  else sys.stdout(`${flags.has('s') ? sys.hostname.split('.')[0]! : sys.hostname}\n`);
  return 0;
}

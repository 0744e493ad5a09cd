// hostname: shows the name of the machine.

import type { Operation } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';

export function* hostname(sys: Sys, argv: readonly string[]): Operation<number> {
  const option = argv[1];
  if (option === '-i') {
    const found = yield* resolve(sys, sys.hostname);
    if (!found.ok) {
      sys.stderr(`hostname: ${sys.hostname}: Unknown host\n`);
      return 1;
    }
    sys.stdout(`${found.addresses.map(formatIpv4).join(' ')}\n`);
    return 0;
  }
  if (option === '-d') {
    sys.stdout(`${sys.hostname.split('.').slice(1).join('.')}\n`);
    return 0;
  }
  if (option !== undefined && !option.startsWith('-')) {
    sys.stderr('hostname: sethostname: Operation not permitted\n');
    return 1;
  }
  sys.stdout(`${option === '-s' ? sys.hostname.split('.')[0]! : sys.hostname}\n`);
  return 0;
}

// route and netstat -r: the routing table in the old columns. Text of busybox 1.35.

import type { Operation } from '@netreel/sim';
import { type Ipv4, formatIpv4, maskOf } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { reverseLookUp } from '../../dns/resolver.js';
import { listedRoutes } from '../../interface/routes.js';
import { busyboxOptions, usage } from '../../usage.js';

const USAGE = 'route [-ne] [-A inet[6]] [{add|del} [-net|-host] TARGET [netmask MASK] [gw GATEWAY] [metric N] [IFACE]]';

export function* route(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'ne', 'A');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest.length > 0) {
    if (parsed.rest.length < 2 || (parsed.rest[0] !== 'add' && parsed.rest[0] !== 'del')) return usage(sys, USAGE);
    sys.stderr(`route: SIOC${parsed.rest[0] === 'add' ? 'ADD' : 'DEL'}RT: Operation not permitted\n`);
    return 1;
  }
  yield* printRoutes(sys, parsed.flags.has('n'), parsed.flags.has('e'));
  return 0;
}

/** `netstatColumns`: MSS, Window and irtt instead of Metric, Ref and Use. */
export function* printRoutes(sys: Sys, numeric: boolean, netstatColumns: boolean): Operation<void> {
  const title = netstatColumns ? '  MSS Window  irtt' : 'Metric Ref    Use';
  sys.stdout(`Kernel IP routing table\nDestination     Gateway         Genmask         Flags ${title} Iface\n`);
  for (const row of listedRoutes(sys.net)) {
    const destination = numeric ? formatIpv4(row.destination)
      : row.prefix === 0 ? 'default' : yield* nameOf(sys, row.destination);
    const gateway = numeric ? formatIpv4(row.gateway) : row.gateway === 0 ? '*' : yield* nameOf(sys, row.gateway);
    const flags = `U${row.gateway === 0 ? '' : 'G'}${row.prefix === 32 ? 'H' : ''}`;
    const columns = netstatColumns ? '    0 0          0' : `${String(row.metric).padEnd(6)} 0        0`;
    sys.stdout(`${destination.padEnd(15)} ${gateway.padEnd(15)} ${formatIpv4(maskOf(row.prefix)).padEnd(15)} ` +
      `${flags.padEnd(5)} ${columns} ${sys.net.link(row.link)!.name}\n`);
  }
}

function* nameOf(sys: Sys, address: Ipv4): Operation<string> {
  return ((yield* reverseLookUp(sys, address)) ?? formatIpv4(address)).slice(0, 15);
}

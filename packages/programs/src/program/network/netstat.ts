// netstat: the routing table (-r), and sockets that wait for datagrams or connections. Text of busybox 1.35.

import type { Operation } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { parseOptions, usage } from '../../usage.js';
import { printRoutes } from './route.js';

export function* netstat(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'laentuwxr', '');
  if (typeof parsed === 'string') {
    sys.stderr(`netstat: ${parsed}\n`);
    return usage(sys, 'netstat [-ral] [-tuwx] [-en]');
  }
  const { flags } = parsed;
  if (flags.has('r')) {
    yield* printRoutes(sys, flags.has('n'), true);
    return 0;
  }
  const kinds = flags.has('t') || flags.has('u') || flags.has('w') || flags.has('x');
  const title = flags.has('a') ? 'servers and established' : flags.has('l') ? 'only servers' : 'w/o servers';
  sys.stdout(`Active Internet connections (${title})\n` +
    'Proto Recv-Q Send-Q Local Address           Foreign Address         State       \n');
  if (!flags.has('l') && !flags.has('a')) return 0;
  for (const protocol of ['tcp', 'udp']) {
    if (kinds && !flags.has(protocol[0]!)) continue;
    for (const socket of sys.net.sockets()) {
      if (socket.protocol !== protocol) continue;
      const local = `${formatIpv4(socket.address)}:${socket.port}`;
      const state = protocol === 'tcp' ? 'LISTEN' : '';
      sys.stdout(`${protocol}        0      0 ${local.padEnd(23)} ${'0.0.0.0:*'.padEnd(23)} ${state.padEnd(12)}\n`);
    }
  }
  return 0;
}

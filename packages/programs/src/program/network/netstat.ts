// netstat: the routing table (-r), and sockets that wait for datagrams or connections. Text of busybox 1.35.

import type { SocketRow } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { formatAddress } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { busyboxOptions } from '../../usage.js';
import { printRoutes } from './route.js';

export function* netstat(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, 'laentuwxr', '');
  if (typeof parsed === 'number') return parsed;
  const { flags } = parsed;
  if (flags.has('r')) {
    yield* printRoutes(sys, flags.has('n'), true);
    return 0;
  }
  const kinds = flags.has('t') || flags.has('u') || flags.has('w') || flags.has('x');
  const title = flags.has('a') ? 'servers and established' : flags.has('l') ? 'only servers' : 'w/o servers';
  sys.stdout(`Active Internet connections (${title})\n` +
    'Proto Recv-Q Send-Q Local Address           Foreign Address         State       \n');
  const all = flags.has('a');
  for (const protocol of ['tcp', 'udp']) {
    if (kinds && !flags.has(protocol[0]!)) continue;
    for (const socket of sys.net.sockets()) {
      if (socket.protocol !== protocol) continue;
      const state = stateOf(socket);
      const listens = protocol === 'udp' || state === 'LISTEN';
      if (state === 'CLOSE' || !(listens ? all || flags.has('l') : !flags.has('l'))) continue;
      // Who listens at every address listens at those of IPv6 too.
      const every = state === 'LISTEN' && socket.address === 0;
      const local = every ? `:::${socket.port}` : `${formatAddress(socket.address)}:${socket.port}`;
      const remote = listens ? (every ? ':::*' : '0.0.0.0:*')
        : `${formatAddress(socket.remoteAddress ?? 0)}:${socket.remotePort ?? 0}`;
      sys.stdout(`${protocol}        0      0 ${local.padEnd(23)} ${remote.padEnd(23)} ${state.padEnd(12)}\n`);
    }
  }
  return 0;
}

/** Linux's words for the states of RFC 9293: underscores, and some shorter. A socket that is only bound is CLOSE. */
function stateOf(socket: SocketRow): string {
  if (socket.protocol !== 'tcp') return '';
  const name = socket.state ?? 'CLOSE';
  if (name === 'SYN-RECEIVED') return 'SYN_RECV';
  return name.replace('FIN-WAIT-', 'FIN_WAIT').replace('-', '_');
}

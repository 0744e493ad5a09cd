// Programs that make and take UDP traffic: busybox has none, so these have names and words of their own.
//   udpsink PORT                                     counts what arrives, prints the count when it is interrupted
//   udpecho PORT                                     sends every datagram back
//   udpblast ADDRESS PORT COUNT SIZE [INTERVAL_US]   sends COUNT datagrams, each with its number in front

import type { UdpSocket } from '@netreel/kernel';
import { MICROSECOND, NEVER, type Operation } from '@netreel/sim';
import { write32 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { errorText, usage } from '../../usage.js';

const PORT_MAX = 65535;
const PAYLOAD_MAX = 65507;

export function* udpsink(sys: Sys, argv: readonly string[]): Operation<number> {
  let datagrams = 0;
  let bytes = 0;
  const exitCode = yield* serve(sys, argv, (_socket, datagram) => {
    datagrams++;
    bytes += datagram.payload.length;
  });
  if (exitCode === 0) sys.stdout(`${datagrams} datagrams, ${bytes} bytes\n`);
  return exitCode;
}

export function* udpecho(sys: Sys, argv: readonly string[]): Operation<number> {
  return yield* serve(sys, argv, (socket, datagram) =>
    socket.sendTo(datagram.source, datagram.sourcePort, datagram.payload));
}

type Datagram = NonNullable<ReturnType<UdpSocket['receive']>>;

/** Hands every datagram to `take` until SIGINT or SIGTERM. */
function* serve(sys: Sys, argv: readonly string[], take: (socket: UdpSocket, datagram: Datagram) =>
  void): Operation<number> {
  const port = wholeNumber(argv[1], PORT_MAX);
  if (port === undefined || port === 0) return usage(sys, `${argv[0]!} PORT`);
  const socket = sys.udpSocket();
  const refused = socket.bind(0, port);
  if (refused !== undefined) {
    sys.stderr(`${argv[0]!}: bind: ${errorText(refused)}\n`);
    return 1;
  }
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) sys.catchSignal(signal, () => { stopped = true; });
  while (!stopped) {
    yield* sys.waitReadable([socket], NEVER);
    for (let datagram = socket.receive(); datagram !== undefined; datagram = socket.receive()) take(socket, datagram);
    if (socket.takeError() === 'ENETDOWN') stopped = true;
  }
  return 0;
}

export function* udpblast(sys: Sys, argv: readonly string[]): Operation<number> {
  const host = argv[1];
  const port = wholeNumber(argv[2], PORT_MAX);
  const count = wholeNumber(argv[3], 1_000_000_000);
  const size = wholeNumber(argv[4], PAYLOAD_MAX);
  const intervalUs = argv[5] === undefined ? 0 : wholeNumber(argv[5], 1_000_000_000);
  if (host === undefined || port === undefined || count === undefined || size === undefined
    || intervalUs === undefined) {
    return usage(sys, 'udpblast ADDRESS PORT COUNT SIZE [INTERVAL_US]');
  }
  const found = yield* resolve(sys, host);
  if (!found.ok) {
    sys.stderr(`udpblast: bad address '${host}'\n`);
    return 1;
  }
  const socket = sys.udpSocket();
  const payload = new Uint8Array(size);
  let sent = 0;
  let failed = 0;
  for (let number = 0; number < count; number++) {
    if (size >= 4) write32(payload, 0, number);
    if (socket.sendTo(found.addresses[0]!, port, payload) === undefined) sent++;
    else failed++;
    if (intervalUs > 0 && number + 1 < count) yield* sys.sleep(intervalUs * MICROSECOND);
  }
  sys.stdout(`${sent} datagrams sent${failed === 0 ? '' : `, ${failed} refused`}\n`);
  return failed === 0 ? 0 : 1;
}

function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const number = Number(text);
  return number > most ? undefined : number;
}

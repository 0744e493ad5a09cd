// tcpdump: the frames of a device, a line each, link-level header included (as with -e), inner frames of tunnels too.

import type { PacketSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND, type SimTime } from '@netreel/sim';
import { describeFrame } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { parseOptions } from '../../usage.js';
import { type FrameFilter, compileFilter } from './filter.js';

export function* tcpdump(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, 'nevqtlUp', 'ics');
  if (typeof parsed === 'string') {
    sys.stderr(`tcpdump: ${parsed}\nUsage: tcpdump [-elnqtv] [-c COUNT] [-i DEVICE] [EXPRESSION]\n`);
    return 1;
  }
  const count = Number(parsed.values.get('c') ?? '0');
  if (!Number.isInteger(count) || count < 0 || (parsed.values.has('c') && count === 0)) {
    sys.stderr(`tcpdump: invalid packet count ${parsed.values.get('c') ?? ''}\n`);
    return 1;
  }
  const name = parsed.values.get('i') ??
    sys.net.links().find((link) => link.kind !== 'loopback' && link.up)?.name ?? 'lo';
  const link = sys.net.links().find((each) => each.name === name);
  if (link === undefined && name !== 'any') {
    sys.stderr(`tcpdump: ${name}: No such device exists\n`);
    return 1;
  }
  const filter = compileFilter(parsed.rest);
  if (typeof filter === 'string') {
    sys.stderr(`tcpdump: ${filter}\n`);
    return 1;
  }
  sys.stderr(`tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n` +
    `listening on ${name}, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n`);
  const socket = sys.packetSocket(link?.index ?? 0);
  const captured = yield* capture(sys, socket, filter, count === 0 ? NEVER : count, name === 'any');
  sys.stderr(`${captured} packets captured\n${captured} packets received by filter\n` +
    `${socket.lost} packets dropped by kernel\n`);
  socket.close();
  return 0;
}

/** Prints frames until there were `most`, or somebody interrupts. */
function* capture(sys: Sys, socket: PacketSocket, filter: FrameFilter, most: number,
  withDevice: boolean): Operation<number> {
  let stopped = false;
  const stop = (): void => { stopped = true; };
  sys.catchSignal('SIGINT', stop);
  sys.catchSignal('SIGTERM', stop);
  let captured = 0;
  while (captured < most && !stopped) {
    yield* sys.waitReadable([socket], NEVER);
    for (let seen = socket.receive(); seen !== undefined && captured < most; seen = socket.receive()) {
      if (!filter(seen.bytes)) continue;
      captured++;
      const device = withDevice ? `${seen.link.name} ${seen.direction === 'in' ? 'In ' : 'Out'} ` : '';
      sys.stdout(`${clock(seen.at)} ${device}${describeFrame(seen.bytes)}\n`);
    }
  }
  return captured;
}

/** Time since the start of the run, written as a time of day. */
function clock(at: SimTime): string {
  const seconds = (at - (at % SECOND)) / SECOND;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = (seconds - (seconds % 3600)) / 3600;
  const minutes = ((seconds % 3600) - (seconds % 60)) / 60;
  const microseconds = (at % SECOND - (at % 1000)) / 1000;
  return `${two(hours % 24)}:${two(minutes)}:${two(seconds % 60)}.${String(microseconds).padStart(6, '0')}`;
}

// Frames alone: slots, headers, copies and checksums.

import { FramePool, HEADROOM, checkIpv4, checkUdp, udpChecksum, writeEthernetHeader, writeIpv4Header, writeUdpHeader }
  from '../../../packages/wire/dist/index.js';
import { measure } from '../measure.mjs';

const SOURCE = 0x0a00_0002;
const TARGET = 0x0a00_0003;
const HEADERS_BYTES = 14 + 20 + 8;

function write(buffer, start, payloadBytes) {
  writeEthernetHeader(buffer, start, 0x0242_0a00_0003, 0x0242_0a00_0002, 0x0800);
  writeIpv4Header(buffer, start + 14, 28 + payloadBytes, 7, 0, 64, 17, SOURCE, TARGET);
  writeUdpHeader(buffer, start + 34, 1000, 2000, 8 + payloadBytes, 0);
}

const WORK = {
  'take, write three headers, release': (pool) => {
    const frame = pool.take(HEADERS_BYTES + 64, HEADROOM);
    write(frame.buffer, frame.start, 64);
    pool.release(frame);
  },
  'copy of 106 B': (pool, small) => pool.release(pool.copy(small)),
  'copy of 1442 B': (pool, _small, large) => pool.release(pool.copy(large)),
  'check an IPv4 header': (_pool, small) => {
    if (checkIpv4(small.buffer, small.start + 14, small.end) !== undefined) throw new Error('a bad header');
  },
  'check UDP over 64 B': (_pool, small) => {
    if (checkUdp(small.buffer, small.start + 34, small.end, SOURCE,
      TARGET) !== undefined) throw new Error('a bad datagram');
  },
  'check UDP over 1400 B': (_pool, _small, large) => {
    if (checkUdp(large.buffer, large.start + 34, large.end, SOURCE,
      TARGET) !== undefined) throw new Error('a bad datagram');
  },
};

export const variants = Object.keys(WORK);

function datagram(pool, payloadBytes) {
  const frame = pool.take(HEADERS_BYTES + payloadBytes, HEADROOM);
  for (let at = frame.start; at < frame.end; at++) frame.buffer[at] = at * 7;
  write(frame.buffer, frame.start, payloadBytes);
  const checksum = udpChecksum(frame.buffer, frame.start + 34, frame.end, SOURCE, TARGET);
  frame.buffer[frame.start + 40] = checksum >>> 8;
  frame.buffer[frame.start + 41] = checksum;
  return frame;
}

export function run(variant, { quick }) {
  const count = quick ? 500_000 : 5_000_000;
  const pool = new FramePool();
  const small = datagram(pool, 64);
  const large = datagram(pool, 1400);
  const work = WORK[variant];
  const turn = (turns) => {
    for (let step = 0; step < turns; step++) work(pool, small, large);
  };
  turn(count / 5);
  const { cpuUs } = measure(() => turn(count));
  return { cpuNs: cpuUs / count * 1000, millionsPerCpuSecond: count / cpuUs };
}

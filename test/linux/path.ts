// Two simulated hosts with a path between them like the one that Linux was measured over: so long, and so lossy.

import { type Handler, MILLISECOND, SECOND } from '../../packages/sim/src/index.js';
import type { Frame } from '../../packages/wire/src/index.js';
import { done, linkOf } from '../../packages/kernel/src/testing.js';
import type { TcpSocket } from '../../packages/kernel/src/index.js';
import { Wire, bytesOfLength } from '../../packages/kernel/src/transport/tcp/testing.js';

const DELAY_NS = 10 * MILLISECOND;
/** No transfer of these takes longer, unless it hangs. */
const PATIENCE_NS = 600 * SECOND;

/** From now on frames to `netns` take 10 ms, and of 10,000 so many are lost. */
function lengthen(wire: Wire, netns: 'client' | 'server', lostOf10000: number): void {
  const { kernel, machine } = wire.host;
  const device = done(kernel.device(linkOf(kernel, netns, 'eth0').index));
  const random = machine.random(`test/path/${netns}`);
  const receive = device.receive.bind(device);
  const arrival: Handler<Frame> = { fire: (frame) => receive(frame) };
  device.receive = (frame) => {
    if (random.chance(lostOf10000, 10_000)) kernel.pool.release(frame);
    else machine.schedule(machine.now() + DELAY_NS, arrival, frame);
  };
}

/** Longer than any piece that is written or read, so that each one lies in it whole, wherever it begins. */
const PATTERN_BYTES = 1 << 18;
const PIECE_BYTES = 65_536;
const PATTERN = bytesOfLength(2 * PATTERN_BYTES).map((_, at) => ((at % PATTERN_BYTES) * 31 + 7) >>> 3);

function patternFrom(place: number, sizeBytes: number): Uint8Array {
  return PATTERN.subarray(place % PATTERN_BYTES, (place % PATTERN_BYTES) + sizeBytes);
}

/** Writes so many bytes as there is room, then half-closes. */
function pour(socket: TcpSocket, sizeBytes: number): void {
  let sent = 0;
  socket.onWritable = () => {
    while (sent < sizeBytes) {
      const count = socket.send(patternFrom(sent, Math.min(PIECE_BYTES, sizeBytes - sent)));
      if (typeof count === 'string') throw new Error(count);
      if (count === 0) return;
      sent += count;
    }
    socket.onWritable = undefined;
    socket.shutdown();
  };
}

/** Reads to the end, and looks at every byte; tells how many there were so far. */
function drain(socket: TcpSocket, tell: (sizeBytes: number, ended: boolean) => void): void {
  let length = 0;
  socket.onReadable = () => {
    for (let piece = socket.receive(); piece !== undefined; piece = socket.receive()) {
      if (piece.length === 0) return tell(length, true);
      if (Buffer.compare(piece, patternFrom(length, piece.length)) !== 0) throw new Error(`other bytes at ${length}`);
      length += piece.length;
      tell(length, false);
    }
  };
}

/** How long `countedBytes` take after `skippedBytes` have arrived, in microseconds. */
export function transferUs(skippedBytes: number, countedBytes: number, lostOf10000: number, seed: number): number {
  const sizeBytes = skippedBytes + countedBytes;
  const wire = new Wire(false, seed);
  const { machine } = wire.host;
  const listener = wire.listen();
  // Neighbours first: the path is long for TCP alone.
  const probe = wire.connect();
  wire.pass(SECOND);
  probe.abort();
  done(listener.accept()).abort();
  lengthen(wire, 'client', lostOf10000);
  lengthen(wire, 'server', lostOf10000);
  let beganAt = 0;
  let endedAt = 0;
  listener.onReadable = () => {
    drain(done(listener.accept()), (length, ended) => {
      if (beganAt === 0 && length >= skippedBytes) beganAt = machine.now();
      if (ended && length !== sizeBytes) throw new Error(`${length} bytes of ${sizeBytes}`);
      if (ended) endedAt = machine.now();
    });
  };
  const client = wire.connect();
  pour(client, sizeBytes);
  const begin = machine.now();
  while (endedAt === 0) {
    if (machine.now() - begin > PATIENCE_NS) throw new Error(`${sizeBytes} bytes do not arrive`);
    wire.pass(100 * MILLISECOND);
  }
  client.abort();
  return (endedAt - beganAt) / 1000;
}

// Two simulated hosts with a path between them like the one that Linux was measured over: so long, and so lossy.

import { type Handler, MILLISECOND, SECOND } from '../../packages/sim/src/index.js';
import type { Frame } from '../../packages/wire/src/index.js';
import { done, linkOf } from '../../packages/kernel/src/testing.js';
import { Drain, Wire, bytesOfLength, pour } from '../../packages/kernel/src/transport/tcp/testing.js';

const DELAY_NS = 10 * MILLISECOND;
/** No transfer of these takes longer, unless it hangs. */
const PATIENCE_NS = 600 * SECOND;

/** From now on frames to `netns` take 10 ms, and of TCP's one of `outOf` in `lostOf` is lost. */
function lengthen(wire: Wire, netns: 'client' | 'server', lost: number, outOf: number): void {
  const { kernel, machine } = wire.host;
  const device = done(kernel.device(linkOf(kernel, netns, 'eth0').index));
  const random = machine.random(`test/path/${netns}`);
  const receive = device.receive.bind(device);
  const arrival: Handler<Frame> = { fire: (frame) => receive(frame) };
  device.receive = (frame) => {
    if (random.chance(lost, outOf)) kernel.pool.release(frame);
    else machine.schedule(machine.now() + DELAY_NS, arrival, frame);
  };
}

/** How long one transfer takes from the moment when it is accepted, in microseconds. */
export function transferUs(sizeBytes: number, lost: number, outOf: number, seed: number): number {
  const wire = new Wire(false, seed);
  const listener = wire.listen();
  const probe = wire.connect();
  wire.pass(SECOND);
  probe.abort();
  done(listener.accept()).abort();
  lengthen(wire, 'client', lost, outOf);
  lengthen(wire, 'server', lost, outOf);
  const content = bytesOfLength(sizeBytes);
  let acceptedAt = 0;
  let drain: Drain | undefined;
  listener.onReadable = () => {
    acceptedAt = wire.host.machine.now();
    drain = new Drain(done(listener.accept()), sizeBytes, () => wire.host.machine.now());
  };
  const client = wire.connect();
  pour(client, content);
  const begin = wire.host.machine.now();
  while (drain?.ended !== true) {
    if (wire.host.machine.now() - begin > PATIENCE_NS) throw new Error(`${sizeBytes} bytes do not arrive`);
    wire.pass(10 * MILLISECOND);
  }
  if (Buffer.compare(drain.content(), content) !== 0) throw new Error('other bytes arrived');
  return (drain.endedAt - acceptedAt) / 1000;
}

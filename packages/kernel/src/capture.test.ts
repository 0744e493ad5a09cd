import { MILLISECOND } from '@netreel/sim';
import { type Tap } from './contract.js';
import { BROADCAST_MAC } from '@netreel/wire';
import { attach, ethernetFrame, kernelUnderTest, linkOf, transmit } from './testing.js';

const bridged = () => {
  const host = kernelUnderTest();
  const { kernel } = host;
  kernel.addNetns('host');
  kernel.addBridge({ netns: 'host', name: 'br0' });
  kernel.setUp(kernel.linkByName('host', 'br0')!);
  for (const [place, name] of ['a', 'b'].entries()) {
    attach(kernel, 'host', 'br0', name, 0x0a000002 + place, 24);
  }
  return host;
};

describe('packet sockets', () => {
  it('see the frames of their link, whole and copied, and nothing once they are closed', () => {
    const host = bridged();
    const { kernel } = host;
    const link = linkOf(kernel, 'b', 'eth0');
    const socket = kernel.packetSocket('b', link.index);
    const frame = (): void =>
      transmit(kernel, linkOf(kernel, 'a', 'eth0'), ethernetFrame(kernel, BROADCAST_MAC, 0x0242ac110002));
    host.at(0, frame);
    host.run(MILLISECOND);
    const seen = socket.receive()!;
    expect(seen).toMatchObject({ direction: 'in', link: { name: 'eth0' } });
    expect(seen.bytes.length).toBe(60);
    socket.close();
    host.at(2 * MILLISECOND, frame);
    host.run(3 * MILLISECOND);
    expect(socket.receive()).toBeUndefined();
    expect(kernel.tap).toBeUndefined();
  });

  it('share a kernel with other taps, whichever goes first', () => {
    const { kernel } = bridged();
    const tap: Tap = { frame: () => undefined, dropped: () => undefined };
    kernel.addTap(tap);
    const socket = kernel.packetSocket('b');
    socket.close();
    expect(kernel.tap).toBe(tap);
    kernel.removeTap(tap);
    expect(kernel.tap).toBeUndefined();
  });

  it('count what a slow reader loses', () => {
    const host = bridged();
    const { kernel } = host;
    const socket = kernel.packetSocket('a', linkOf(kernel, 'a', 'eth0').index);
    host.at(0, () => {
      for (let count = 0; count < 1030; count++) transmit(kernel, linkOf(kernel, 'a', 'eth0'),
        ethernetFrame(kernel, BROADCAST_MAC, 1 + count * 2));
    });
    host.run(MILLISECOND);
    expect(socket.lost).toBe(6);
  });
});

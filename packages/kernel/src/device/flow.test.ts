import { ETHERNET, ETHERTYPE, Frame, write16, writeEthernetHeader } from '@netreel/wire';
import { tunnelSourcePort } from './flow.js';

/** An Ethernet frame with a UDP datagram of those ports; `fragment` is the IPv4 flags and offset field. */
function udpFrame(sourcePort: number, targetPort: number, fragment = 0, source = 2, target = 3): Frame {
  const frame = new Frame(new Uint8Array(64));
  frame.end = 64;
  writeEthernetHeader(frame.buffer, 0, 0x0242_0a00_0000 + target, 0x0242_0a00_0000 + source, ETHERTYPE.ipv4);
  const at = ETHERNET.LENGTH;
  frame.buffer[at] = 0x45;
  write16(frame.buffer, at + 6, fragment);
  frame.buffer[at + 9] = 17;
  frame.buffer.set([10, 0, 0, source, 10, 0, 0, target], at + 12);
  write16(frame.buffer, at + 20, sourcePort);
  write16(frame.buffer, at + 22, targetPort);
  return frame;
}

describe('the outer source port of a tunnel', () => {
  it('is the same for a flow and spreads flows over 49152 to 65535', () => {
    expect(tunnelSourcePort(udpFrame(40000, 53))).toBe(tunnelSourcePort(udpFrame(40000, 53)));
    const ports = new Set(Array.from({ length: 200 }, (_, i) => tunnelSourcePort(udpFrame(40000 + i, 53))));
    expect(ports.size).toBeGreaterThan(190);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(49152);
      expect(port).toBeLessThanOrEqual(65535);
    }
  });

  it('depends on addresses, and on MACs where there is no IPv4', () => {
    const others = new Set(Array.from({ length: 100 }, (_, i) => tunnelSourcePort(udpFrame(1, 2, 0, 2, i))));
    expect(others.size).toBeGreaterThan(95);
    const arp = (source: number): number => {
      const frame = udpFrame(1, 2, 0, source);
      write16(frame.buffer, ETHERNET.TYPE, ETHERTYPE.arp);
      return tunnelSourcePort(frame);
    };
    expect(arp(4)).not.toBe(arp(5));
  });

  it('is the same for all fragments of a datagram', () => {
    const first = tunnelSourcePort(udpFrame(40000, 53, 0x2000));
    expect(tunnelSourcePort(udpFrame(0x1234, 0x5678, 0x00b9))).toBe(first);
  });
});

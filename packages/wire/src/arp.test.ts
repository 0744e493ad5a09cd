import { ARP_REPLY, ARP_REQUEST } from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { decodeArp, encodeArp, formatArp } from './arp.js';
import type { ArpPacket } from './arp.js';

const request = ARP_REQUEST.subarray(14);
const reply = ARP_REPLY.subarray(14);

function changed(at: number, value: number): Uint8Array {
  const bytes = request.slice();
  bytes[at] = value;
  return bytes;
}

describe('an ARP packet', () => {
  it('is read', () => {
    expect(decodeArp(request)).toEqual({ ok: true, packet: {
      operation: 'request', senderMac: 0x02420a000002, senderIp: 0x0a000002, targetMac: 0, targetIp: 0x0a000003 } });
    expect(decodeArp(reply)).toEqual({ ok: true, packet: {
      operation: 'reply', senderMac: 0x02420a000003, senderIp: 0x0a000003, targetMac: 0x02420a000002,
        targetIp: 0x0a000002 } });
  });

  it.each([request, reply])('is written with the same bytes', (bytes) => {
    const packet = decodeArp(bytes);
    expect(packet.ok && [...encodeArp(packet.packet)]).toEqual([...bytes]);
  });

  it('survives a round trip', () => {
    const generator = new Generator(7);
    for (let round = 0; round < 300; round++) {
      const packet: ArpPacket = { operation: generator.pick(['request', 'reply']), senderMac: generator.mac(),
        senderIp: generator.next(), targetMac: generator.mac(), targetIp: generator.next() };
      expect(decodeArp(encodeArp(packet))).toEqual({ ok: true, packet });
    }
  });

  it('is flawed at every shorter length', () => {
    for (let length = 0; length < 28; length++) {
      expect(decodeArp(request, 0, length)).toEqual({ ok: false, flaw: 'truncated' });
    }
  });

  it('is read under the padding of a short frame', () => {
    const padded = new Uint8Array(46);
    padded.set(request);
    expect(decodeArp(padded)).toEqual(decodeArp(request));
  });

  it('has to be about IPv4 over Ethernet, a request or a reply (RFC 826, "Packet Reception")', () => {
    expect(decodeArp(changed(1, 6))).toEqual({ ok: false, flaw: 'unsupported' });
    expect(decodeArp(changed(3, 1))).toEqual({ ok: false, flaw: 'unsupported' });
    expect(decodeArp(changed(4, 8))).toEqual({ ok: false, flaw: 'bad-length' });
    expect(decodeArp(changed(5, 16))).toEqual({ ok: false, flaw: 'bad-length' });
    expect(decodeArp(changed(7, 3))).toEqual({ ok: false, flaw: 'unsupported' });
    expect(decodeArp(changed(7, 0))).toEqual({ ok: false, flaw: 'unsupported' });
  });

  it('is printed as tcpdump prints it', () => {
    const texts = [request, reply, changed(23, 9)].map((bytes) => {
      const packet = decodeArp(bytes);
      return packet.ok && formatArp(packet.packet);
    });
    expect(texts).toEqual([
      'Request who-has 10.0.0.3 tell 10.0.0.2', 'Reply 10.0.0.3 is-at 02:42:0a:00:00:03',
      'Request who-has 10.0.0.3 (00:00:00:00:00:09) tell 10.0.0.2',
    ]);
  });
});

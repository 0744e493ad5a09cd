import * as vectors from '../test/vectors.js';
import { Generator } from '../test/generator.js';
import { write16 } from './bytes.js';
import {
  TCP, TCP_FLAG, TcpOptionValues, checkTcp, decodeTcp, encodeTcp, formatTcp, tcpHeaderBytes, type TcpOption,
  type TcpPacket,
} from './tcp.js';

const addresses = { source: 0x0a000002, target: 0x0a000003 };
const back = { source: 0x0a000003, target: 0x0a000002 };
const VECTORS = [
  ['TCP_SYN', addresses, 'Flags [S], seq 2147483392, win 64240, options [mss 1460,sackOK,TS val 12345678 ecr 0,nop,' +
    'wscale 7], length 0'],
  ['TCP_SYN_ACK', back, 'Flags [S.], seq 4294967295, ack 2147483393, win 65160, options [mss 1460,sackOK,' +
    'TS val 16909060 ecr 12345678,nop,wscale 7], length 0'],
  ['TCP_DATA', addresses, 'Flags [P.], seq 2147483393:2147483411, ack 0, win 502, length 18'],
  ['TCP_SACK', back, 'Flags [.], ack 2147483411, win 510, options [nop,nop,sack 1 {2147484871:2147486331}], length 0'],
  ['TCP_RESET', back, 'Flags [R.], seq 0, ack 16909060, win 0, length 0'],
] as const;

function segmentOf(name: (typeof VECTORS)[number][0]): Uint8Array {
  return vectors[name].subarray(34);
}

function packet(changes: Partial<TcpPacket>): TcpPacket {
  return { sourcePort: 1, targetPort: 2, sequence: 3, acknowledgment: 4, flags: TCP_FLAG.ack, window: 5, urgent: 0,
    options: [], payload: new Uint8Array(0), ...changes };
}

describe('a TCP segment', () => {
  it.each(VECTORS)('%s is read, printed, and written with the same bytes', (name, around, line) => {
    const bytes = segmentOf(name);
    const tcp = decodeTcp(bytes, 0, bytes.length, around);
    if (!tcp.ok) throw new Error(tcp.flaw);
    expect(formatTcp(tcp.packet)).toBe(line);
    expect([...encodeTcp(tcp.packet, around)]).toEqual([...bytes]);
  });

  it.each(VECTORS)('%s is flawed at every shorter length of its header, and by a wrong address', (name, around) => {
    const bytes = segmentOf(name);
    for (let length = 0; length < tcpHeaderBytes(bytes, 0); length++) {
      expect(decodeTcp(bytes, 0, length)).toEqual({ ok: false, flaw: 'truncated' });
    }
    for (let length = tcpHeaderBytes(bytes, 0); length < bytes.length; length++) {
      expect(checkTcp(bytes, 0, length, around.source, around.target)).toBe('bad-checksum');
    }
    expect(checkTcp(bytes, 0, bytes.length, around.source, around.target + 1)).toBe('bad-checksum');
  });

  it('RFC 9293 3.1: a data offset below five words is flawed, and one beyond the bytes', () => {
    const bytes = encodeTcp(packet({}));
    bytes[TCP.DATA_OFFSET] = 4 << 4;
    expect(decodeTcp(bytes)).toEqual({ ok: false, flaw: 'bad-length' });
    bytes[TCP.DATA_OFFSET] = 6 << 4;
    expect(decodeTcp(bytes)).toEqual({ ok: false, flaw: 'truncated' });
  });

  it('RFC 9293 3.1: an option that is too short, or leaves the header, is flawed; what follows the end is not', () => {
    const bytes = encodeTcp(packet({ options: [{ kind: 'mss', sizeBytes: 1460 }] }));
    for (const length of [0, 1, 5]) {
      bytes[TCP.LENGTH + 1] = length;
      expect(decodeTcp(bytes)).toEqual({ ok: false, flaw: 'bad-length' });
      new TcpOptionValues().read(bytes, 0);
    }
    bytes[TCP.LENGTH] = 0;
    expect(decodeTcp(bytes)).toMatchObject({ ok: true, packet: { options: [] } });
  });

  it('survives a round trip, with every option', () => {
    const generator = new Generator(21);
    const options: readonly (() => TcpOption)[] = [
      () => ({ kind: 'nop' }), () => ({ kind: 'mss', sizeBytes: generator.below(65536) }),
      () => ({ kind: 'windowScale', shift: generator.below(15) }), () => ({ kind: 'sackPermitted' }),
      () => ({ kind: 'sack', blocks: [{ left: generator.next(), right: generator.next() }] }),
      () => ({ kind: 'timestamps', value: generator.next(), echo: generator.next() }),
      () => ({ kind: 'unknown', number: 253, data: generator.bytes(generator.below(4)) }),
    ];
    for (let round = 0; round < 500; round++) {
      const sent = packet({ sourcePort: generator.below(65536), targetPort: generator.below(65536),
        sequence: generator.next(), acknowledgment: generator.next(), flags: generator.below(256),
        window: generator.below(65536), urgent: generator.below(65536), payload: generator.bytes(generator.below(90)),
        options: Array.from({ length: generator.below(4) }, () => generator.pick(options)()) });
      const bytes = encodeTcp(sent, addresses);
      expect(decodeTcp(bytes, 0, bytes.length, addresses)).toEqual({ ok: true, packet: sent });
      expect(formatTcp(sent)).toContain('length');
    }
  });

  it('more than 40 bytes of options is a mistake of the caller', () => {
    const timestamps: TcpOption = { kind: 'timestamps', value: 1, echo: 2 };
    const options = new Array<TcpOption>(5).fill(timestamps);
    expect(() => encodeTcp(packet({ options }))).toThrow();
  });

  it('its options are read in place, into one object that forgets the ones before', () => {
    const values = new TcpOptionValues();
    values.read(segmentOf('TCP_SYN'), 0);
    expect(values).toMatchObject({ mss: 1460, windowScale: 7, sackPermitted: true, sackEdgeCount: 0 });
    values.read(segmentOf('TCP_SACK'), 0);
    expect(values).toMatchObject({ mss: 0, windowScale: -1, sackPermitted: false, sackEdgeCount: 2 });
    expect([...values.sackEdges.subarray(0, 2)]).toEqual([0x800004c7, 0x80000a7b]);
  });

  it('all flags have their letters, none has a word', () => {
    expect(formatTcp(packet({ flags: 0xff }))).toBe('Flags [FSRP.UEW], seq 3, ack 4, win 5, urg 0, length 0');
    expect(formatTcp(packet({ flags: 0 }))).toBe('Flags [none], win 5, length 0');
  });

  it('RFC 9293 3.1: one spoilt byte shows in the checksum', () => {
    const bytes = segmentOf('TCP_DATA').slice();
    write16(bytes, 24, 0xbeef);
    expect(checkTcp(bytes, 0, bytes.length, addresses.source, addresses.target)).toBe('bad-checksum');
  });
});

import * as vectors from '../test/vectors.js';
import { describeFrame } from './describe.js';
import { decodeEthernet, encodeEthernet } from './ethernet.js';
import { encodeIpv4 } from './ipv4.js';
import { encodeUdp } from './udp.js';
import { encodeVxlan } from './vxlan.js';

const A_TO_B = '02:42:0a:00:00:02 > 02:42:0a:00:00:03, ethertype IPv4 (0x0800)';
const B_TO_A = '02:42:0a:00:00:03 > 02:42:0a:00:00:02, ethertype IPv4 (0x0800)';
const ROUTER_TO_A = '02:42:0a:00:00:01 > 02:42:0a:00:00:02, ethertype IPv4 (0x0800)';
const WHO_HAS = '02:42:0a:00:00:02 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: ' +
  'Request who-has 10.0.0.3 tell 10.0.0.2, length 28';

describe('a frame in a line', () => {
  it.each([
    ['ARP_REQUEST', WHO_HAS],
    ['ARP_REPLY', '02:42:0a:00:00:03 > 02:42:0a:00:00:02, ethertype ARP (0x0806), length 42: ' +
      'Reply 10.0.0.3 is-at 02:42:0a:00:00:03, length 28'],
    ['ECHO_REQUEST', `${A_TO_B}, length 98: 10.0.0.2 > 10.0.0.3: ICMP echo request, id 7, seq 1, length 64`],
    ['ECHO_REPLY', `${B_TO_A}, length 98: 10.0.0.3 > 10.0.0.2: ICMP echo reply, id 7, seq 1, length 64`],
    ['PORT_UNREACHABLE', `${B_TO_A}, length 75: 10.0.0.3 > 10.0.0.2: ` +
      'ICMP 10.0.0.3 udp port 5353 unreachable, length 41'],
    ['FRAGMENTATION_NEEDED', `${ROUTER_TO_A}, length 70: 10.0.0.1 > 10.0.0.2: ` +
      'ICMP 10.9.0.3 unreachable - need to frag (mtu 1450), length 36'],
    ['DNS_QUERY', `${A_TO_B}, length 63: 10.0.0.2.40000 > 10.0.0.3.53: 4660+ A? web. (21)`],
    ['DNS_ANSWER', `${B_TO_A}, length 79: 10.0.0.3.53 > 10.0.0.2.40000: 4660 1/0/0 A 10.0.0.4 (37)`],
    ['DNS_NAME_ERROR', `${B_TO_A}, length 64: 10.0.0.3.53 > 10.0.0.2.40001: 7 NXDomain* 0/0/0 (22)`],
    ['DATAGRAM', `${A_TO_B}, length 98: 10.0.0.2.40000 > 10.0.0.3.7: UDP, length 56`],
    ['FRAGMENT_1', `${A_TO_B}, length 66: 10.0.0.2 > 10.0.0.3: udp (frag 16962:32@0+)`],
    ['FRAGMENT_2', `${A_TO_B}, length 66: 10.0.0.2 > 10.0.0.3: udp (frag 16962:32@32)`],
    ['TCP_DATA', `${A_TO_B}, length 72: 10.0.0.2.40000 > 10.0.0.3.80: ` +
      'Flags [P.], seq 2147483393:2147483411, ack 0, win 502, length 18'],
    ['VXLAN_ARP', '52:54:00:00:00:0b > 52:54:00:00:00:0c, ethertype IPv4 (0x0800), length 92: ' +
      `192.168.65.11.49999 > 192.168.65.12.4789: VXLAN, flags [I] (0x08), vni 4097 -> ${WHO_HAS}`],
  ] as const)('shows %s', (name, line) => {
    expect(describeFrame(vectors[name])).toBe(line);
  });

  it('is read from within a larger buffer', () => {
    const buffer = new Uint8Array(300).fill(0xee);
    buffer.set(vectors.ARP_REQUEST, 64);
    expect(describeFrame(buffer, 64, 64 + 42)).toBe(WHO_HAS);
  });

  it('names what is wrong with it', () => {
    expect(describeFrame(new Uint8Array(3))).toBe('[ethernet truncated], length 3');
    const spoilt = vectors.ECHO_REQUEST.slice();
    spoilt[60]! ^= 1;
    expect(describeFrame(spoilt)).toBe(`${A_TO_B}, length 98: 10.0.0.2 > 10.0.0.3: [icmp bad-checksum], length 64`);
    spoilt[16]! ^= 0x80;
    expect(describeFrame(spoilt)).toBe(`${A_TO_B}, length 98: [ip truncated], length 84`);
  });

  it('shows types that are not looked into by their name', () => {
    const frame = { target: 1, source: 2, payload: new Uint8Array(40) };
    expect(describeFrame(encodeEthernet({ ...frame, type: 0x8100 })))
      .toBe('00:00:00:00:00:02 > 00:00:00:00:00:01, ethertype 802.1Q (0x8100), length 54');
    expect(describeFrame(encodeEthernet({ ...frame, type: 0x88cc })))
      .toBe('00:00:00:00:00:02 > 00:00:00:00:00:01, ethertype Unknown (0x88cc), length 54');
  });

  it('does not follow tunnels in tunnels for ever', () => {
    let frame = vectors.ARP_REQUEST;
    for (let depth = 0; depth < 1000; depth++) {
      const udp = encodeUdp({ sourcePort: 1, targetPort: 4789, payload: encodeVxlan({ vni: depth, payload: frame }) });
      frame = encodeEthernet({ target: 1, source: 2, type: 0x0800, payload: encodeIpv4({
        tos: 0, identification: 0, dontFragment: false, moreFragments: false, fragmentOffset: 0, ttl: 1, protocol: 17,
        source: 1, target: 2, options: new Uint8Array(0), payload: udp }) });
    }
    expect(decodeEthernet(frame).ok).toBe(true);
    expect(describeFrame(frame).split(' -> ')).toHaveLength(5);
  });
});

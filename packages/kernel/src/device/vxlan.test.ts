import { SECOND } from '@netreel/sim';
import { BROADCAST_MAC, ETHERTYPE, encodeArp, encodeEthernet, parseIpv4, parseMac } from '@netreel/wire';
import {
  type KernelUnderTest, addressOfHost, done, dropsOf, ethernetFrame, hostsUnderTest, linkOf, macOfHost, transmit,
  watchFrames,
} from '../testing.js';
import type { LinkRow } from '../tables.js';

const VNI = 4096;
const INNER_TARGET = parseMac('02:42:0a:00:01:03')!;
const INNER_SOURCE = parseMac('02:42:0a:00:01:02')!;

/** Host `index` of a lab gets a vxlan device in a namespace of its own, as Docker's overlay driver makes it. */
function tunnelOn(host: KernelUnderTest, index: number, options: { proxy?: boolean; vni?: number } = {}): LinkRow {
  const { kernel } = host;
  if (!kernel.tables.netns.has('overlay')) done(kernel.addNetns('overlay'));
  const vni = options.vni ?? VNI;
  const link = done(kernel.addVxlan({ netns: 'overlay', name: `vx${vni}`, vni, local: addressOfHost(index),
    underlayNetns: 'host', port: 4789, proxy: options.proxy ?? false }));
  done(kernel.setUp(link));
  return link;
}

/** Both ends know each other's MAC, so that no ARP comes between. */
function acquaint(hosts: readonly KernelUnderTest[]): void {
  hosts.forEach(({ kernel }) => {
    hosts.forEach((_, index) => void kernel.addNeighbour(linkOf(kernel, 'host', 'eth0'), addressOfHost(index),
      macOfHost(index)));
  });
}

describe('a vxlan device', () => {
  let hosts: KernelUnderTest[];
  let links: LinkRow[];

  beforeEach(() => {
    hosts = hostsUnderTest(3);
    acquaint(hosts);
    links = hosts.map((host, index) => tunnelOn(host, index));
    hosts[0]!.run(SECOND);
    for (const host of hosts) host.sent.length = 0;
  });

  const send = (target: number, payloadBytes = 46): void => {
    transmit(hosts[0]!.kernel, links[0]!, ethernetFrame(hosts[0]!.kernel, target, INNER_SOURCE, payloadBytes));
  };

  it('wraps a frame as RFC 7348 section 5 draws it', () => {
    done(hosts[0]!.kernel.addFdb(links[0]!, INNER_TARGET, addressOfHost(1)));
    send(INNER_TARGET);
    const { bytes } = hosts[0]!.sent[0]!;
    const text = Buffer.from(bytes).toString('hex');
    const inner = `02420a000103` + '02420a000102' + '88b5' + '00'.repeat(46);
    expect(text.slice(0, 28)).toBe('020000000002' + '020000000001' + '0800');
    // IPv4: 20 bytes header, 96 + 0 in all, don't fragment, UDP, from 192.168.65.11 to .12.
    expect(text.slice(28, 36)).toBe('45000060');
    expect(text.slice(40, 44)).toBe('4000');
    expect(text.slice(46, 48)).toBe('11');
    expect(text.slice(52, 68)).toBe('c0a8410b' + 'c0a8410c');
    // UDP: port 4789, 76 bytes, no checksum (section 4.3 asks for zero).
    expect(text.slice(72, 84)).toBe('12b5' + '004c' + '0000');
    // Flags with I set, VNI 4096, reserved bits zero.
    expect(text.slice(84, 100)).toBe('08000000' + '00100000');
    expect(text.slice(100)).toBe(inner);
    const sourcePort = Number.parseInt(text.slice(68, 72), 16);
    expect(sourcePort).toBeGreaterThanOrEqual(49152);
    hosts[0]!.run(2 * SECOND);
    expect(hosts[0]!.kernel.pool.taken).toBe(0);
  });

  it('sends to the tunnel end that a row names, and brings the same frame out there', () => {
    done(hosts[0]!.kernel.addFdb(links[0]!, INNER_TARGET, addressOfHost(1)));
    const seen = watchFrames(hosts[1]!.kernel);
    send(INNER_TARGET);
    hosts[0]!.run(2 * SECOND);
    expect(seen.at(-1)).toBe('in overlay/vx4096 2420a000102 > 2420a000103');
    expect(hosts[1]!.kernel.counters(links[1]!)).toMatchObject({ rxPackets: 1, rxBytes: 60 });
  });

  it('sends group frames and unknown targets to every end of the flood list', () => {
    const { kernel } = hosts[0]!;
    done(kernel.addFdb(links[0]!, 0, addressOfHost(1)));
    done(kernel.addFdb(links[0]!, 0, addressOfHost(2)));
    send(BROADCAST_MAC);
    send(INNER_TARGET);
    const targets = hosts[0]!.sent.map(({ bytes }) => Buffer.from(bytes).toString('hex').slice(60, 68));
    expect(targets).toEqual(['c0a8410c', 'c0a8410d', 'c0a8410c', 'c0a8410d']);
    done(kernel.addFdb(links[0]!, INNER_TARGET, addressOfHost(2)));
    send(INNER_TARGET);
    expect(hosts[0]!.sent).toHaveLength(5);
    hosts[0]!.run(2 * SECOND);
    expect(kernel.pool.taken).toBe(0);
  });

  it('drops what no row covers, and what is larger than its MTU', () => {
    expect(links[0]!.mtu).toBe(1450);
    send(INNER_TARGET);
    send(INNER_TARGET, 1451);
    expect(dropsOf(hosts[0]!.kernel)).toEqual(['overlay/vx4096 mtu-exceeded 1', 'overlay/vx4096 no-tunnel-row 1']);
    expect(hosts[0]!.sent).toEqual([]);
  });

  it('keeps VNIs apart on one port, and counts those it does not have', () => {
    const other = tunnelOn(hosts[1]!, 1, { vni: VNI + 1 });
    done(hosts[0]!.kernel.addFdb(links[0]!, INNER_TARGET, addressOfHost(1)));
    send(INNER_TARGET);
    hosts[0]!.run(2 * SECOND);
    expect(hosts[1]!.kernel.counters(other)).toMatchObject({ rxPackets: 0 });
    expect(hosts[1]!.kernel.counters(links[1]!)).toMatchObject({ rxPackets: 1 });
    done(hosts[1]!.kernel.setDown(links[1]!));
    send(INNER_TARGET);
    hosts[0]!.run(3 * SECOND);
    expect(dropsOf(hosts[1]!.kernel)).toContain('host unknown-vni 1');
  });

  it('counts datagrams that are no VXLAN', () => {
    done(hosts[0]!.kernel.sockets('host').udp().sendTo(addressOfHost(1), 4789, Uint8Array.of(0, 0, 0, 0, 0, 16, 0, 0))
      ?? 'sent');
    done(hosts[0]!.kernel.sockets('host').udp().sendTo(addressOfHost(1), 4789, Uint8Array.of(8, 0, 0)) ?? 'sent');
    hosts[0]!.run(2 * SECOND);
    expect(dropsOf(hosts[1]!.kernel)).toContain('host bad-vxlan 2');
  });

  it('ignores reserved bits of the header, and refuses an inner frame without a header', () => {
    const header = [0xff, 1, 2, 3, 0, 0x10, 0, 0xff];
    const inner = encodeEthernet({ target: links[1]!.mac, source: INNER_SOURCE, type: 0x88b5,
      payload: new Uint8Array(4) });
    done(hosts[0]!.kernel.sockets('host').udp().sendTo(addressOfHost(1), 4789, Uint8Array.of(...header, ...inner))
      ?? 'sent');
    done(hosts[0]!.kernel.sockets('host').udp().sendTo(addressOfHost(1), 4789, Uint8Array.of(...header, 1)) ?? 'sent');
    hosts[0]!.run(2 * SECOND);
    expect(hosts[1]!.kernel.counters(links[1]!)).toMatchObject({ rxPackets: 1, rxDropped: 1 });
    expect(dropsOf(hosts[1]!.kernel)).toContain('overlay/vx4096 bad-ethernet 1');
  });

  it('is the only one with its VNI on a port of a namespace', () => {
    const again = { netns: 'overlay', name: 'again', vni: VNI, local: addressOfHost(0), underlayNetns: 'host',
      port: 4789 };
    expect(hosts[0]!.kernel.addVxlan(again)).toEqual({ refused: 'RTNETLINK answers: File exists' });
    done(hosts[0]!.kernel.addVxlan({ ...again, port: 4790 }));
  });

  it('cannot be set up while a socket has its port', () => {
    const { kernel } = hosts[0]!;
    expect(kernel.sockets('host').udp().bind(0, 5000)).toBeUndefined();
    const link = done(kernel.addVxlan({ netns: 'overlay', name: 'vx', vni: 9, local: 0, underlayNetns: 'host',
      port: 5000 }));
    expect(kernel.setUp(link)).toEqual({ refused: 'RTNETLINK answers: Address already in use' });
    expect(link.up).toBe(false);
  });

  it('gives its port back when it is set down, and the last one on it alone', () => {
    const { kernel } = hosts[0]!;
    const other = tunnelOn(hosts[0]!, 0, { vni: VNI + 1 });
    const socket = kernel.sockets('host').udp();
    done(kernel.setDown(other));
    expect(socket.bind(0, 4789)).toBe('EADDRINUSE');
    done(kernel.setDown(links[0]!));
    expect(socket.bind(0, 4789)).toBeUndefined();
  });

  it('carries what was in a tunnel already', () => {
    done(hosts[0]!.kernel.addFdb(links[0]!, INNER_TARGET, addressOfHost(1)));
    const { kernel } = hosts[0]!;
    const frame = ethernetFrame(kernel, INNER_TARGET, INNER_SOURCE);
    // As a frame that two earlier headers have left without headroom.
    frame.buffer.copyWithin(4, frame.start, frame.end);
    frame.end = 4 + frame.length;
    frame.start = 4;
    transmit(kernel, links[0]!, frame);
    const text = Buffer.from(hosts[0]!.sent[0]!.bytes).toString('hex');
    expect(text.slice(100, 128)).toBe('02420a000103' + '02420a000102' + '88b5');
    hosts[0]!.run(2 * SECOND);
    expect(hosts[1]!.kernel.counters(links[1]!)).toMatchObject({ rxPackets: 1, rxBytes: 60 });
    expect(kernel.pool.taken).toBe(0);
  });

  it('goes with the namespace of its socket', () => {
    done(hosts[0]!.kernel.deleteNetns('host'));
    expect(hosts[0]!.kernel.linkByName('overlay', 'vx4096')).toBeUndefined();
  });
});

describe('a vxlan device that answers for its neighbours', () => {
  const request = encodeEthernet({ target: BROADCAST_MAC, source: INNER_SOURCE, type: ETHERTYPE.arp,
    payload: encodeArp({
    operation: 'request', senderMac: INNER_SOURCE, senderIp: parseIpv4('10.0.1.2')!, targetMac: 0,
    targetIp: parseIpv4('10.0.1.3')! }) });

  it('replies to an ARP request it has a row for and sends it nowhere', () => {
    const [host] = hostsUnderTest(1) as [KernelUnderTest];
    const { kernel } = host;
    const link = tunnelOn(host, 0, { proxy: true });
    done(kernel.addFdb(link, 0, addressOfHost(1)));
    done(kernel.addNeighbour(link, parseIpv4('10.0.1.3')!, INNER_TARGET));
    const bridge = done(kernel.addBridge({ netns: 'overlay', name: 'br0' }));
    done(kernel.setUp(bridge));
    const pair = done(kernel.addVeth({ netns: 'overlay', name: 'veth0' }, { netns: 'overlay', name: 'eth0',
      mac: INNER_SOURCE }));
    for (const port of [link, pair]) done(kernel.setMaster(port, bridge));
    const eth0 = linkOf(kernel, 'overlay', 'eth0');
    for (const end of [pair, eth0]) done(kernel.setUp(end));
    const replies: string[] = [];
    kernel.tap = {
      frame: (direction, row, frame) => {
        if (row === eth0 && direction === 'in') replies.push(Buffer.from(frame.bytes()).toString('hex'));
      },
      dropped: () => undefined,
    };
    transmit(kernel, eth0, kernel.pool.adopt({ buffer: request, start: 0, end: request.length }));
    host.run(SECOND);
    const expected = encodeEthernet({ target: INNER_SOURCE, source: INNER_TARGET, type: ETHERTYPE.arp,
      payload: encodeArp({
      operation: 'reply', senderMac: INNER_TARGET, senderIp: parseIpv4('10.0.1.3')!, targetMac: INNER_SOURCE,
      targetIp: parseIpv4('10.0.1.2')! }) });
    expect(replies).toEqual([Buffer.from(expected).toString('hex')]);
    expect(host.sent).toEqual([]);
    expect(bridge.fdb.get(INNER_TARGET)).toBe(link.index);
  });

  it('does not answer from rows that it learned', () => {
    const [host] = hostsUnderTest(1) as [KernelUnderTest];
    const link = tunnelOn(host, 0, { proxy: true });
    const address = parseIpv4('10.0.1.3')!;
    host.kernel.port.emit({ type: 'NeighbourChanged', link: link.index, address, mac: INNER_TARGET, state: 'STALE' });
    transmit(host.kernel, link, host.kernel.pool.adopt({ buffer: request, start: 0, end: request.length }));
    expect(dropsOf(host.kernel)).toEqual(['overlay/vx4096 no-tunnel-row 1']);
  });

  it('floods a request that it has no row for', () => {
    const hosts = hostsUnderTest(2);
    acquaint(hosts);
    const link = tunnelOn(hosts[0]!, 0, { proxy: true });
    done(hosts[0]!.kernel.addFdb(link, 0, addressOfHost(1)));
    transmit(hosts[0]!.kernel, link, hosts[0]!.kernel.pool.adopt({ buffer: request, start: 0, end: request.length }));
    hosts[0]!.run(SECOND);
    expect(hosts[0]!.sent.map(({ bytes }) => bytes.length)).toEqual([50 + request.length]);
  });
});

import { SECOND } from '@netreel/sim';
import {
  checkIcmp, checkIpv4, checkUdp, internetChecksum, IPV4, ipv4HeaderBytes, PROTOCOL, pseudoHeaderSum, read32,
} from '@netreel/wire';
import { attach, done, dropsOf, kernelUnderTest, linkOf, type KernelUnderTest } from '../testing.js';
import { replyFrom } from './ports.js';
import { A, FAR, LEFT, RIGHT, arrives, deafEnds, filtered, flowsOf, ip } from './testing.js';
import { TCP_FLAG } from './tcp-state.js';

const MASQUERADE = 'nat POSTROUTING -s 10.0.0.0/24 ! -o left -j MASQUERADE';

/** Complaints about checksums of whatever a device sees, errors' quotes aside. */
function watchChecksums(host: KernelUnderTest): string[] {
  const flaws: string[] = [];
  const note = (flaw: string | undefined): void => { if (flaw !== undefined) flaws.push(flaw); };
  host.kernel.tap = {
    frame: (_direction, _link, { buffer, start, end }) => {
      const at = start + 14;
      if (buffer[start + 12] !== 8 || buffer[start + 13] !== 0) return;
      note(checkIpv4(buffer, at, end));
      const inner = at + ipv4HeaderBytes(buffer, at);
      const protocol = buffer[at + IPV4.PROTOCOL];
      if (protocol === PROTOCOL.icmp) note(checkIcmp(buffer, inner, end));
      if (protocol === PROTOCOL.tcp) {
        const sum = pseudoHeaderSum(read32(buffer, at + IPV4.SOURCE), read32(buffer, at + IPV4.TARGET), protocol,
          end - inner);
        if (internetChecksum(buffer, inner, end, sum) !== 0) note('bad-checksum');
      }
      if (protocol === PROTOCOL.udp) note(checkUdp(buffer, inner, end, read32(buffer, at + IPV4.SOURCE),
        read32(buffer, at + IPV4.TARGET)));
    },
    dropped: () => undefined,
  };
  return flaws;
}

describe('masquerading', () => {
  it('gives a flow the address of the link it leaves by, and answers their own', () => {
    const host = filtered(MASQUERADE);
    const flaws = watchChecksums(host);
    const [client, server] = [host.kernel.sockets('a').udp(), host.kernel.sockets('b').udp()];
    expect(client.bind(0, 4000)).toBeUndefined();
    expect(server.bind(0, 7)).toBeUndefined();
    server.onReadable = () => {
      const { source, sourcePort, payload } = server.receive()!;
      expect({ source, sourcePort }).toEqual({ source: RIGHT, sourcePort: 4000 });
      server.sendTo(source, sourcePort, payload);
    };
    host.at(SECOND, () => { client.sendTo(FAR, 7, Uint8Array.of(1, 2, 3)); });
    host.run(2 * SECOND);
    expect(client.receive()).toMatchObject({ source: FAR, sourcePort: 7 });
    expect(flaws).toEqual([]);
    expect(flowsOf(host)).toMatchObject([{
      original: { source: A, sourcePort: 4000, target: FAR, targetPort: 7 },
      reply: { source: FAR, sourcePort: 7, target: RIGHT, targetPort: 4000 }, replied: true,
    }]);
  });

  it('a port that is taken gives way to the next free one', () => {
    const host = filtered(MASQUERADE);
    const server = host.kernel.sockets('b').udp();
    const own = host.kernel.sockets('r').udp();
    const client = host.kernel.sockets('a').udp();
    const heard: number[] = [];
    for (const socket of [own, client]) expect(socket.bind(0, 4000)).toBeUndefined();
    expect(server.bind(0, 7)).toBeUndefined();
    server.onReadable = () => heard.push(server.receive()!.sourcePort);
    host.at(SECOND, () => { own.sendTo(FAR, 7, Uint8Array.of(1)); });
    host.at(2 * SECOND, () => { client.sendTo(FAR, 7, Uint8Array.of(1)); });
    host.run(3 * SECOND);
    expect(heard).toEqual([4000, 4001]);
  });

  it.each([[65535, 1024], [511, 1], [1023, 600], [2000, 2001]])('port %i gives way to %i, within its range',
    (taken, next) => {
      const forward = { protocol: PROTOCOL.udp, source: A, sourcePort: taken, target: FAR, targetPort: 7 };
      expect(replyFrom(forward, RIGHT, 0, (tuple) => tuple.targetPort === taken)!.targetPort).toBe(next);
      expect(replyFrom(forward, RIGHT, 0, () => true)).toBeUndefined();
    });

  it('echoes keep apart by their identifiers', () => {
    const host = filtered(MASQUERADE);
    const flaws = watchChecksums(host);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(56)); });
    host.at(2 * SECOND, () => { socket.sendEcho(FAR, 2, new Uint8Array(56)); });
    host.run(3 * SECOND);
    expect(socket.receive()).toMatchObject({ source: FAR, sequence: 1 });
    expect(socket.receive()).toMatchObject({ source: FAR, sequence: 2 });
    expect(flaws).toEqual([]);
    const icmp = (id: number) =>
      ({ protocol: PROTOCOL.icmp, source: A, sourcePort: id, target: FAR, targetPort: 0x800 });
    expect(replyFrom(icmp(65535), RIGHT, 0, (tuple) => tuple.sourcePort === 65535)).toMatchObject({
      sourcePort: 0, targetPort: 0, target: RIGHT });
  });

  it('sees whole datagrams only: fragments of one go out as fragments again', () => {
    const host = filtered(MASQUERADE);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(4000)); });
    host.run(2 * SECOND);
    expect(socket.receive()).toMatchObject({ source: FAR, sequence: 1 });
    expect(dropsOf(host.kernel)).toEqual([]);
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('TCP headers are translated with their checksum', () => {
    const host = filtered(MASQUERADE);
    deafEnds(host);
    const flaws = watchChecksums(host);
    host.at(SECOND, () => arrives(host, 'left', A, 4000, FAR, 80, TCP_FLAG.syn));
    host.at(2 * SECOND, () => arrives(host, 'right', FAR, 80, RIGHT, 4000, TCP_FLAG.syn | TCP_FLAG.ack));
    host.run(3 * SECOND);
    expect(flowsOf(host)).toMatchObject([{ state: 'SYN_RECV', reply: { target: RIGHT, targetPort: 4000 } }]);
    expect(flaws).toEqual([]);
  });
});

describe('ICMP errors about translated packets (RFC 5508 section 4.2)', () => {
  it('reach who sent the packet, and quote it as it was sent', () => {
    const host = filtered(MASQUERADE);
    const flaws = watchChecksums(host);
    const client = host.kernel.sockets('a').udp();
    expect(client.bind(0, 4000)).toBeUndefined();
    expect(client.connect(FAR, 9)).toBeUndefined();
    host.at(SECOND, () => { client.sendTo(FAR, 9, Uint8Array.of(1, 2, 3, 4)); });
    host.run(2 * SECOND);
    // The error names the socket by the quoted addresses and ports: only a right quote finds it.
    expect(client.takeError()).toBe('ECONNREFUSED');
    expect(flaws).toEqual([]);
    expect(dropsOf(host.kernel)).toEqual(['b port-unreachable 1']);
  });

  it('an error that the translating host makes itself is RELATED and translated too', () => {
    const host = filtered(MASQUERADE);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(ip('10.0.1.77'), 5, new Uint8Array(8)); });
    host.run(10 * SECOND);
    expect(socket.receive()).toMatchObject({ type: 3, code: 1, sequence: 5 });
  });
});

describe('DNAT and SNAT', () => {
  it('DNAT gives a flow another target and port, answers come from the first', () => {
    const host = filtered('nat PREROUTING -p udp -m addrtype --dst-type LOCAL --dport 53 -j DNAT --to-destination '
      + '10.0.1.2:7');
    const flaws = watchChecksums(host);
    const [client, server] = [host.kernel.sockets('a').udp(), host.kernel.sockets('b').udp()];
    expect(server.bind(0, 7)).toBeUndefined();
    server.onReadable = () => {
      const { source, sourcePort, payload } = server.receive()!;
      expect(source).toBe(A);
      server.sendTo(source, sourcePort, payload);
    };
    host.at(SECOND, () => { client.sendTo(LEFT, 53, Uint8Array.of(9)); });
    host.run(2 * SECOND);
    expect(client.receive()).toMatchObject({ source: LEFT, sourcePort: 53 });
    expect(flaws).toEqual([]);
  });

  it('hairpin: target and source of one flow, an echo too', () => {
    const host = filtered('nat PREROUTING -d 10.0.0.1 -j DNAT --to-destination 10.0.1.2',
      'nat POSTROUTING -o right -j SNAT --to-source 10.0.1.1');
    const flaws = watchChecksums(host);
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(LEFT, 3, new Uint8Array(8)); });
    host.run(2 * SECOND);
    expect(socket.receive()).toMatchObject({ source: LEFT, sequence: 3 });
    expect(flaws).toEqual([]);
  });

  it('OUTPUT sends own packets elsewhere', () => {
    const host = filtered('nat OUTPUT -d 192.0.2.1 -j DNAT --to-destination 10.0.1.2');
    done(host.kernel.addRoute({ netns: 'r', destination: 0, prefix: 0, gateway: A, link: 0 }) ?? {});
    const socket = host.kernel.sockets('r').icmp();
    host.at(SECOND, () => { socket.sendEcho(ip('192.0.2.1'), 3, new Uint8Array(8)); });
    host.run(2 * SECOND);
    expect(socket.receive()).toMatchObject({ source: ip('192.0.2.1'), sequence: 3 });
  });
});

describe('frames that cross a bridge', () => {
  it.each([
    ['-i br0 -o br0 -j DROP', false], ['-i br0 ! -o br0 -j DROP', true], ['-s 10.9.0.2 -j DROP', false],
    ['! -s 10.9.0.0/24 -o br0 -j DROP', true], ['-i br0 -o br0 -j ACCEPT', true],
  ])('are shown to FORWARD as coming in and going out by it: %s', (rule, crosses) => {
    const host = kernelUnderTest();
    const { kernel } = host;
    done(kernel.addNetns('h') ?? {});
    done(kernel.setUp(done(kernel.addBridge({ netns: 'h', name: 'br0' }))) ?? {});
    attach(kernel, 'h', 'br0', 'one', ip('10.9.0.2'), 24);
    attach(kernel, 'h', 'br0', 'two', ip('10.9.0.3'), 24);
    done(kernel.appendRule('h', 'filter', 'FORWARD', rule) ?? {});
    const socket = kernel.sockets('one').icmp();
    host.at(SECOND, () => { socket.sendEcho(ip('10.9.0.3'), 1, new Uint8Array(8)); });
    host.run(2 * SECOND);
    expect(socket.receive() !== undefined).toBe(crosses);
    expect(kernel.drops().filter(({ reason }) => reason === 'filtered')).toHaveLength(crosses ? 0 : 1);
    expect(linkOf(kernel, 'h', 'br0').up).toBe(true);
    expect(kernel.pool.taken).toBe(0);
  });
});

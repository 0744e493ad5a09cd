import { SECOND } from '@netreel/sim';
import { EXTENSION, IPV6, describeFrame, encodeEthernet, encodeIpv6, type Ipv6 } from '@netreel/wire';
import { A_MAC, B_MAC, inject, ip } from '../ipv4/testing.js';
import { done, dropsOf, kernelUnderTest, linkOf, type KernelUnderTest } from '../testing.js';

const A: Ipv6 = 'fd00::a';
const B: Ipv6 = 'fd00::b';
const FAR: Ipv6 = 'fd00:0:0:1::b';

/** `a` and `b`, joined by one veth; with `router`, `r` stands between them and the right-hand link is narrower. */
function namespaces(router = false): KernelUnderTest {
  const host = kernelUnderTest();
  const { kernel } = host;
  for (const name of router ? ['a', 'r', 'b'] : ['a', 'b']) {
    done(kernel.addNetns(name));
    done(kernel.setIpv6(name, true));
    done(kernel.setUp(linkOf(kernel, name, 'lo')));
  }
  const up = (netns: string, name: string, address: Ipv6): void => {
    done(kernel.setUp(linkOf(kernel, netns, name)));
    done(kernel.addAddress6(linkOf(kernel, netns, name), address, 64, true));
  };
  if (!router) {
    done(kernel.addVeth({ netns: 'a', name: 'eth0', mac: A_MAC }, { netns: 'b', name: 'eth0', mac: B_MAC }));
  } else {
    done(kernel.addVeth({ netns: 'a', name: 'eth0', mac: A_MAC }, { netns: 'r', name: 'left' }));
    done(kernel.addVeth({ netns: 'r', name: 'right', mtu: 1400 }, { netns: 'b', name: 'eth0', mac: B_MAC, mtu: 1400 }));
    done(kernel.setForwarding6('r', true));
    up('r', 'left', 'fd00::1');
    up('r', 'right', 'fd00:0:0:1::1');
  }
  up('a', 'eth0', A);
  up('b', 'eth0', router ? FAR : B);
  if (router) {
    for (const [netns, gateway] of [['a', 'fd00::1'], ['b', 'fd00:0:0:1::1']] as const) {
      done(kernel.addRoute6({ netns, destination: '::', prefix: 0, gateway, link: 0 }));
    }
  }
  host.run(3 * SECOND);
  return host;
}

describe('IPv6 on two namespaces', () => {
  it('RFC 4862 section 5.4: a link-local address is tentative, then preferred', () => {
    const host = namespaces();
    const states = host.events.flatMap((event) => (event.type === 'Address6Added' || event.type === 'Address6Changed'
      ? [`${event.address} ${event.state}`] : [])).filter((line) => line.startsWith('fe80::ff:fe00:a '));
    expect(states).toEqual(['fe80::ff:fe00:a tentative', 'fe80::ff:fe00:a preferred']);
  });

  it('RFC 4862 section 5.4.4: an address that somebody has is not taken', () => {
    const host = namespaces();
    done(host.kernel.addAddress6(linkOf(host.kernel, 'a', 'eth0'), B, 64));
    host.run(6 * SECOND);
    expect(linkOf(host.kernel, 'a', 'eth0').addresses6.find(({ address }) => address === B)?.state).toBe('duplicate');
  });

  it('RFC 4861 section 7.2, RFC 4443 section 4: finds its neighbour and hears its echo', () => {
    const host = namespaces();
    const socket = host.kernel.sockets('a').icmp6();
    socket.sendEcho(B, 1, new Uint8Array(56));
    host.run(4 * SECOND);
    expect(socket.receive()).toMatchObject({ source: B, type: 129, sequence: 1, ttl: 64, sizeBytes: 64 });
    expect(linkOf(host.kernel, 'a', 'eth0').neighbours6.get(B)).toMatchObject({ mac: B_MAC, state: 'REACHABLE' });
  });

  it('RFC 4007: reaches a link-local neighbour by its zone', () => {
    const host = namespaces();
    const zone = linkOf(host.kernel, 'a', 'eth0').index;
    const socket = host.kernel.sockets('a').icmp6();
    socket.sendEcho(`fe80::ff:fe00:b%${zone}`, 1, new Uint8Array(8));
    expect(socket.sendEcho('fe80::ff:fe00:b', 2, new Uint8Array(8))).toBe('ENETUNREACH');
    host.run(4 * SECOND);
    expect(socket.receive()?.source).toBe(`fe80::ff:fe00:b%${zone}`);
  });

  it('RFC 8200 section 4.5: a datagram larger than the link goes in fragments and arrives whole', () => {
    const host = namespaces();
    const server = host.kernel.sockets('b').udp();
    server.bind('::', 53);
    const client = host.kernel.sockets('a').udp();
    client.sendTo(B, 53, new Uint8Array(4000).fill(7));
    host.run(4 * SECOND);
    expect(server.receive()).toMatchObject({ source: A, target: B, payload: new Uint8Array(4000).fill(7) });
  });

  it('RFC 4443 section 3.1: a closed port refuses', () => {
    const host = namespaces();
    const client = host.kernel.sockets('a').udp();
    client.connect(B, 9);
    client.sendTo(B, 9, Uint8Array.of(1));
    host.run(4 * SECOND);
    expect(client.takeError()).toBe('ECONNREFUSED');
  });

  it('RFC 4861 section 7.2.2: nobody there is told after three questions', () => {
    const host = namespaces();
    const socket = host.kernel.sockets('a').icmp6();
    socket.sendEcho('fd00::99', 1, new Uint8Array(8));
    host.run(8 * SECOND);
    expect(socket.receive()).toMatchObject({ source: A, type: 1, code: 3 });
    expect(linkOf(host.kernel, 'a', 'eth0').neighbours6.get('fd00::99')?.state).toBe('FAILED');
  });

  it('RFC 3493 section 5.3: a listener on :: takes both families, unless it is v6only', () => {
    const host = namespaces();
    const { kernel } = host;
    done(kernel.addAddress(linkOf(kernel, 'a', 'eth0'), ip('10.0.0.2'), 24));
    done(kernel.addAddress(linkOf(kernel, 'b', 'eth0'), ip('10.0.0.3'), 24));
    const listener = kernel.sockets('b').tcpListener();
    expect([listener.bind('::', 80), listener.listen(5)]).toEqual([undefined, undefined]);
    expect(kernel.sockets('b').tcpListener().bind(0, 80)).toBe('EADDRINUSE');
    const strict = kernel.sockets('b').tcpListener();
    strict.v6only = true;
    expect([strict.bind('::', 81), kernel.sockets('b').tcpListener().bind(0, 81)]).toEqual([undefined, undefined]);
    const [six, four] = [kernel.sockets('a').tcp(), kernel.sockets('a').tcp()];
    six.connect(B, 80);
    four.connect(ip('10.0.0.3'), 80);
    host.run(5 * SECOND);
    expect([six.connected, four.connected]).toEqual([true, true]);
    const remotes = [listener.accept()?.remoteAddress, listener.accept()?.remoteAddress];
    expect(new Set(remotes)).toEqual(new Set([A, ip('10.0.0.2')]));
    const shown = [...kernel.tables.sockets.values()].filter((row) => row.netns === 'b' && row.state === 'ESTABLISHED');
    expect(shown.map((row) => row.remoteAddress).sort()).toEqual(['::ffff:10.0.0.2', A]);
  });
});

describe('IPv6 through a router', () => {
  it('RFC 8201: TCP learns what fits and arrives', () => {
    const host = namespaces(true);
    const listener = host.kernel.sockets('b').tcpListener();
    listener.bind('::', 80);
    listener.listen(5);
    const client = host.kernel.sockets('a').tcp();
    client.connect(FAR, 80);
    host.run(4 * SECOND);
    const server = listener.accept()!;
    client.send(new Uint8Array(20_000).fill(3));
    let received = 0;
    server.onReadable = () => { received += server.receive()?.length ?? 0; };
    host.run(8 * SECOND);
    expect(received).toBe(20_000);
  });

  it('RFC 4443 sections 3.1 to 3.3: too big, out of hops, no route', () => {
    const host = namespaces(true);
    const socket = host.kernel.sockets('a').icmp6();
    const answers: string[] = [];
    socket.onReadable = () => {
      const { source, type, code, mtu } = socket.receive()!;
      answers.push(`${source} ${type}/${code} ${mtu}`);
    };
    socket.sendEcho(FAR, 1, new Uint8Array(1400));
    socket.sendEcho('2001:db8::1', 2, new Uint8Array(8));
    socket.ttl = 1;
    socket.sendEcho(FAR, 3, new Uint8Array(8));
    host.run(5 * SECOND);
    expect(answers.sort()).toEqual(['fd00::1 1/0 0', 'fd00::1 2/0 1400', 'fd00::1 3/0 0']);
  });
});

describe('bad packets of IPv6', () => {
  const packet = (nextHeader: number, payload: Uint8Array): Uint8Array => encodeEthernet({ target: B_MAC, source: A_MAC,
    type: 0x86dd, payload: encodeIpv6({ trafficClass: 0, flowLabel: 0, hopLimit: 64, nextHeader, source: A, target: B,
      payload }) });

  it('are counted with a reason', () => {
    const host = namespaces();
    const before = dropsOf(host.kernel);
    inject(host, 'b', 'eth0', packet(99, new Uint8Array(8)));
    inject(host, 'b', 'eth0', packet(58, new Uint8Array(8)));
    inject(host, 'b', 'eth0', packet(17, new Uint8Array(8)));
    inject(host, 'b', 'eth0', packet(EXTENSION.hopByHop, Uint8Array.of(58, 9, 0, 0, 0, 0, 0, 0)));
    inject(host, 'b', 'eth0', packet(6, new Uint8Array(0)).subarray(0, 14 + IPV6.LENGTH - 1).slice());
    expect(dropsOf(host.kernel).filter((line) => !before.includes(line))).toEqual([
      'b bad-checksum 1', 'b bad-udp 1', 'b protocol-unreachable 1', 'b/eth0 bad-ipv6 2']);
  });

  it('do not reach a link that does not speak it', () => {
    const host = namespaces();
    done(host.kernel.setLinkIpv6(linkOf(host.kernel, 'b', 'eth0'), false));
    inject(host, 'b', 'eth0', packet(99, new Uint8Array(8)));
    expect(dropsOf(host.kernel)).toContain('b/eth0 ipv6-off 1');
    expect(describeFrame(packet(99, new Uint8Array(8)))).toContain('fd00::a > fd00::b: ip-proto-99 8');
  });
});

// The host that spoilt frames are thrown at: a NIC, a bridge with a container behind published ports, an overlay's
// tunnel end, listeners in both namespaces. It looks as an engine leaves it.

import { decodeDns } from '../../packages/wire/src/index.js';
import { hostsUnderTest, attach, done, linkOf, type KernelUnderTest } from '../../packages/kernel/src/testing.js';
import type { SocketFactory, TcpSocket } from '../../packages/kernel/src/index.js';

export const HOST = 0xc0a8_410b;
export const PEER = 0xc0a8_410c;
export const GATEWAY = 0xac11_0001;
export const CONTAINER = 0xac11_0002;
export const OVERLAY_CONTAINER = 0x0a00_0002;
export const OVERLAY_PEER = 0x0a00_0003;
export const HOST_MAC = 0x0200_0000_0001;
export const PEER_MAC = 0x0200_0000_0002;
export const OVERLAY_PEER_MAC = 0x0242_0a00_0003;
export const VNI = 4096;
export const TCP_PORT = 80;
export const UDP_PORT = 53;
/** Published: the container has it as 80. */
export const PUBLISHED_PORT = 8080;
export const TUNNEL_PORT = 4789;

const RULES: readonly (readonly ['nat' | 'filter', string, string])[] = [
  ['nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER'],
  ['nat', 'POSTROUTING', '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'],
  ['nat', 'DOCKER', '-i docker0 -j RETURN'],
  ['nat', 'DOCKER', '! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80'],
  ['nat', 'DOCKER', '! -i docker0 -p udp -m udp --dport 5353 -j DNAT --to-destination 172.17.0.2:53'],
  ['filter', 'FORWARD', '-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  ['filter', 'FORWARD', '-o docker0 -j DOCKER'],
  ['filter', 'FORWARD', '-i docker0 -j ACCEPT'],
  ['filter', 'DOCKER', '-d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT'],
  ['filter', 'DOCKER', '-d 172.17.0.2/32 ! -i docker0 -o docker0 -p udp -m udp --dport 53 -j ACCEPT'],
];

/** All that a frame can be handed to: links by namespace and name. */
export const DOORS =
  [['host', 'eth0'], ['host', 'veth-c'], ['c', 'eth0'], ['overlay', 'veth-o'], ['o', 'eth0']] as const;

export function targetHost(): KernelUnderTest {
  const host = hostsUnderTest(1, 0, false)[0]!;
  const { kernel } = host;
  const bridge = done(kernel.addBridge({ netns: 'host', name: 'docker0' }));
  done(kernel.setUp(bridge));
  done(kernel.addAddress(bridge, GATEWAY, 16));
  kernel.setForwarding('host', true);
  const own = attach(kernel, 'host', 'docker0', 'c', CONTAINER, 16);
  done(kernel.addRoute({ netns: 'c', destination: 0, prefix: 0, gateway: GATEWAY, link: own.index }));
  for (const table of ['nat', 'filter'] as const) kernel.createChain('host', table, 'DOCKER');
  for (const [table, chain, text] of RULES) done(kernel.appendRule('host', table, chain, text) ?? {});
  kernel.setPolicy('host', 'filter', 'FORWARD', 'DROP');
  addOverlay(host);
  serve(kernel.sockets('c'));
  serve(kernel.sockets('host'));
  serve(kernel.sockets('o'));
  return host;
}

function addOverlay({ kernel }: KernelUnderTest): void {
  done(kernel.addNetns('overlay'));
  const bridge = done(kernel.addBridge({ netns: 'overlay', name: 'br0', mtu: 1450 }));
  done(kernel.setUp(bridge));
  const vxlan = done(kernel.addVxlan({ netns: 'overlay', name: 'vxlan0', vni: VNI, local: HOST, underlayNetns: 'host',
    mtu: 1450, proxy: true }));
  done(kernel.setMaster(vxlan, bridge));
  done(kernel.setUp(vxlan));
  attach(kernel, 'overlay', 'br0', 'o', OVERLAY_CONTAINER, 24, 1450);
  done(kernel.addNeighbour(linkOf(kernel, 'overlay', 'vxlan0'), OVERLAY_PEER, OVERLAY_PEER_MAC));
  done(kernel.addFdb(linkOf(kernel, 'overlay', 'vxlan0'), OVERLAY_PEER_MAC, PEER));
}

/** A web server that answers whatever it is told, and a name server that reads what it is asked. */
function serve(sockets: SocketFactory): void {
  const listener = sockets.tcpListener();
  done(listener.bind(0, TCP_PORT) ?? {});
  done(listener.listen(16) ?? {});
  listener.onReadable = () => {
    for (let socket = listener.accept(); socket !== undefined; socket = listener.accept()) answer(socket);
  };
  const udp = sockets.udp();
  done(udp.bind(0, UDP_PORT) ?? {});
  udp.onReadable = () => {
    for (let datagram = udp.receive(); datagram !== undefined; datagram = udp.receive()) {
      decodeDns(datagram.payload);
      udp.sendTo(datagram.source, datagram.sourcePort, datagram.payload);
    }
  };
}

function answer(socket: TcpSocket): void {
  socket.onReadable = () => {
    for (let piece = socket.receive(); piece !== undefined; piece = socket.receive()) {
      if (piece.length === 0 || socket.takeError() !== undefined) return socket.close();
      socket.send(piece);
    }
  };
}

// Datagrams out of containers to another host and back: routed as they are, and masqueraded by the rules that Docker
// writes.

import { RandomStream } from '../../../packages/sim/dist/index.js';
import { BenchLab, attach, done } from '../lab/hosts.mjs';
import { measure } from '../measure.mjs';

const CONTAINERS = 8;
const GATEWAY = 0xac11_0001;
const OUTSIDE = 0xc0a8_410c;
const INSIDE = 0xc0a8_410b;
const PORT = 9;
const PAYLOAD_BYTES = 64;
const INTERVAL_NS = 20_000;
/** As an engine leaves them after its start, with one bridge. */
const RULES = [
  ['nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER'],
  ['nat', 'OUTPUT', '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER'],
  ['nat', 'POSTROUTING', '-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'],
  ['nat', 'DOCKER', '-i docker0 -j RETURN'],
  ['filter', 'FORWARD', '-j DOCKER-USER'],
  ['filter', 'FORWARD', '-j DOCKER-ISOLATION-STAGE-1'],
  ['filter', 'FORWARD', '-o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  ['filter', 'FORWARD', '-o docker0 -j DOCKER'],
  ['filter', 'FORWARD', '-i docker0 ! -o docker0 -j ACCEPT'],
  ['filter', 'FORWARD', '-i docker0 -o docker0 -j ACCEPT'],
  ['filter', 'DOCKER-ISOLATION-STAGE-1', '-i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2'],
  ['filter', 'DOCKER-ISOLATION-STAGE-1', '-j RETURN'],
  ['filter', 'DOCKER-ISOLATION-STAGE-2', '-o docker0 -j DROP'],
  ['filter', 'DOCKER-ISOLATION-STAGE-2', '-j RETURN'],
  ['filter', 'DOCKER-USER', '-j RETURN'],
];
const CHAINS = [['nat', 'DOCKER'], ['filter', 'DOCKER'], ['filter', 'DOCKER-ISOLATION-STAGE-1'],
  ['filter', 'DOCKER-ISOLATION-STAGE-2'], ['filter', 'DOCKER-USER']];

export const variants = ['routed', 'masqueraded'];
export const notes = Object.fromEntries(variants.map((variant) =>
  [variant, 'container, bridge, forwarding, NIC, host, and an answer; 64 B; each datagram counts; recording off']));

function refused(answer) {
  if (answer !== undefined) throw new Error(answer.refused);
}

function build(lab, masqueraded) {
  const [{ kernel }, { kernel: outside }] = lab.hosts;
  const bridge = done(kernel.addBridge({ netns: 'host', name: 'docker0' }));
  done(kernel.setUp(bridge));
  done(kernel.addAddress(bridge, GATEWAY, 16));
  refused(kernel.setForwarding('host', true));
  for (let index = 0; index < CONTAINERS; index++) {
    const link = attach(kernel, 'host', 'docker0', `c${index}`, GATEWAY + 1 + index, 1500);
    done(kernel.addRoute({ netns: `c${index}`, destination: 0, prefix: 0, gateway: GATEWAY, link: link.index }));
  }
  if (masqueraded) {
    for (const [table, chain] of CHAINS) refused(kernel.createChain('host', table, chain));
    for (const [table, chain, text] of RULES) refused(kernel.appendRule('host', table, chain, text));
    refused(kernel.setPolicy('host', 'filter', 'FORWARD', 'DROP'));
  } else {
    const nic = outside.link(lab.hosts[1].nic);
    done(outside.addRoute({ netns: 'host', destination: GATEWAY - 1, prefix: 16, gateway: INSIDE, link: nic.index }));
  }
}

class Sender {
  constructor(machine, socket, payload) {
    Object.assign(this, { machine, socket, payload });
  }

  fire() {
    const { machine } = this;
    machine.schedule(machine.now() + INTERVAL_NS, this, undefined);
    const errno = this.socket.sendTo(OUTSIDE, PORT, this.payload);
    if (errno !== undefined) throw new Error(errno);
  }
}

export function run(variant, { quick }) {
  const lab = new BenchLab(2, { recording: false });
  build(lab, variant === 'masqueraded');
  const [near, far] = lab.hosts;
  let arrived = 0;
  const server = far.kernel.sockets('host').udp();
  server.bind(0, PORT);
  server.onReadable = () => {
    for (let datagram = server.receive(); datagram !== undefined; datagram = server.receive()) {
      arrived++;
      server.sendTo(datagram.source, datagram.sourcePort, datagram.payload);
    }
  };
  const payload = new Uint8Array(PAYLOAD_BYTES).map((_, index) => index * 7);
  const random = new RandomStream(7, 'begin');
  for (let index = 0; index < CONTAINERS; index++) {
    const socket = near.kernel.sockets(`c${index}`).udp();
    socket.onReadable = () => {
      while (socket.receive() !== undefined) arrived++;
    };
    near.machine.schedule(near.machine.now() + 1 + random.below(INTERVAL_NS), new Sender(near.machine, socket, payload),
      undefined);
  }
  const runTo = (goal) => {
    while (arrived < goal) lab.runUntil(lab.world.until + 1_000_000);
  };
  runTo(quick ? 20_000 : 200_000);
  const before = arrived;
  // While neighbours were asked for, some waited in vain.
  const lost = lab.losses();
  const { cpuUs, wallUs } = measure(() => runTo(before + (quick ? 50_000 : 500_000)));
  if (lab.losses() !== lost) throw new Error(`frames were lost: ${lab.losses()}`);
  return { datagramsPerWallSecond: (arrived - before) * 1e6 / wallUs, cpuUsPerDatagram: cpuUs / (arrived - before) };
}

// Hosts for the packet benches: kernels on machines in a world, without Docker on top, and senders driven by timers.

import { Machine, defineLab } from '../../../packages/sim/dist/index.js';
import { Kernel, evolveKernel, isRefused } from '../../../packages/kernel/dist/index.js';
import { chainHash, genesisHash, historyCodec } from '../../../packages/protocol/dist/index.js';
import { World } from '../../../packages/world/dist/index.js';
import { Uplink } from '../../../packages/host/dist/uplink.js';
import { Frame, FramePool } from '../../../packages/wire/dist/index.js';
import { NOBODY } from './nobody.mjs';

export const UNDERLAY_LATENCY_NS = 200_000;
const UNDERLAY_SUBNET = 0xc0a8_4100;
const UNDERLAY_MTU = 1500;
const PORT = 9;

/** What a control call answered, which must not be a refusal. */
export function done(answer) {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer;
}

/** A host that is a kernel and nothing else; the machine calls it as it calls a whole host. */
class BenchHost {
  constructor(machine, pool) {
    this.machine = machine;
    this.pool = pool;
    this.nic = 0;
    this.kernel = new Kernel({
      now: () => machine.now(),
      schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
      cancel: (ticket) => machine.cancel(ticket),
      random: (purpose) => machine.random(purpose),
      newId: (kind, digits) => machine.newId(kind, digits),
      emit: (event) => machine.emit(event),
      transmit: (_link, frame, waitNs) => this.uplink.frame(frame, waitNs),
    }, pool);
    this.uplink = new Uplink(machine, pool, new Map());
  }

  boot() {}

  onInput() {}

  onEnvelope({ body: { frame } }) {
    this.kernel.deliver(this.nic, frame instanceof Frame ? frame : this.pool.adopt(frame));
  }

  evolve(event) {
    evolveKernel(this.kernel.tables, event);
  }
}

/** `count` hosts in one process. With `recording` their commits are encoded and hashed, as an embedded run does. */
export class BenchLab {
  constructor(count, { recording, bitsPerSecond = 0 }) {
    const nodes = Array.from({ length: count }, (_, index) => ({
      name: `host${index + 1}`, kind: 'host', address: UNDERLAY_SUBNET + 11 + index, mac: 0x0200_0000_0001 + index,
    }));
    const lab = defineLab({ name: 'bench', seed: 7, nodes, underlay: { latencyNs: UNDERLAY_LATENCY_NS, bitsPerSecond,
      mtu: UNDERLAY_MTU, subnet: UNDERLAY_SUBNET, prefix: 24, gateway: 0, pairs: [] } });
    this.pool = new FramePool();
    this.hosts = [];
    this.recordedBytes = 0;
    const chains = nodes.map(({ name }) => genesisHash(name));
    this.world = new World(lab, {
      recording,
      become: (machine) => {
        const host = new BenchHost(machine, this.pool);
        machine.become(host);
        this.hosts.push(host);
      },
      sink: (commit, node) => {
        const bytes = historyCodec.encodeCommit(commit);
        chains[node] = chainHash(chains[node], bytes);
        this.recordedBytes += bytes.length;
      },
    });
    // All building happens at time 0, before the first window.
    for (const [index, { kernel }] of this.hosts.entries()) {
      done(kernel.addNetns('host'));
      const nic =
        done(kernel.addNic({ netns: 'host', name: 'eth0', mac: nodes[index].mac, mtu: UNDERLAY_MTU, bitsPerSecond }));
      this.hosts[index].nic = nic.index;
      done(kernel.setUp(nic));
      done(kernel.addAddress(nic, nodes[index].address, 24));
    }
  }

  runUntil(at) {
    this.world.run(NOBODY, at);
  }

  /** All frames that were lost, as text; empty when none was. */
  losses() {
    return this.hosts.flatMap(({ kernel }) => kernel.drops())
      .map(({ where, reason, count }) => `${where} ${reason} ${count}`).join(', ');
  }
}

/** A namespace with `eth0` at `address`, its veth's other end a port of `bridge` in `netns`. */
export function attach(kernel, netns, bridge, name, address, mtu) {
  done(kernel.addNetns(name));
  done(kernel.setUp(kernel.linkByName(name, 'lo')));
  const port = done(kernel.addVeth({ netns, name: `v${name}`, mtu }, { netns: name, name: 'eth0', mtu }));
  done(kernel.setMaster(port, kernel.linkByName(netns, bridge)));
  done(kernel.setUp(port));
  const own = kernel.link(port.peer);
  done(kernel.setUp(own));
  done(kernel.addAddress(own, address, 24));
  return own;
}

/** Sends a datagram every `intervalNs` to one partner after the other. */
class Sender {
  constructor(lab, machine, socket, partners, payload, intervalNs) {
    Object.assign(this, { lab, machine, socket, partners, payload, intervalNs, next: 0 });
  }

  fire() {
    const { machine, partners } = this;
    machine.schedule(machine.now() + this.intervalNs, this, undefined);
    const errno = this.socket.sendTo(partners[this.next], PORT, this.payload);
    if (errno !== undefined) throw new Error(errno);
    this.next = this.next + 1 === partners.length ? 0 : this.next + 1;
    this.lab.sent++;
  }
}

/** UDP traffic: every container sends to its partners in turn and counts what reaches it. */
export function startTraffic(lab, containers, { payloadBytes, intervalNs }) {
  lab.sent = 0;
  lab.delivered = 0;
  const payload = new Uint8Array(payloadBytes).map((_, index) => index * 7);
  containers.forEach(({ host, netns, partners }, index) => {
    const socket = host.kernel.sockets(netns).udp();
    done(socket.bind(0, PORT));
    socket.onReadable = () => {
      while (socket.receive() !== undefined) lab.delivered++;
    };
    const { machine } = host;
    const sender = new Sender(lab, machine, socket, partners, payload, intervalNs);
    machine.schedule(machine.now() + 1 + Math.floor((index * intervalNs) / containers.length), sender, undefined);
  });
}

/** Writes a record of 80 bytes for each frame at each device into a ring: what a hop trace costs at least. */
export function traceHops(lab) {
  const RECORDS = 65_536;
  const HEADERS_BYTES = 64;
  const moments = new Float64Array(RECORDS);
  const heads = new Uint32Array(RECORDS);
  const sizes = new Uint32Array(RECORDS);
  const headers = new Uint8Array(RECORDS * HEADERS_BYTES);
  const trace = { hops: 0 };
  for (const { kernel, machine } of lab.hosts) {
    kernel.tap = {
      frame: (direction, link, { buffer, start, end }) => {
        const place = trace.hops++ & (RECORDS - 1);
        moments[place] = machine.now();
        heads[place] = link.index * 2 + (direction === 'in' ? 0 : 1);
        sizes[place] = end - start;
        const stop = end - start < HEADERS_BYTES ? end : start + HEADERS_BYTES;
        for (let from = start, to = place * HEADERS_BYTES; from < stop; from++, to++) headers[to] = buffer[from];
      },
      dropped: () => undefined,
    };
  }
  return trace;
}

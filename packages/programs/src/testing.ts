// Programs on a real kernel, for the tests of this room. Not exported.

import { Kernel, type KernelEvent, type KernelPort, type LinkRow, evolveKernel, isRefused } from '@netreel/kernel';
import { Machine, SECOND, defineLab } from '@netreel/sim';
import { parseCidr, parseIpv4, parseMac } from '@netreel/wire';
import type { NetView, ProcessSpec } from './contract.js';
import { MemoryTree } from './memory-tree.js';
import type { ProcessPort } from './process-port.js';
import { Processes } from './processes.js';

/** What a process left behind. `exitCode` undefined: it is still running. */
export interface Ran { stdout: string; stderr: string; exitCode: number | undefined; endedAt: number; pid: number }

export class ProgramsUnderTest {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly processes: Processes;
  readonly port: ProcessPort;
  readonly files = new MemoryTree([['/etc/hosts', '127.0.0.1\tlocalhost\n']], () => this.machine.now());

  constructor() {
    const lab = defineLab({ name: 'test', seed: 7, nodes: [{ name: 'host1', kind: 'host', address: 0, mac: 2 }],
      underlay: {
      latencyNs: 1, bitsPerSecond: 0, mtu: 1500, subnet: 0, prefix: 24, gateway: 0, pairs: [] } });
    const machine = new Machine(lab, 0);
    this.machine = machine;
    const base = {
      now: () => machine.now(),
      schedule: machine.schedule.bind(machine),
      cancel: (ticket: number) => machine.cancel(ticket),
      random: (purpose: string) => machine.random(purpose),
    };
    const kernelPort: KernelPort = { ...base, newId: (kind, digits) => machine.newId(kind, digits),
      emit: (event) => machine.emit(event), transmit: (_link, frame) => this.kernel.pool.release(frame) };
    this.kernel = new Kernel(kernelPort);
    machine.become({ boot: () => undefined, onInput: () => undefined, onEnvelope: () => undefined,
      evolve: (event) => evolveKernel(this.kernel.tables, event as KernelEvent) });
    this.port = { ...base, sockets: (netns) => this.kernel.sockets(netns),
      packetSocket: (netns, link) => this.kernel.packetSocket(netns, link), netView: (netns, privileged) =>
      this.view(netns, privileged) };
    this.processes = new Processes(this.port);
  }

  /** A namespace with `lo` up. */
  namespace(name: string): void {
    must(this.kernel.addNetns(name));
    must(this.kernel.setUp(this.kernel.linkByName(name, 'lo')!));
  }

  /** A bridge br0 in namespace `host`. */
  bridge(cidr: string): LinkRow {
    this.namespace('host');
    const bridge = must(this.kernel.addBridge({ netns: 'host', name: 'br0', mac: parseMac('02:42:00:00:00:01')! }));
    must(this.kernel.setUp(bridge));
    const { address, prefix } = parseCidr(cidr)!;
    must(this.kernel.addAddress(bridge, address, prefix));
    return bridge;
  }

  /** A namespace with `eth0`, its other end a port of br0. */
  attach(name: string, cidr: string, mac: string, gateway?: string): LinkRow {
    this.namespace(name);
    const port = must(this.kernel.addVeth({ netns: 'host', name: `veth${name}` },
      { netns: name, name: 'eth0', mac: parseMac(mac)! }));
    must(this.kernel.setMaster(port, this.kernel.linkByName('host', 'br0')!));
    must(this.kernel.setUp(port));
    const inner = this.kernel.linkByName(name, 'eth0')!;
    must(this.kernel.setUp(inner));
    const { address, prefix } = parseCidr(cidr)!;
    must(this.kernel.addAddress(inner, address, prefix));
    if (gateway !== undefined) {
      must(this.kernel.addRoute({ netns: name, destination: 0, prefix: 0, gateway: parseIpv4(gateway)!,
        link: inner.index }));
    }
    return inner;
  }

  start(netns: string, argv: readonly string[], spec: Partial<ProcessSpec> = {}): Ran {
    const ran: Ran = { stdout: '', stderr: '', exitCode: undefined, endedAt: -1, pid: 0 };
    const pid = this.processes.start({ argv, env: new Map([['PATH', '/bin'], ['HOME', '/root']]), netns,
      hostname: 'box',
      files: this.files, init: false, stdin: 'closed', tty: false, privileged: false, ...spec }, {
      write: (stream, text) => { ran[stream] += text; },
      ended: (exitCode) => {
        ran.exitCode = exitCode;
        ran.endedAt = this.machine.now();
      },
    });
    if (pid === undefined) throw new Error(`no program ${argv[0]}`);
    ran.pid = pid;
    return ran;
  }

  /** Runs a program to its end, for `seconds` of virtual time at the most. */
  run(netns: string, argv: readonly string[], spec: Partial<ProcessSpec> = {}, seconds = 100): Ran {
    const ran = this.start(netns, argv, spec);
    this.pass(seconds * SECOND);
    return ran;
  }

  pass(ns: number): void {
    const until = this.machine.now() + ns;
    this.machine.schedule(until, { fire: () => undefined }, undefined);
    this.machine.run(until + 1);
  }

  /** `action` in the midst of the run. */
  after(ns: number, action: () => void): void {
    this.machine.schedule(this.machine.now() + ns, { fire: action }, undefined);
  }

  private view(netns: string, privileged: boolean): NetView {
    const { kernel } = this;
    const { tables } = kernel;
    return {
      netns,
      linkLocal: netns === 'host',
      links: () => tables.netns.get(netns)!.links.map((index) => tables.links.get(index)!),
      link: (index) => tables.links.get(index),
      counters: (link) => kernel.counters(link)!,
      namespace: () => tables.netns.get(netns)!,
      neighbours: (link) => [...link.neighbours.values()],
      sockets: () => [...tables.sockets.values()].filter((socket) => socket.netns === netns),
      setLink: (link, change) => {
        if (!privileged) return 'Operation not permitted';
        if (change.mtu !== undefined) kernel.setMtu(link, change.mtu);
        if (change.mac !== undefined) kernel.setMac(link, change.mac);
        if (change.up === true) kernel.setUp(link);
        if (change.up === false) kernel.setDown(link);
        return undefined;
      },
    };
  }
}

/** Two containers on one bridge: `a` 172.18.0.2 and `b` 172.18.0.3, their gateway 172.18.0.1 the host's br0. */
export function twoContainers(): ProgramsUnderTest {
  const lab = new ProgramsUnderTest();
  lab.bridge('172.18.0.1/16');
  lab.attach('a', '172.18.0.2/16', '02:42:ac:12:00:02', '172.18.0.1');
  lab.attach('b', '172.18.0.3/16', '02:42:ac:12:00:03', '172.18.0.1');
  return lab;
}

/** A namespace `alone` with nothing but lo. */
export function alone(): ProgramsUnderTest {
  const lab = new ProgramsUnderTest();
  lab.namespace('alone');
  return lab;
}

/** Round-trip times and counters as the recorded cases write them. */
export function normalised(text: string): string {
  return text.replace(/[\d./]+ ms/g, '<t> ms').replace(/(packets|dropped):\d+/g,
    '$1:<n>').replace(/bytes:\d+ \([^)]*\)/g, 'bytes:<n>')
    .replace(/^\d+:/gm, '<n>:').replace(/@if\d+/g, '@if<n>').replace(/ +$/gm, '');
}

function must<T>(answer: T): Exclude<T, { refused: string }> {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer as Exclude<T, { refused: string }>;
}

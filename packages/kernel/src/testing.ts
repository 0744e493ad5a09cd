// Kernels on real machines, for the tests of this room. Not exported: other rooms build theirs from `host`.

import { type AnyRecord, type Commit, type Handler, Machine, SECOND, defineLab } from '@netreel/sim';
import {
  ETHERNET, type Frame, FramePool, type Ipv4, type Mac, isGroupMac, read48, writeEthernetHeader,
} from '@netreel/wire';
import type { KernelPort } from './contract.js';
import type { KernelEvent } from './events.js';
import { evolveKernel } from './evolve.js';
import { Kernel } from './kernel.js';
import { isRefused } from './refusal.js';
import type { LinkRow } from './tables.js';

export const UNDERLAY_LATENCY_NS = 200_000;
const MTU = 1500;

/** A frame that left a NIC: a copy of its bytes, when, and how long it waited. */
export interface SentFrame {
  readonly link: string; readonly at: number; readonly waitNs: number; readonly bytes: Uint8Array;
}

export interface KernelUnderTest {
  readonly kernel: Kernel;
  readonly machine: Machine;
  /** All events so far. */
  readonly events: KernelEvent[];
  /** What left the NICs so far. */
  readonly sent: SentFrame[];
  /** Everything due before `untilNs` happens, across all hosts of the lab; their clocks then stand one ns before it. */
  run(untilNs: number): void;
  /** `action` happens at that moment. */
  at(atNs: number, action: () => void): void;
}

interface FrameCrossed extends AnyRecord { readonly type: 'FrameCrossed'; readonly frame: Frame }

class HostUnderTest implements KernelUnderTest {
  readonly events: KernelEvent[] = [];
  readonly sent: SentFrame[] = [];
  readonly kernel: Kernel;
  private nic: LinkRow | undefined = undefined;

  constructor(readonly machine: Machine, private readonly lab: LabUnderTest) {
    this.kernel = new Kernel(this.port(), lab.pool);
    machine.become({
      boot: () => undefined,
      onInput: () => undefined,
      onEnvelope: (envelope) => this.arrives((envelope.body as FrameCrossed).frame),
      evolve: (event) => {
        this.events.push(event as KernelEvent);
        evolveKernel(this.kernel.tables, event as KernelEvent);
      },
    });
  }

  run(untilNs: number): void {
    this.lab.run(untilNs);
  }

  at(atNs: number, action: () => void): void {
    this.machine.schedule(atNs, { fire: () => action() }, undefined);
  }

  private port(): KernelPort {
    const { machine } = this;
    return {
      now: () => machine.now(),
      schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
      cancel: (ticket) => machine.cancel(ticket),
      random: (purpose) => machine.random(purpose),
      newId: (kind, digits) => machine.newId(kind, digits),
      emit: (event) => machine.emit(event),
      transmit: (link, frame, waitNs) => this.transmit(link, frame, waitNs),
    };
  }

  private transmit(link: LinkRow, frame: Frame, waitNs: number): void {
    if (this.lab.watching) {
      this.sent.push({ link: link.name, at: this.machine.now(), waitNs, bytes: frame.bytes().slice() });
    }
    const { pool } = this.kernel;
    const target = read48(frame.buffer, frame.start + ETHERNET.TARGET);
    for (let index = 0; index < this.lab.machines.length; index++) {
      if (index === this.machine.index || (!isGroupMac(target) && target !== macOfHost(index))) continue;
      this.machine.send(index, { type: 'FrameCrossed', frame: pool.copy(frame) } as AnyRecord, waitNs);
    }
    pool.release(frame);
  }

  private arrives(frame: Frame): void {
    const nic = this.nic ??= this.kernel.linkByName('host', 'eth0');
    if (nic === undefined) this.kernel.pool.release(frame);
    else this.kernel.deliver(nic, frame);
  }
}

const NOTHING_TO_DO: Handler<undefined> = { fire: () => undefined };

class LabUnderTest {
  readonly hosts: HostUnderTest[] = [];
  readonly machines: Machine[] = [];
  /** One for all hosts, so that frames need not change their owner on the way. */
  readonly pool = new FramePool();

  constructor(count: number, readonly watching: boolean, seed = 7) {
    const nodes = Array.from({ length: count }, (_, index) => ({
      name: `host${index + 1}`, kind: 'host' as const, address: addressOfHost(index), mac: macOfHost(index),
    }));
    const lab = defineLab({ name: 'test', seed, nodes, underlay: {
      latencyNs: UNDERLAY_LATENCY_NS, bitsPerSecond: 0, mtu: MTU, subnet: 0xc0a8_4100, prefix: 24,
        gateway: 0xc0a8_4101, pairs: [] } });
    for (let index = 0; index < count; index++) {
      const machine = new Machine(lab, index, watching);
      this.machines.push(machine);
      this.hosts.push(new HostUnderTest(machine, this));
    }
  }

  run(untilNs: number): void {
    // Time passes for those too who have nothing to do: what a test does next happens then.
    for (const machine of this.machines) {
      if (machine.now() < untilNs) machine.schedule(untilNs - 1, NOTHING_TO_DO, undefined);
    }
    this.exchange();
    for (;;) {
      let next = untilNs;
      for (const machine of this.machines) if (machine.nextAt() < next) next = machine.nextAt();
      const end = next + UNDERLAY_LATENCY_NS < untilNs ? next + UNDERLAY_LATENCY_NS : untilNs;
      for (const machine of this.machines) machine.run(end);
      this.exchange();
      if (end === untilNs) return;
    }
  }

  private exchange(): void {
    for (const machine of this.machines) {
      for (const envelope of machine.takeEnvelopes()) this.machines[envelope.target]!.accept(envelope);
    }
  }
}

export function addressOfHost(index: number): Ipv4 {
  return 0xc0a8_410b + index;
}

export function macOfHost(index: number): Mac {
  return 0x0200_0000_0001 + index;
}

/** An empty kernel. */
export function kernelUnderTest(): KernelUnderTest {
  return new LabUnderTest(1, true).hosts[0]!;
}

/**
 * Hosts on one underlay, 200 us apart: namespace `host` of the first has eth0 with 192.168.65.11/24, of the next .12 ….
 * `watching` off keeps neither events nor frames: for measuring.
 */
export function hostsUnderTest(count: number, bitsPerSecond = 0, watching = true, seed?: number): KernelUnderTest[] {
  const { hosts } = new LabUnderTest(count, watching, seed);
  hosts.forEach(({ kernel }, index) => {
    done(kernel.addNetns('host'));
    done(kernel.setUp(done(kernel.linkByName('host', 'lo'))));
    const nic = done(kernel.addNic({ netns: 'host', name: 'eth0', mac: macOfHost(index), mtu: MTU, bitsPerSecond }));
    done(kernel.setUp(nic));
    done(kernel.addAddress(nic, addressOfHost(index), 24));
  });
  return hosts;
}

/** What a control call answered, which must not be a refusal. */
export function done<T>(answer: T): Exclude<T, { refused: string } | undefined> {
  if (isRefused(answer)) throw new Error(answer.refused);
  return answer as Exclude<T, { refused: string } | undefined>;
}

/**
 * A namespace `name` with eth0 at `address`/`prefix`, its veth's other end a port of `bridge` in namespace `netns`.
 * Returns eth0.
 */
export function attach(kernel: Kernel, netns: string, bridge: string, name: string, address: Ipv4, prefix: number,
  mtu = MTU): LinkRow {
  done(kernel.addNetns(name));
  done(kernel.setUp(done(kernel.linkByName(name, 'lo'))));
  const port = done(kernel.addVeth({ netns, name: `veth-${name}`, mtu }, { netns: name, name: 'eth0', mtu }));
  done(kernel.setMaster(port, done(kernel.linkByName(netns, bridge))));
  done(kernel.setUp(port));
  const own = kernel.tables.links.get(port.peer)!;
  done(kernel.setUp(own));
  done(kernel.addAddress(own, address, prefix));
  return own;
}

/** A frame of the kernel's pool: Ethernet header and `payloadBytes` zeroes. */
export function ethernetFrame(kernel: Kernel, target: Mac, source: Mac, payloadBytes = 46, type = 0x88b5): Frame {
  const frame = kernel.pool.take(ETHERNET.LENGTH + payloadBytes);
  frame.buffer.fill(0, frame.start, frame.end);
  writeEthernetHeader(frame.buffer, frame.start, target, source, type);
  return frame;
}

/** Counts every drop as `where reason`: for comparing with what is expected. */
export function dropsOf(kernel: Kernel): string[] {
  return kernel.drops().map(({ where, reason, count }) => `${where} ${reason} ${count}`);
}

/** The recorded history of one host so far. */
export function commitOf(host: KernelUnderTest): Commit | undefined {
  return host.machine.takeCommit(0, 3600 * SECOND);
}


/** Writes down every frame that devices see from now on: `in netns/name source > target`, with MACs as hexadecimal. */
export function watchFrames(kernel: Kernel): string[] {
  const seen: string[] = [];
  kernel.tap = {
    frame: (direction, link, { buffer, start }) => {
      const source = read48(buffer, start + ETHERNET.SOURCE).toString(16);
      seen.push(`${direction} ${link.netns}/${link.name} ${source} > ${read48(buffer, start).toString(16)}`);
    },
    dropped: () => undefined,
  };
  return seen;
}

/** A link that must be there. */
export function linkOf(kernel: Kernel, netns: string, name: string): LinkRow {
  return done(kernel.linkByName(netns, name));
}

/** Sends a frame out of a device, as its stack would. */
export function transmit(kernel: Kernel, link: LinkRow, frame: Frame): void {
  done(kernel.device(link.index)).transmit(frame);
}

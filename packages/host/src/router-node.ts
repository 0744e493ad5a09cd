// The way out of the lab: default gateway and name server of all hosts, and what stands for the outside. A Linux box
// like a host, without Docker; lines can be typed on it, so it is the client outside too.

import { type KernelEvent, Kernel, type KernelTables, emptyKernelTables, evolveKernel } from '@netreel/kernel';
import { DnsServer, MemoryTree, Processes, type ProcessTable, whoami } from '@netreel/programs';
import { type AnyRecord, type Behaviour, type Envelope, type FrameBytes, type Machine, assert } from '@netreel/sim';
import { Frame, type FramePool } from '@netreel/wire';
import { HOST_NETNS } from './drivers/bridge.js';
import { made } from './drivers/links.js';
import { type FaultRules, decideFault, evolveFaults } from './faults.js';
import { kernelPort } from './kernel-port.js';
import { hostFiles, processPort } from './process-port.js';
import type { HostInput } from './records.js';
import { TypedLines } from './typed-lines.js';
import { Uplink } from './uplink.js';

/** 203.0.113.10, of the addresses kept for documentation (RFC 5737): nothing else beyond the router answers. */
export const OUTSIDE_ADDRESS = 0xcb00710a;
const DNS_PORT = 53;

export interface RouterTables {
  readonly kernel: KernelTables;
  readonly faults: FaultRules;
}

export function emptyRouterTables(kernel: KernelTables = emptyKernelTables()): RouterTables {
  return { kernel, faults: new Map() };
}

/** Applies one event to the router's tables. */
export function evolveRouter(tables: RouterTables, event: AnyRecord): void {
  if (!evolveFaults(tables.faults, event)) evolveKernel(tables.kernel, event as KernelEvent);
}

export class RouterNode implements Behaviour {
  readonly tables: RouterTables;
  readonly kernel: Kernel;
  readonly processes: ProcessTable;
  readonly uplink: Uplink;
  private readonly lines: TypedLines;
  private nic = 0;

  constructor(private readonly machine: Machine, private readonly pool: FramePool) {
    this.kernel = new Kernel(kernelPort(machine, (frame, waitNs) => this.uplink.frame(frame, waitNs)), pool);
    this.tables = emptyRouterTables(this.kernel.tables);
    this.uplink = new Uplink(machine, pool, this.tables.faults);
    this.processes = new Processes(processPort(machine, this.kernel));
    this.lines = new TypedLines(machine, this.processes, machine.name, this.files());
  }

  boot(): void {
    const { kernel, machine } = this;
    const spec = machine.lab.nodes[machine.index]!;
    const { underlay } = machine.lab;
    made(kernel.addNetns(HOST_NETNS));
    const loopback = kernel.linkByName(HOST_NETNS, 'lo')!;
    made(kernel.setUp(loopback));
    made(kernel.addAddress(loopback, OUTSIDE_ADDRESS, 32));
    const nic = made(kernel.addNic({ netns: HOST_NETNS, name: 'eth0', mac: spec.mac, mtu: underlay.mtu,
      bitsPerSecond: underlay.bitsPerSecond }));
    this.nic = nic.index;
    made(kernel.setUp(nic));
    made(kernel.addAddress(nic, spec.address, underlay.prefix));
    made(kernel.setForwarding(HOST_NETNS, true));
    const socket = kernel.sockets(HOST_NETNS).udp();
    assert(socket.bind(0, DNS_PORT) === undefined, 'the router found its DNS port taken');
    new DnsServer({
      socket, zone: new Map([['router.lab', spec.address], ['outside.lab', OUTSIDE_ADDRESS]]),
      now: () => machine.now(),
      schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
      cancel: (ticket) => machine.cancel(ticket),
    });
    this.processes.start({ program: whoami, argv: ['whoami'], env: new Map(), netns: HOST_NETNS, hostname: machine.name,
      files: this.files(), init: false, stdin: 'closed', tty: false, privileged: true },
    { write: () => undefined, ended: () => undefined });
  }

  onInput(body: AnyRecord): void {
    const input = body as HostInput;
    if (input.type === 'HostCommanded') return this.lines.start(input.call, input.line);
    if (input.type === 'HostInterrupted') return this.lines.interrupt(input.call, input.signal);
    const event = decideFault(this.tables.faults, body);
    if (event !== undefined) this.machine.emit(event);
  }

  onEnvelope({ body }: Envelope): void {
    if (body.type !== 'FrameCrossed') return;
    const { frame } = body as unknown as { frame: FrameBytes };
    this.kernel.deliver(this.nic, frame instanceof Frame ? frame : this.pool.adopt(frame));
  }

  private files(): MemoryTree {
    return new MemoryTree(hostFiles(this.machine.lab, this.machine.index), () => this.machine.now());
  }

  evolve(event: AnyRecord): void {
    evolveRouter(this.tables, event);
  }
}

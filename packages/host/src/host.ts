// One simulated host: a kernel, the programs that run on it, a Docker engine, and its half of the overlay, joined by
// drivers.

import { DockerApi, type ApiRequest } from '@netreel/docker-api';
import { Engine, STANDARD_API, type ContainerUsage, type EngineEvent } from '@netreel/engine';
import { Kernel } from '@netreel/kernel';
import { Gossip, type GossipEvent, type GossipMessage, type OverlayMessage } from '@netreel/overlay';
import { Processes, canRun, type ProcessTable } from '@netreel/programs';
import { type AnyRecord, type Behaviour, type Envelope, type FrameBytes, type Machine, type NodeSpec,
  type SimTime } from '@netreel/sim';
import { Frame, type FramePool } from '@netreel/wire';
import { ApiSide } from './api-side.js';
import { BridgeDriver, HOST_NETNS } from './drivers/bridge.js';
import { made } from './drivers/links.js';
import { MacvlanDriver } from './drivers/macvlan.js';
import { NameServers } from './drivers/names.js';
import { OverlayDriver } from './drivers/overlay.js';
import { ProcessDriver } from './drivers/process.js';
import { Publisher } from './drivers/publisher.js';
import { Reactor } from './drivers/reactor.js';
import { SandboxDriver } from './drivers/sandbox.js';
import { decideFault } from './faults.js';
import { overlayPeers } from './peers.js';
import { kernelPort } from './kernel-port.js';
import { NO_COUNTERS, hostFiles, processPort } from './process-port.js';
import type { HostInput } from './records.js';
import { SwarmSide } from './swarm-side.js';
import { NodeTasks } from './tasks/tasks.js';
import { type HostTables, emptyHostTables, evolveHost } from './tables.js';
import { TypedLines } from './typed-lines.js';
import { Uplink } from './uplink.js';

export class HostNode implements Behaviour {
  readonly tables: HostTables;
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly gossip: Gossip;
  readonly processes: ProcessTable;
  readonly uplink: Uplink;
  readonly swarm: SwarmSide;
  private readonly tasks: NodeTasks;
  private readonly api: ApiSide;
  private readonly reactor: Reactor;
  private readonly bridges: BridgeDriver;
  private readonly processDriver: ProcessDriver;
  private readonly publisher: Publisher;
  private readonly spec: NodeSpec;
  private readonly lines: TypedLines;
  private nic = 0;

  constructor(private readonly machine: Machine, private readonly pool: FramePool) {
    const { lab } = machine;
    this.spec = lab.nodes[machine.index]!;
    this.kernel = new Kernel(kernelPort(machine, (frame, waitNs) => this.uplink.frame(frame, waitNs)), pool);
    this.tables = emptyHostTables(this.kernel.tables);
    this.uplink = new Uplink(machine, pool, this.tables.faults);
    this.processes = new Processes(processPort(machine, this.kernel));
    this.swarm = new SwarmSide(machine, this.uplink, this.tables.swarm, { entered: () => this.engine.swarmEntered(),
      left: () => this.leftSwarm(), assigned: () => this.tasks.revise() });
    this.gossip = new Gossip({
      now: () => machine.now(),
      schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
      cancel: (ticket) => machine.cancel(ticket),
      random: (purpose) => machine.random(purpose),
      emit: (event: GossipEvent) => this.emitGossip(event),
      send: (target, message) => this.uplink.message(target, message),
      node: machine.index,
      nodes: lab.nodes,
    }, this.tables.gossip);
    this.engine = new Engine(this.enginePort(), this.tables.engine);
    this.tasks = new NodeTasks(machine, this.engine, this.tables.swarm.member, this.swarm.client);
    this.api = new ApiSide(new DockerApi(this.engine), (event) => machine.emit(event));
    const bridge = new BridgeDriver(this.kernel, machine);
    this.bridges = bridge;
    this.processDriver = new ProcessDriver(this.processes, this.engine, this.tables.engine);
    this.lines = new TypedLines(machine, this.processes, this.spec.name, this.engine.files.host);
    this.publisher = new Publisher(this.kernel, this.processes, this.tables.engine, this.spec.name,
      this.engine.files.host);
    this.reactor = new Reactor(this.tables.engine, {
      sandbox: new SandboxDriver(this.kernel),
      bridge,
      overlay: new OverlayDriver(this.kernel, bridge, this.gossip, this.tables.gossip, machine.index, this.spec.address,
        lab.underlay.mtu),
      macvlan: new MacvlanDriver(this.kernel),
      process: this.processDriver,
      names: new NameServers(this.kernel, machine, this.engine),
      publisher: this.publisher,
    });
  }

  boot(): void {
    const { kernel, spec } = this;
    const { underlay } = this.machine.lab;
    kernel.addNetns(HOST_NETNS);
    kernel.setUp(kernel.linkByName(HOST_NETNS, 'lo')!.index);
    this.nic = made(kernel.addNic({ netns: HOST_NETNS, name: 'eth0', mac: spec.mac, mtu: underlay.mtu,
      bitsPerSecond: underlay.bitsPerSecond })).index;
    kernel.setUp(this.nic);
    kernel.addAddress(this.nic, spec.address, underlay.prefix);
    if (underlay.gateway !== 0 && underlay.gateway !== spec.address) {
      kernel.addRoute({ netns: HOST_NETNS, destination: 0, prefix: 0, gateway: underlay.gateway, link: this.nic });
    }
    // As dockerd does when it starts.
    kernel.setForwarding(HOST_NETNS, true);
    this.bridges.boot();
    this.engine.boot();
  }

  onInput(body: AnyRecord): void {
    const input = body as HostInput;
    switch (input.type) {
      case 'ApiCalled':
        return this.api.called(input.call, input.request as unknown as ApiRequest);
      case 'ApiInputGiven': return this.api.given(input.call, input.text);
      case 'ApiInputEnded': return this.api.inputEnded(input.call);
      case 'ApiAbandoned': return this.api.abandoned(input.call);
      case 'HostCommanded': return this.lines.start(input.call, input.line);
      case 'HostInterrupted': return this.lines.interrupt(input.call, input.signal);
      default: {
        const event = decideFault(this.tables.faults, body);
        if (event !== undefined) this.machine.emit(event);
      }
    }
  }

  onEnvelope(envelope: Envelope): void {
    const { body } = envelope;
    if (body.type === 'FrameCrossed') {
      const { frame } = body as unknown as { frame: FrameBytes };
      this.kernel.deliver(this.nic, frame instanceof Frame ? frame : this.pool.adopt(frame));
    } else if (!this.swarm.onMessage(envelope.source, body as OverlayMessage)) {
      this.gossip.onMessage(envelope.source, body as GossipMessage);
    }
  }

  evolve(event: AnyRecord, at: SimTime): void {
    evolveHost(this.tables, event, at);
  }

  private leftSwarm(): void {
    this.tasks.revise();
    this.engine.swarmLeft();
  }

  private emitGossip(event: GossipEvent): void {
    this.machine.emit(event);
    this.reactor.gossiped(event.network);
  }

  private usageOf(container: string): ContainerUsage {
    const netns = this.tables.kernel.netns.get(this.tables.engine.containers.get(container)?.netns ?? '');
    const links = (netns?.links ?? []).map((index) => this.tables.kernel.links.get(index)!)
      .filter(({ name }) => name !== 'lo');
    return { processes: this.processes.list(container),
      interfaces: links.map((link) => ({ name: link.name, ...(this.kernel.counters(link) ?? NO_COUNTERS) })) };
  }

  private enginePort(): ConstructorParameters<typeof Engine>[0] {
    const { machine } = this;
    return {
      hostName: this.spec.name,
      apiVersion: machine.lab.apiVersion ?? STANDARD_API,
      nameServer: machine.lab.underlay.gateway,
      now: () => machine.now(),
      schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
      cancel: (ticket) => machine.cancel(ticket),
      random: (purpose) => machine.random(purpose),
      newId: (kind, digits) => machine.newId(kind, digits),
      emit: (event: EngineEvent) => {
        machine.emit(event);
        this.reactor.react(event);
      },
      usage: (container) => this.usageOf(container),
      hostRoutes: () => this.tables.kernel.netns.get(HOST_NETNS)!.routes.filter((route) => route.prefix > 0)
        .map((route) => ({ address: route.destination, prefix: route.prefix })),
      hasLink: (name) => this.kernel.linkByName(HOST_NETNS, name) !== undefined,
      hasProgram: (container, program, path, cwd) => canRun(program,
        { files: this.engine.files.of(container)!, path, cwd, packages: [] }),
      hostFiles: hostFiles(machine.lab, machine.index),
      signal: (target, signal) => this.processDriver.signal(target, signal),
      input: (target, text) => this.processDriver.input(target, text),
      endInput: (target) => this.processDriver.endInput(target),
      resize: (target, rows, columns) => this.processDriver.resize(target, rows, columns),
      openProxy: (port, target) => this.publisher.openProxy(port, target),
      closeProxy: (port) => this.publisher.closeProxy(port),
      remoteEndpoints: (network) => this.gossip.endpointsOf(network),
      overlayPeers: (network) => overlayPeers(this.tables.gossip, network),
      store: this.swarm.client,
      swarm: this.swarm.engineClient(),
    };
  }
}

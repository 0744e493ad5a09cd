// The protocols of one network namespace, put together. Devices hand frames in, programs open sockets,
// tunnels bind ports.

import { ETHERNET, ETHERTYPE, ICMP_TYPE, ICMP_UNREACHABLE, PROTOCOL, read16, type Frame,
  type Ipv4 } from '@netreel/wire';
import type { Device, KernelCore, Stack, TunnelReceiver } from '../contract.js';
import type { SocketFactory } from '../sockets.js';
import { Filter } from '../filter/filter.js';
import type { LinkRow } from '../tables.js';
import { Pings } from '../transport/icmp-socket.js';
import { Payloads } from '../transport/payloads.js';
import { Tcp } from '../transport/tcp/tcp.js';
import { Udp } from '../transport/udp.js';
import { Arp } from './arp.js';
import { Forwarding } from './forward.js';
import { Internet6 } from '../ipv6/internet.js';
import { ECHO_FORM, Icmp } from './icmp.js';
import { Input } from './input.js';
import { Ipv4Layer } from './layer.js';
import { Neighbours, placeOf } from '../network/neighbour.js';
import { Output } from './output.js';
import { Reassemblies } from './reassembly.js';
import { Routes } from './route.js';

/** A namespace's stack as the kernel holds it: what devices see, and what programs do. */
export interface NamespaceStack extends Stack {
  readonly sockets: SocketFactory;
  /** Rules of this namespace were written or deleted. */
  rulesChanged(): void;
  /** Ends the flows that `address` takes part in. */
  forgetFlows(address: Ipv4): void;
  /** RFC 5227 section 2.3: announces `address` to everybody on `link`. */
  sendGratuitousArp(link: LinkRow, address: Ipv4): void;
  /** An upper protocol heard from `address`, so the neighbour it is behind works (RFC 1122 section 2.3.2.1). */
  confirmNeighbour(address: Ipv4): void;
}

/** The protocols of the namespace `netns`. */
export function createStack(core: KernelCore, netns: string): NamespaceStack {
  return new Ipv4Stack(core, netns);
}

/**
 * Most namespaces of a large host sleep: the protocols of one are put together when the first packet, socket or
 * neighbour needs them. Until then there is nothing that they would have to remember.
 */
class Ipv4Stack implements NamespaceStack {
  private protocols: Protocols | undefined = undefined;
  private closed = false;

  constructor(private readonly core: KernelCore, private readonly netns: string) {}

  get sockets(): SocketFactory {
    return this.awake().sockets;
  }

  receive(device: Device, frame: Frame): void {
    if (this.closed) this.core.drop(this.netns, 'device-gone', frame);
    else if (isIpv6(frame)) this.receiveIpv6(device, frame);
    else (this.protocols ?? this.awake()).input.receive(device, frame);
  }

  /** A namespace that does not speak it is not woken by what its neighbours say among themselves. */
  private receiveIpv6(device: Device, frame: Frame): void {
    if (device.row.ipv6) this.awake().internet6().receive(device, frame);
    else this.core.drop(placeOf(device.row), 'ipv6-off', frame);
  }

  sendUdpInPlace(frame: Frame, source: Ipv4, sourcePort: number, target: Ipv4, targetPort: number): void {
    if (this.closed) this.core.drop(this.netns, 'device-gone', frame);
    else (this.protocols ?? this.awake()).udp.sendInPlace(frame, source, sourcePort, target, targetPort);
  }

  bindTunnel(port: number, receiver: TunnelReceiver): boolean {
    return this.awake().udp.bindTunnel(port, receiver);
  }

  unbindTunnel(port: number): void {
    this.awake().udp.unbindTunnel(port);
  }

  sendGratuitousArp(link: LinkRow, address: Ipv4): void {
    const device = this.core.device(link.index);
    if (device !== undefined) this.awake().arp.announce(link, device, address);
  }

  confirmNeighbour(address: Ipv4): void {
    const { routes, neighbours } = this.awake();
    const path = routes.find(address);
    if (path.kind === 'unicast' && path.link !== undefined) neighbours.confirmed(path.link, path.nextHop);
  }

  /** One that sleeps has no rules: writing them wakes it. */
  get filter(): Filter | undefined {
    return this.protocols?.filter;
  }

  rulesChanged(): void {
    this.awake().filter.changed();
  }

  forgetFlows(address: Ipv4): void {
    this.protocols?.filter.flows.forget(address);
  }

  linkChanged(link: LinkRow): void {
    // Asleep it has sent nothing; the rows of a link were written by hand, if there are any.
    if (this.protocols !== undefined || link.neighbours.size > 0) this.awake().neighbours.linkChanged(link);
    if (link.ipv6 || link.neighbours6.size > 0) this.awake().internet6().linkChanged(link);
    else this.protocols?.six?.linkChanged(link);
  }

  close(): void {
    this.closed = true;
    this.protocols?.close();
  }

  private awake(): Protocols {
    if (this.protocols !== undefined) return this.protocols;
    const protocols = new Protocols(this.core, this.netns);
    const { tables } = this.core;
    for (const index of tables.netns.get(this.netns)?.links ?? []) {
      const link = tables.links.get(index);
      if (link !== undefined && link.up) protocols.neighbours.linkChanged(link);
    }
    this.protocols = protocols;
    return protocols;
  }
}

class Protocols {
  readonly sockets: SocketFactory;
  readonly filter: Filter;
  readonly routes: Routes;
  readonly neighbours: Neighbours;
  readonly arp: Arp;
  readonly udp: Udp;
  private readonly tcp: Tcp;
  readonly input: Input;
  private readonly pings: Pings;
  private readonly reassemblies: Reassemblies;

  six: Internet6 | undefined = undefined;

  constructor(private readonly core: KernelCore, private readonly netns: string) {
    const routes = new Routes(core, netns);
    this.filter = new Filter(core, netns, routes);
    const output = new Output(core, netns, routes, this.filter);
    const icmp = new Icmp(core, netns, routes, output);
    const arp = new Arp(core, routes);
    this.neighbours = new Neighbours(core, netns, {
      solicit: (link, device, address, target, waiting) => arp.solicit(link, device, address, target, waiting),
      undeliverable: (place, frame) => {
        icmp.sendError(frame, ICMP_TYPE.unreachable, ICMP_UNREACHABLE.host, 0);
        core.drop(place, 'neighbour-failed', frame);
      },
    });
    output.use(this.neighbours);
    arp.use(this.neighbours);
    this.routes = routes;
    this.arp = arp;
    const layers = { ipv4: new Ipv4Layer(routes, output, icmp), get ipv6() { return six().layer; } };
    const six = (): Internet6 => this.internet6();
    const { payloads } = sharedBy(core);
    this.udp = new Udp(core, netns, layers, core.port.random(`ports/udp/${netns}`), payloads);
    this.tcp = new Tcp(core, netns, layers, payloads, core.port.random(`isn/${netns}`),
      core.port.random(`ports/tcp/${netns}`), () => ++sharedBy(core).lastSocket);
    this.pings = new Pings(core, netns, layers.ipv4, ECHO_FORM, core.port.random(`ports/icmp/${netns}`));
    this.reassemblies = new Reassemblies(core, netns, output, icmp);
    icmp.useErrors(PROTOCOL.udp, this.udp);
    icmp.useErrors(PROTOCOL.tcp, this.tcp);
    icmp.useEchoes(this.pings);
    this.input = new Input(core, netns, routes, { arp, icmp, udp: this.udp, tcp: this.tcp,
      reassemblies: this.reassemblies, filter: this.filter,
      forwarding: new Forwarding(core, netns, routes, output, icmp, this.filter) });
    this.sockets = {
      udp: () => this.udp.socket(++sharedBy(core).lastSocket),
      icmp: () => this.pings.socket(++sharedBy(core).lastSocket),
      icmp6: () => this.internet6().pings.socket(++sharedBy(core).lastSocket),
      tcp: () => this.tcp.socket(),
      tcpListener: () => this.tcp.listener(),
    };
  }

  close(): void {
    this.filter.flows.close();
    this.udp.closeAll();
    this.tcp.closeAll();
    this.pings.closeAll();
    this.reassemblies.close();
    this.neighbours.close();
    this.six?.close();
  }

  /** IPv6, from when it is first needed. */
  internet6(): Internet6 {
    if (this.six !== undefined) return this.six;
    const six = this.six = new Internet6(this.core, this.netns);
    six.use(this.udp, this.tcp);
    const { tables } = this.core;
    for (const index of tables.netns.get(this.netns)?.links ?? []) {
      const link = tables.links.get(index);
      if (link !== undefined && link.up) six.linkChanged(link);
    }
    return six;
  }
}

function isIpv6({ buffer, start, end }: Frame): boolean {
  return end - start >= ETHERNET.LENGTH && read16(buffer, start + ETHERNET.TYPE) === ETHERTYPE.ipv6;
}

/** What the stacks of one kernel have in common: socket numbers are unique across its namespaces. */
interface Shared { lastSocket: number; readonly payloads: Payloads }

const sharedByKernel = new WeakMap<KernelCore, Shared>();

function sharedBy(core: KernelCore): Shared {
  let shared = sharedByKernel.get(core);
  if (shared === undefined) {
    shared = { lastSocket: 0, payloads: new Payloads() };
    sharedByKernel.set(core, shared);
  }
  return shared;
}

// The IPv6 of one namespace, put together. It is made when the first link, packet or socket needs it.

import { ICMPV6_TYPE, ICMPV6_UNREACHABLE, PROTOCOL, type Frame, type Ipv6 } from '@netreel/wire';
import type { Device, KernelCore } from '../contract.js';
import { Neighbours } from '../network/neighbour.js';
import type { LinkRow } from '../tables.js';
import { Pings } from '../transport/icmp-socket.js';
import type { Tcp } from '../transport/tcp/tcp.js';
import type { Udp } from '../transport/udp.js';
import { NeighbourDiscovery } from './discovery.js';
import { DuplicateDetection } from './duplicate.js';
import { Forwarding6 } from './forward.js';
import { ECHO_FORM6, Icmp6 } from './icmp.js';
import { Input6 } from './input.js';
import { Ipv6Layer } from './layer.js';
import { Output6 } from './output.js';
import { Reassemblies6 } from './reassembly.js';
import { Routes6 } from './route.js';

export class Internet6 {
  readonly layer: Ipv6Layer;
  readonly pings: Pings<Ipv6>;
  private readonly routes: Routes6;
  private readonly neighbours: Neighbours<Ipv6>;
  private readonly detection: DuplicateDetection;
  private readonly reassemblies: Reassemblies6;
  private readonly output: Output6;
  private readonly icmp: Icmp6;
  private input: Input6 | undefined;

  constructor(private readonly core: KernelCore, private readonly netns: string) {
    const routes = this.routes = new Routes6(core, netns);
    const output = this.output = new Output6(core, netns, routes);
    const icmp = this.icmp = new Icmp6(core, netns, routes, output);
    const discovery = new NeighbourDiscovery(core, routes, output);
    this.neighbours = new Neighbours<Ipv6>(core, netns, {
      solicit: (link, device, address, target, waiting) => discovery.solicit(link, device, address, target, waiting),
      undeliverable: (place, frame) => {
        icmp.sendError(frame, ICMPV6_TYPE.unreachable, ICMPV6_UNREACHABLE.address, 0);
        core.drop(place, 'neighbour-failed', frame);
      },
    }, true);
    this.detection = new DuplicateDetection(core, netns, discovery);
    this.reassemblies = new Reassemblies6(core, netns, output, icmp);
    this.layer = new Ipv6Layer(routes, output, icmp);
    this.pings = new Pings<Ipv6>(core, netns, this.layer, ECHO_FORM6, core.port.random(`ports/icmp6/${netns}`));
    output.use(this.neighbours);
    discovery.use(this.neighbours, this.detection);
    icmp.use(discovery, this.pings);
  }

  /** Whom packets are for. Transports and this need each other: handed over once, after both are made. */
  use(udp: Udp, tcp: Tcp): void {
    const { core, netns, routes, icmp, reassemblies } = this;
    icmp.useErrors(PROTOCOL.udp, udp);
    icmp.useErrors(PROTOCOL.tcp, tcp);
    this.input = new Input6(core, netns, routes, { icmp, udp, tcp, reassemblies,
      forwarding: new Forwarding6(core, netns, routes, this.output, icmp) });
  }

  receive(device: Device, frame: Frame): void {
    this.input!.receive(device, frame);
  }

  linkChanged(link: LinkRow): void {
    this.neighbours.linkChanged(link);
    this.detection.linkChanged(link);
  }

  close(): void {
    this.pings.closeAll();
    this.reassemblies.close();
    this.detection.close();
    this.neighbours.close();
  }
}

// What programs may see and do on a node: the clock, draws, sockets, and the interfaces of their namespace.

import type { DeviceCounters, FilterRow, Kernel, LinkRow, NeighbourRow, NetnsRow, SocketRow } from '@netreel/kernel';
import type { NetView, ProcessPort } from '@netreel/programs';
import type { LabSpec, Machine } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import { HOST_NETNS } from './drivers/bridge.js';

export function processPort(machine: Machine, kernel: Kernel): ProcessPort {
  return {
    now: () => machine.now(),
    schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
    cancel: (ticket) => machine.cancel(ticket),
    random: (purpose) => machine.random(purpose),
    sockets: (netns) => kernel.sockets(netns),
    packetSocket: (netns, link) => kernel.packetSocket(netns, link),
    netView: (netns, privileged) => new NamespaceView(kernel, netns, privileged),
  };
}

export const NO_COUNTERS: DeviceCounters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0,
  txDropped: 0 };

/** The interfaces, routes and neighbours of one namespace, as netlink would tell them. */
class NamespaceView implements NetView {
  /** Only who may change things is shown the rules. */
  readonly filter: (() => FilterRow | undefined) | undefined;

  constructor(private readonly kernel: Kernel, readonly netns: string, private readonly privileged: boolean) {
    this.filter = privileged ? () => kernel.tables.filters.get(netns) : undefined;
  }

  /** Docker switches IPv6 off in the namespaces it makes. */
  get linkLocal(): boolean {
    return this.netns === HOST_NETNS;
  }

  links(): readonly LinkRow[] {
    const { tables } = this.kernel;
    return (tables.netns.get(this.netns)?.links ?? []).map((index) => tables.links.get(index)!);
  }

  link(index: number): LinkRow | undefined {
    return this.kernel.tables.links.get(index);
  }

  counters(link: LinkRow): Readonly<DeviceCounters> {
    return this.kernel.counters(link) ?? NO_COUNTERS;
  }

  namespace(): NetnsRow {
    return this.kernel.tables.netns.get(this.netns)!;
  }

  neighbours(link: LinkRow): readonly NeighbourRow[] {
    return [...link.neighbours.values()].sort((a, b) => a.address - b.address);
  }

  sockets(): readonly SocketRow[] {
    return [...this.kernel.tables.sockets.values()].filter((socket) => socket.netns === this.netns);
  }

  setLink(link: LinkRow, change: Parameters<NetView['setLink']>[1]): string | undefined {
    if (!this.privileged) return 'Operation not permitted';
    const { kernel } = this;
    const refusals = [
      change.mac === undefined ? undefined : kernel.setMac(link, change.mac),
      change.mtu === undefined ? undefined : kernel.setMtu(link, change.mtu),
      change.up === undefined ? undefined : change.up ? kernel.setUp(link) : kernel.setDown(link),
    ];
    return refusals.find((refused) => refused !== undefined)?.refused;
  }
}

/** The few files a host begins with. */
export function hostFiles(lab: LabSpec, node: number): readonly (readonly [path: string, text: string])[] {
  const spec = lab.nodes[node]!;
  return [
    ['/etc/hostname', `${spec.name}\n`],
    ['/etc/hosts', `127.0.0.1\tlocalhost\n${formatIpv4(spec.address)}\t${spec.name}\n`],
    ['/etc/resolv.conf', `nameserver ${formatIpv4(lab.underlay.gateway)}\n`],
  ];
}

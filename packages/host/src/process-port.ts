// What programs may see and do on a node: the clock, draws, sockets, and the interfaces of their namespace.

import type { DeviceCounters, Kernel, LinkRow } from '@netreel/kernel';
import type { NetView, ProcessPort } from '@netreel/programs';
import type { Machine } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import { HOST_NETNS } from './drivers/bridge.js';
import { MemoryFiles } from './drivers/files.js';

export function processPort(machine: Machine, kernel: Kernel): ProcessPort {
  return {
    now: () => machine.now(),
    schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
    cancel: (ticket) => machine.cancel(ticket),
    random: (purpose) => machine.random(purpose),
    sockets: (netns) => kernel.sockets(netns),
    packetSocket: (netns, link) => kernel.packetSocket(netns, link),
    netView: (netns, privileged) => netView(kernel, netns, privileged),
  };
}

const NO_COUNTERS: DeviceCounters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };

/** The interfaces, routes and neighbours of one namespace, as netlink would tell them. */
function netView(kernel: Kernel, netns: string, privileged: boolean): NetView {
  const { tables } = kernel;
  const links = (): readonly LinkRow[] =>
    (tables.netns.get(netns)?.links ?? []).map((index) => tables.links.get(index)!);
  return {
    netns,
    // Docker switches IPv6 off in the namespaces it makes.
    linkLocal: netns === HOST_NETNS,
    links,
    link: (index) => tables.links.get(index),
    counters: (link) => kernel.counters(link) ?? NO_COUNTERS,
    namespace: () => tables.netns.get(netns)!,
    neighbours: (link) => [...link.neighbours.values()].sort((a, b) => a.address - b.address),
    ...(privileged ? { filter: () => tables.filters.get(netns) } : {}),
    sockets: () => [...tables.sockets.values()].filter((socket) => socket.netns === netns),
    setLink: (link, change) => {
      if (!privileged) return 'Operation not permitted';
      const refusals = [
        change.mac === undefined ? undefined : kernel.setMac(link, change.mac),
        change.mtu === undefined ? undefined : kernel.setMtu(link, change.mtu),
        change.up === undefined ? undefined : change.up ? kernel.setUp(link) : kernel.setDown(link),
      ];
      return refusals.find((refused) => refused !== undefined)?.refused;
    },
  };
}

/** The few files a host has. */
export function hostFiles(machine: Machine): MemoryFiles {
  const spec = machine.lab.nodes[machine.index]!;
  return new MemoryFiles([
    ['/etc/hostname', `${spec.name}\n`],
    ['/etc/hosts', `127.0.0.1\tlocalhost\n${formatIpv4(spec.address)}\t${spec.name}\n`],
    ['/etc/resolv.conf', `nameserver ${formatIpv4(machine.lab.underlay.gateway)}\n`],
  ]);
}

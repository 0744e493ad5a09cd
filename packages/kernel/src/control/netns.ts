// `ip netns`: a namespace with its lo and its stack, and its end.

import { LoopbackDevice } from '../device/loopback.js';
import { VxlanDevice } from '../device/vxlan.js';
import { createStack } from '../ipv4/stack.js';
import type { Kernel } from '../kernel.js';
import { type Refused, noSuchNetns } from '../refusal.js';
import { createLink } from './create.js';
import { removeLink } from './links.js';

const LOOPBACK_MTU = 65536;

export function addNetns(kernel: Kernel, netns: string): Refused | undefined {
  if (kernel.tables.netns.has(netns)) {
    return { refused: `Cannot create namespace file "/var/run/netns/${netns}": File exists` };
  }
  kernel.port.emit({ type: 'NetnsAdded', netns });
  kernel.stacks.set(netns, createStack(kernel, netns));
  createLink(kernel, { netns, name: 'lo', kind: 'loopback', mac: 0, mtu: LOOPBACK_MTU },
    (row, stack) => new LoopbackDevice(kernel, row, stack));
  return undefined;
}

export function deleteNetns(kernel: Kernel, netns: string): Refused | undefined {
  const row = kernel.tables.netns.get(netns);
  if (row === undefined) {
    return { refused: `Cannot remove namespace file "/var/run/netns/${netns}": No such file or directory` };
  }
  for (const index of tunnelsOver(kernel, netns).concat(row.links)) {
    const link = kernel.link(index);
    if (link !== undefined) removeLink(kernel, link);
  }
  kernel.stacks.get(netns)!.close();
  kernel.stacks.delete(netns);
  for (const place of [...kernel.vxlanPorts.keys()]) {
    if (kernel.vxlanPorts.get(place)!.netns === netns) kernel.vxlanPorts.delete(place);
  }
  kernel.port.emit({ type: 'NetnsDeleted', netns });
  return undefined;
}

/** Vxlan devices elsewhere whose socket lives in this namespace: they do not outlive it. By index. */
function tunnelsOver(kernel: Kernel, netns: string): number[] {
  const indexes: number[] = [];
  for (const device of kernel.devices.values()) {
    if (device instanceof VxlanDevice && device.tunnel.netns === netns) indexes.push(device.row.index);
  }
  return indexes.sort((a, b) => a - b);
}

export function setForwarding(kernel: Kernel, netns: string, enabled: boolean): Refused | undefined {
  const row = kernel.tables.netns.get(netns);
  if (row === undefined) return noSuchNetns(netns);
  if (row.forwarding !== enabled) kernel.port.emit({ type: 'ForwardingSet', netns, enabled });
  return undefined;
}

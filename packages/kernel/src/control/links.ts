// `ip link set` and `ip link del`: masters, namespaces, addresses of links, and their end.

import { unreachable } from '@netreel/sim';
import type { Mac } from '@netreel/wire';
import { BridgeDevice } from '../device/bridge.js';
import type { Kernel, LinkReference } from '../kernel.js';
import { INVALID_ARGUMENT, NOT_SUPPORTED, NO_SUCH_DEVICE, type Refused, netlinkRefusal } from '../refusal.js';
import type { LinkKind, LinkRow } from '../tables.js';
import { deleteAddress } from './address.js';
import { ETHERNET_MTU, macRefusal, nameRefusal } from './create.js';
import { announce, deviceOf, isBelowMacvlans, refreshCarrier, setDown, stackedOn } from './state.js';

/** Port numbers of a Linux bridge have ten bits, and 0 is none of them. */
const BRIDGE_PORTS_MAX = 1023;
const MTU_MIN = 68;
const MTU_MAX = 65535;

export function setMaster(kernel: Kernel, link: LinkReference, master: LinkReference): Refused | undefined {
  const row = kernel.link(link);
  const masterRow = kernel.link(master);
  if (row === undefined || masterRow === undefined || row.netns !== masterRow.netns) return NO_SUCH_DEVICE;
  const bridge = kernel.devices.get(masterRow.index);
  if (!(bridge instanceof BridgeDevice)) return NOT_SUPPORTED;
  if (row.kind === 'bridge') return netlinkRefusal('Too many levels of symbolic links');
  if (row.kind === 'loopback') return INVALID_ARGUMENT;
  if (isBelowMacvlans(kernel, row)) return netlinkRefusal('Device or resource busy');
  if (row.master === masterRow.index) return undefined;
  if (bridge.ports.length >= BRIDGE_PORTS_MAX) return netlinkRefusal('Exchange full');
  if (row.master !== 0) release(kernel, row);
  kernel.port.emit({ type: 'LinkEnslaved', link: row.index, master: masterRow.index });
  bridge.addPort(deviceOf(kernel, row));
  // Among others one more port can only make the bridge narrower.
  if (bridge.ports.length === 1 || row.mtu < masterRow.mtu) followPorts(kernel, bridge);
  refreshCarrier(kernel, masterRow);
  announce(kernel, row);
  return undefined;
}

export function noMaster(kernel: Kernel, link: LinkReference): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.master !== 0) release(kernel, row);
  return undefined;
}

/** Takes a port out of its bridge. */
function release(kernel: Kernel, row: LinkRow): void {
  const bridge = kernel.devices.get(row.master) as BridgeDevice;
  bridge.removePort(deviceOf(kernel, row));
  kernel.port.emit({ type: 'LinkReleased', link: row.index });
  followPorts(kernel, bridge);
  refreshCarrier(kernel, bridge.row);
  announce(kernel, row);
}

/** A bridge carries what the narrowest of its ports does (Linux br_mtu_auto_adjust), unless its MTU was chosen. */
function followPorts(kernel: Kernel, bridge: BridgeDevice): void {
  if (bridge.mtuIsChosen) return;
  const widths = bridge.ports.map((port) => port.row.mtu);
  const mtu = widths.length === 0 ? ETHERNET_MTU : widths.reduce((least, width) => (width < least ? width : least));
  if (mtu !== bridge.row.mtu) changeMtu(kernel, bridge.row, mtu);
}

export function setNetns(kernel: Kernel, link: LinkReference, netns: string, newName?: string): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  const stack = kernel.stack(netns);
  if (stack === undefined) return { refused: `Error: argument "${netns}" is wrong: Invalid "netns" value` };
  const name = newName ?? row.name;
  if (netns === row.netns && name === row.name) return undefined;
  const refusal = nameRefusal(kernel, netns, name);
  if (refusal !== undefined) return refusal;
  if (netns !== row.netns) {
    // These belong to the namespace in which they were made (NETIF_F_NETNS_LOCAL).
    if (row.kind === 'loopback' || row.kind === 'bridge') return INVALID_ARGUMENT;
    strip(kernel, row);
  } else if (row.up) {
    return netlinkRefusal('Device or resource busy');
  }
  kernel.port.emit({ type: 'LinkMoved', link: row.index, netns, name });
  deviceOf(kernel, row).moved(stack);
  announce(kernel, row);
  return undefined;
}

/** Takes from a link all that ties it to its namespace. */
function strip(kernel: Kernel, row: LinkRow): void {
  if (row.master !== 0) release(kernel, row);
  setDown(kernel, row);
  for (const { address, prefix } of [...row.addresses]) deleteAddress(kernel, row, address, prefix);
  announce(kernel, row);
  for (const address of [...row.neighbours.keys()]) {
    kernel.port.emit({ type: 'NeighbourDeleted', link: row.index, address });
  }
}

export function setMac(kernel: Kernel, link: LinkReference, mac: Mac): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  const refusal = row.kind === 'loopback' ? NOT_SUPPORTED : macRefusal(mac);
  if (refusal !== undefined) return refusal;
  if (row.mac === mac) return undefined;
  kernel.port.emit({ type: 'LinkMacSet', link: row.index, mac });
  announce(kernel, row);
  return undefined;
}

export function setMtu(kernel: Kernel, link: LinkReference, mtu: number): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (mtu < MTU_MIN) return { refused: 'Error: mtu less than device minimum.' };
  if (mtu > MTU_MAX) return { refused: 'Error: mtu greater than device maximum.' };
  const device = deviceOf(kernel, row);
  if (device instanceof BridgeDevice) device.mtuIsChosen = true;
  if (row.mtu === mtu) return undefined;
  changeMtu(kernel, row, mtu);
  if (device.bridge !== undefined) followPorts(kernel, device.bridge);
  return undefined;
}

function changeMtu(kernel: Kernel, row: LinkRow, mtu: number): void {
  kernel.port.emit({ type: 'LinkMtuSet', link: row.index, mtu });
  announce(kernel, row);
}

export function deleteLink(kernel: Kernel, link: LinkReference): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (!mayBeDeleted(row.kind)) return NOT_SUPPORTED;
  removeLink(kernel, row);
  return undefined;
}

function mayBeDeleted(kind: LinkKind): boolean {
  switch (kind) {
    case 'loopback':
    case 'nic': return false;
    case 'veth':
    case 'bridge':
    case 'vxlan':
    case 'macvlan':
    case 'vlan':
    case 'dummy': return true;
    default: return unreachable(kind);
  }
}

/** The end of a link of any kind, and of all that cannot be without it. */
export function removeLink(kernel: Kernel, row: LinkRow): void {
  const device = deviceOf(kernel, row);
  if (device instanceof BridgeDevice) for (const port of [...device.ports]) release(kernel, port.row);
  for (const child of stackedOn(kernel, row)) removeLink(kernel, child);
  strip(kernel, row);
  device.close();
  kernel.devices.delete(row.index);
  kernel.port.emit({ type: 'LinkDeleted', link: row.index });
  const peer = row.peer === 0 ? undefined : kernel.link(row.peer);
  if (peer !== undefined) removeLink(kernel, peer);
}

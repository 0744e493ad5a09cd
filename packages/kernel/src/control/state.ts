// Up, down and carrier: what follows for routes, peers, bridges and macvlan children when one link changes.

import { assert } from '@netreel/sim';
import { BridgeDevice } from '../device/bridge.js';
import type { NetDevice } from '../device/device.js';
import type { Kernel, LinkReference } from '../kernel.js';
import { NOT_SUPPORTED, NO_SUCH_DEVICE, type Refused, netlinkRefusal } from '../refusal.js';
import type { LinkRow } from '../tables.js';
import { addAddress, restoreConnectedRoutes } from './address.js';
import { forgetLink6, linkWorks6 } from './ipv6.js';
import { deleteRoutesOf } from './routes.js';

const LOOPBACK_ADDRESS = 0x7f00_0001;

/** The device of a link that exists. */
export function deviceOf(kernel: Kernel, row: LinkRow): NetDevice {
  const device = kernel.devices.get(row.index);
  assert(device !== undefined, `link ${row.name} has no device`);
  return device;
}

/** Tells the stack of the link's namespace that something about the link changed. */
export function announce(kernel: Kernel, row: LinkRow): void {
  kernel.stack(row.netns)?.linkChanged(row);
}

export function setUp(kernel: Kernel, link: LinkReference): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.up) return undefined;
  const stands = row.kind === 'macvlan' || row.kind === 'vlan';
  if (stands && kernel.link(row.parent)?.up !== true) return netlinkRefusal('Network is down');
  if (!deviceOf(kernel, row).open()) return netlinkRefusal('Address already in use');
  kernel.port.emit({ type: 'LinkUp', link: row.index });
  if (row.kind === 'loopback' && row.addresses.length === 0) addAddress(kernel, row, LOOPBACK_ADDRESS, 8);
  restoreConnectedRoutes(kernel, row);
  announce(kernel, row);
  stateChanged(kernel, row);
  linkWorks6(kernel, row);
  return undefined;
}

/** Its routes go. Its addresses stay, and with them its connected routes come back when it is set up again. */
export function setDown(kernel: Kernel, link: LinkReference): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (!row.up) return undefined;
  kernel.port.emit({ type: 'LinkDown', link: row.index });
  deviceOf(kernel, row).shut();
  deleteRoutesOf(kernel, row);
  if (row.ipv6) forgetLink6(kernel, row);
  announce(kernel, row);
  stateChanged(kernel, row);
  return undefined;
}

export function setCarrier(kernel: Kernel, link: LinkReference, carrier: boolean): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.kind !== 'nic') return NOT_SUPPORTED;
  changeCarrier(kernel, row, carrier);
  return undefined;
}

/** Works out anew whether the other end of a link is there. */
export function refreshCarrier(kernel: Kernel, row: LinkRow): void {
  switch (row.kind) {
    case 'veth': {
      // Both ends must be up for either to have carrier.
      const peer = kernel.link(row.peer);
      changeCarrier(kernel, row, row.up && peer?.up === true);
      return;
    }
    case 'bridge': {
      const bridge = deviceOf(kernel, row) as BridgeDevice;
      changeCarrier(kernel, row, bridge.ports.some((port) => port.row.up && port.row.carrier));
      return;
    }
    case 'macvlan':
    case 'vlan': {
      const parent = kernel.link(row.parent);
      changeCarrier(kernel, row, parent !== undefined && parent.up && parent.carrier);
      return;
    }
    case 'loopback':
    case 'vxlan':
    case 'dummy':
    case 'nic':
  }
}

function changeCarrier(kernel: Kernel, row: LinkRow, carrier: boolean): void {
  if (row.carrier === carrier) return;
  kernel.port.emit({ type: carrier ? 'CarrierGained' : 'CarrierLost', link: row.index });
  if (carrier) linkWorks6(kernel, row);
  announce(kernel, row);
  dependantsChanged(kernel, row);
}

/** A link was set up or down. */
function stateChanged(kernel: Kernel, row: LinkRow): void {
  if (row.kind === 'veth') {
    refreshCarrier(kernel, row);
    const peer = kernel.link(row.peer);
    if (peer !== undefined) refreshCarrier(kernel, peer);
  }
  dependantsChanged(kernel, row);
}

/** Whoever looks at this link's state to find its own: the bridge above it, the devices that stand on it. */
function dependantsChanged(kernel: Kernel, row: LinkRow): void {
  if (row.master !== 0) {
    const bridge = kernel.devices.get(row.master);
    if (bridge instanceof BridgeDevice) {
      if (!row.up || !row.carrier) bridge.forget(deviceOf(kernel, row));
      refreshCarrier(kernel, bridge.row);
    }
  }
  for (const child of stackedOn(kernel, row)) refreshCarrier(kernel, child);
}

/** The VLANs and macvlan devices that stand on a link, by index. */
export function stackedOn(kernel: Kernel, row: LinkRow): LinkRow[] {
  const stacked = kernel.devices.get(row.index)?.stacked;
  if (stacked === undefined) return [];
  return [...stacked.vlans.values(), ...stacked.macvlans].map((device) => device.row)
    .sort((a, b) => a.index - b.index);
}

/** Macvlan devices want the frames of their device for themselves; a bridge would, too. */
export function isBelowMacvlans(kernel: Kernel, row: LinkRow): boolean {
  return (kernel.devices.get(row.index)?.stacked?.macvlans.length ?? 0) > 0;
}

// `ip link add link PARENT`: macvlan devices and VLANs, and `type dummy` for them to stand on.

import type { Mac } from '@netreel/wire';
import { DummyDevice } from '../device/dummy.js';
import { LoopbackDevice } from '../device/loopback.js';
import { MacvlanDevice, type MacvlanMode } from '../device/macvlan.js';
import { VlanDevice } from '../device/vlan.js';
import type { Kernel, LinkReference } from '../kernel.js';
import { FILE_EXISTS, INVALID_ARGUMENT, NO_SUCH_DEVICE, type Refused, netlinkRefusal } from '../refusal.js';
import type { LinkRow } from '../tables.js';
import { ETHERNET_MTU, createLink, macRefusal, nameRefusal, randomMac } from './create.js';
import { deviceOf, refreshCarrier } from './state.js';

export interface MacvlanSpec {
  readonly netns: string; readonly name: string; readonly parent: LinkReference;
  readonly mac?: Mac; readonly mtu?: number;
  /** Bridge when absent. */
  readonly mode?: MacvlanMode;
}

export interface VlanSpec {
  readonly netns: string; readonly name: string; readonly parent: LinkReference;
  readonly number: number;
}

export interface DummySpec { readonly netns: string; readonly name: string; readonly mac?: Mac }

const VLAN_NUMBER_MAX = 4094;

export function addMacvlan(kernel: Kernel, spec: MacvlanSpec): LinkRow | Refused {
  const refusal = nameRefusal(kernel, spec.netns, spec.name) ?? macRefusal(spec.mac);
  if (refusal !== undefined) return refusal;
  const parent = kernel.link(spec.parent);
  if (parent === undefined) return NO_SUCH_DEVICE;
  const below = deviceOf(kernel, parent);
  if (below instanceof LoopbackDevice) return INVALID_ARGUMENT;
  if (parent.master !== 0) return netlinkRefusal('Device or resource busy');
  const mode = spec.mode ?? 'bridge';
  const others = below.stacked?.macvlans ?? [];
  if (others.length > 0 && (mode === 'passthru' || others[0]!.row.mode === 'passthru')) return INVALID_ARGUMENT;
  const row = createLink(kernel, {
    netns: spec.netns, name: spec.name, kind: 'macvlan', mac: spec.mac ?? randomMac(kernel),
    mtu: spec.mtu ?? parent.mtu, parent: parent.index,
  }, (own, stack) => new MacvlanDevice(kernel, own, stack, below));
  kernel.port.emit({ type: 'MacvlanModeSet', link: row.index, mode });
  refreshCarrier(kernel, row);
  return row;
}

export function addVlan(kernel: Kernel, spec: VlanSpec): LinkRow | Refused {
  const refusal = nameRefusal(kernel, spec.netns, spec.name);
  if (refusal !== undefined) return refusal;
  const parent = kernel.link(spec.parent);
  if (parent === undefined) return NO_SUCH_DEVICE;
  const below = deviceOf(kernel, parent);
  if (below instanceof LoopbackDevice) return INVALID_ARGUMENT;
  if (!Number.isInteger(spec.number) || spec.number < 1 || spec.number > VLAN_NUMBER_MAX) return INVALID_ARGUMENT;
  if (below.stacked?.vlans.has(spec.number) === true) return FILE_EXISTS;
  const row = createLink(kernel, { netns: spec.netns, name: spec.name, kind: 'vlan', mac: parent.mac, mtu: parent.mtu,
    parent: parent.index }, (own, stack) => new VlanDevice(kernel, own, stack, below, spec.number));
  kernel.port.emit({ type: 'VlanNumbered', link: row.index, vlan: spec.number });
  refreshCarrier(kernel, row);
  return row;
}

export function addDummy(kernel: Kernel, spec: DummySpec): LinkRow | Refused {
  const refusal = nameRefusal(kernel, spec.netns, spec.name) ?? macRefusal(spec.mac);
  if (refusal !== undefined) return refusal;
  return createLink(kernel, { netns: spec.netns, name: spec.name, kind: 'dummy', mac: spec.mac ?? randomMac(kernel),
    mtu: ETHERNET_MTU }, (row, stack) => new DummyDevice(kernel, row, stack));
}

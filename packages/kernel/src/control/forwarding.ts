// `ip neighbour` and `bridge fdb`: rows that an administrator, here Docker's overlay driver, writes by hand.

import type { Ipv4, Mac } from '@netreel/wire';
import type { Kernel, LinkReference } from '../kernel.js';
import { FILE_EXISTS, NOT_SUPPORTED, NO_SUCH_DEVICE, type Refused, netlinkRefusal } from '../refusal.js';
import { announce } from './state.js';

const NO_SUCH_ROW = netlinkRefusal('No such file or directory');

export function addNeighbour(kernel: Kernel, link: LinkReference, address: Ipv4, mac: Mac,
  replace: boolean): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  const held = row.neighbours.get(address);
  // A row that only waits for an answer holds nothing that could be overwritten.
  if (held !== undefined && !replace && held.state !== 'INCOMPLETE' && held.state !== 'FAILED') return FILE_EXISTS;
  kernel.port.emit({ type: 'NeighbourChanged', link: row.index, address, mac, state: 'PERMANENT' });
  announce(kernel, row);
  return undefined;
}

export function deleteNeighbour(kernel: Kernel, link: LinkReference, address: Ipv4): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (!row.neighbours.has(address)) return NO_SUCH_ROW;
  kernel.port.emit({ type: 'NeighbourDeleted', link: row.index, address });
  announce(kernel, row);
  return undefined;
}

export function addFdb(kernel: Kernel, link: LinkReference, mac: Mac, remote: Ipv4,
  replace: boolean): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.kind !== 'vxlan') return NOT_SUPPORTED;
  const held = row.remotes.get(mac);
  if (held !== undefined) {
    if (held.includes(remote)) return replace ? undefined : FILE_EXISTS;
    if (mac !== 0) {
      if (!replace) return FILE_EXISTS;
      for (const old of [...held]) kernel.port.emit({ type: 'FdbDeleted', link: row.index, mac, remote: old });
    }
  }
  kernel.port.emit({ type: 'FdbAdded', link: row.index, mac, remote });
  return undefined;
}

export function deleteFdb(kernel: Kernel, link: LinkReference, mac: Mac, remote: Ipv4): Refused | undefined {
  const row = kernel.link(link);
  if (row === undefined) return NO_SUCH_DEVICE;
  if (row.remotes.get(mac)?.includes(remote) !== true) return NO_SUCH_ROW;
  kernel.port.emit({ type: 'FdbDeleted', link: row.index, mac, remote });
  return undefined;
}

// What numbers and ids in records are called by people, at the moment of the record: looked up in folded tables.

import { HOST_NETNS, sandboxOf } from '@netreel/host';
import type { KernelTables, LinkRow } from '@netreel/kernel';
import { formatIpv4, formatMac } from '@netreel/wire';
import type { LabFold } from '../lab-fold.js';

const ID_DIGITS = 12;

/** A record's fields, whatever they are. */
export type Fields = Readonly<Record<string, unknown>>;

export class Names {
  constructor(private readonly fold: LabFold, private readonly node: number) {}

  /** `box`, or the first digits of an id that no table knows. */
  container(id: unknown): string {
    return this.host?.engine.containers.get(String(id))?.name ?? short(id);
  }

  network(id: unknown): string {
    const text = String(id);
    const own = this.host?.engine.networks.get(text)?.name;
    return own ?? this.fold.overlays().find((network) => network.id === text)?.name ?? short(text);
  }

  /** `the host`, a container's name, or the namespace's own name. */
  place(netns: unknown): string {
    const text = String(netns);
    if (text === HOST_NETNS) return 'the host';
    const owner = [...this.host?.engine.containers.values() ?? []].find((row) => row.netns === text);
    if (owner !== undefined) return owner.name;
    const network = this.fold.overlays().find((each) => sandboxOf(each) === text);
    return network === undefined ? `namespace ${short(text)}` : `network ${network.name}`;
  }

  /** `docker0`, or `eth0 of box` where it is not the host's. */
  link(index: unknown): string {
    const row = this.row(index);
    if (row === undefined) return `link ${String(index)}`;
    return row.netns === HOST_NETNS ? row.name : `${row.name} of ${this.place(row.netns)}`;
  }

  /** A place as losses name it: `NAMESPACE/DEVICE`, or a namespace. */
  device(where: string): string {
    const cut = where.indexOf('/');
    if (cut < 0) return this.place(where);
    const index = this.kernel?.netns.get(where.slice(0, cut))?.linksByName.get(where.slice(cut + 1));
    return index === undefined ? where : this.link(index);
  }

  /** Whose the other end of a port is, in brackets. */
  behind(index: unknown): string {
    const row = this.row(index);
    const peer = row === undefined || row.peer === 0 ? undefined : this.row(row.peer);
    return peer === undefined || peer.netns === HOST_NETNS ? '' : ` (${this.place(peer.netns)})`;
  }

  otherNode(index: unknown): string {
    return this.fold.lab.nodes[Number(index)]?.name ?? `node ${String(index)}`;
  }

  private row(index: unknown): LinkRow | undefined {
    return this.kernel?.links.get(Number(index));
  }

  private get host() {
    const node = this.fold.nodes[this.node];
    return node?.kind === 'host' ? node.tables : undefined;
  }

  private get kernel(): KernelTables | undefined {
    const node = this.fold.nodes[this.node];
    return node === undefined || node.kind === 'overlay' ? undefined : node.tables.kernel;
  }
}

function short(id: unknown): string {
  return String(id).slice(0, ID_DIGITS);
}

/** `10.0.1.2`. */
export const ip = (address: unknown): string => formatIpv4(Number(address));

/** `10.0.1.0/24`; `the default route` for 0.0.0.0/0. */
export const cidr = ({ address, destination, prefix }: Fields): string =>
  `${ip(address ?? destination)}/${Number(prefix)}`;

export const macOf = (mac: unknown): string => formatMac(Number(mac));

// The interfaces of one namespace as folded tables have them, for `ip`, `ifconfig`, `bridge` and the like.

import { HOST_NETNS } from '@netreel/host';
import type { DeviceCounters, FilterRow, KernelTables, LinkRow, NeighbourRow, NetnsRow,
  SocketRow } from '@netreel/kernel';
import type { NetView } from '@netreel/programs';

const NO_COUNTERS: DeviceCounters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };

export interface Looks {
  /** Somebody asked how many packets passed, which no table holds. */
  counted(): void;
  /** Somebody tried to change something. */
  changes(what: string): void;
}

export class PastInterfaces implements NetView {
  readonly filter: (() => FilterRow | undefined) | undefined;

  constructor(private readonly tables: KernelTables, readonly netns: string, privileged: boolean,
    private readonly looks: Looks) {
    this.filter = privileged ? () => tables.filters.get(netns) : undefined;
  }

  /** Docker switches IPv6 off in the namespaces it makes. */
  get linkLocal(): boolean {
    return this.netns === HOST_NETNS;
  }

  links(): readonly LinkRow[] {
    const { tables } = this;
    return (tables.netns.get(this.netns)?.links ?? []).map((index) => tables.links.get(index)!);
  }

  link(index: number): LinkRow | undefined {
    return this.tables.links.get(index);
  }

  counters(): Readonly<DeviceCounters> {
    this.looks.counted();
    return NO_COUNTERS;
  }

  namespace(): NetnsRow {
    return this.tables.netns.get(this.netns)!;
  }

  neighbours(link: LinkRow): readonly NeighbourRow[] {
    return [...link.neighbours.values()].sort((a, b) => a.address - b.address);
  }

  sockets(): readonly SocketRow[] {
    return [...this.tables.sockets.values()].filter((socket) => socket.netns === this.netns);
  }

  setLink(link: LinkRow): string {
    this.looks.changes(`change ${link.name}`);
    return 'Operation not permitted';
  }
}

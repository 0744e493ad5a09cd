// What exists between two ends in one namespace: a connection, or the rest of one that waits for stragglers.

import type { Address } from '@netreel/wire';

/** Whatever segments between two ends are for. */
export interface Held {
  readonly local: Address;
  readonly localPort: number;
  readonly remote: Address;
  readonly remotePort: number;
  /** The next one with the same place in the table. */
  next: Held | undefined;
}

export class Connections<Item extends Held> {
  private readonly places = new Map<number, Item>();

  add(item: Item): void {
    const place = placeOf(item.localPort, item.remotePort);
    item.next = this.places.get(place);
    this.places.set(place, item);
  }

  remove(item: Item): void {
    const place = placeOf(item.localPort, item.remotePort);
    let held = this.places.get(place);
    if (held === item) {
      if (item.next === undefined) this.places.delete(place);
      else this.places.set(place, item.next as Item);
      item.next = undefined;
      return;
    }
    while (held !== undefined && held.next !== item) held = held.next as Item | undefined;
    if (held === undefined) return;
    held.next = item.next;
    item.next = undefined;
  }

  find(local: Address, localPort: number, remote: Address, remotePort: number): Item | undefined {
    let held = this.places.get(placeOf(localPort, remotePort));
    while (held !== undefined && (held.remote !== remote || held.local !== local || held.localPort !== localPort
      || held.remotePort !== remotePort)) held = held.next as Item | undefined;
    return held;
  }

  /** All, in the order in which their places were taken. */
  all(): Item[] {
    const items: Item[] = [];
    for (const first of this.places.values()) {
      let item: Item | undefined = first;
      for (; item !== undefined; item = item.next as Item | undefined) items.push(item);
    }
    return items;
  }
}

/** A small whole number: maps hash those best. */
function placeOf(localPort: number, remotePort: number): number {
  return ((localPort << 14) ^ remotePort) & 0x3fff_ffff;
}

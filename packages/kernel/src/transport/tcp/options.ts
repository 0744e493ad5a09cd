// Options of a header, written in the order and with the padding of Linux. RFC 9293 section 3.2, RFC 7323, RFC 2018.

import { TCP_OPTION, write16, write32 } from '@netreel/wire';
import type { Connection } from './connection.js';

/** What a SYN offers; -1 for what it does not. */
export interface SynOffer {
  readonly sack: boolean;
  readonly shift: number;
  readonly stamp: number;
  readonly echo: number;
}

const NOP_NOP = (TCP_OPTION.nop << 8) | TCP_OPTION.nop;

export function synOptionBytes({ shift, stamp, sack }: SynOffer): number {
  // SACK takes the place of the two nops before a timestamp.
  return 4 + (stamp >= 0 ? 12 : sack ? 4 : 0) + (shift >= 0 ? 4 : 0);
}

export function writeSynOptions(buffer: Uint8Array, from: number, mss: number, offer: SynOffer): void {
  let at = from;
  buffer[at] = TCP_OPTION.mss;
  buffer[at + 1] = 4;
  write16(buffer, at + 2, mss);
  at += 4;
  if (offer.stamp >= 0) {
    writeStamp(buffer, at, offer.stamp, offer.echo);
    if (offer.sack) write16(buffer, at, (TCP_OPTION.sackPermitted << 8) | 2);
    at += 12;
  } else if (offer.sack) {
    write16(buffer, at, NOP_NOP);
    write16(buffer, at + 2, (TCP_OPTION.sackPermitted << 8) | 2);
    at += 4;
  }
  if (offer.shift < 0) return;
  write16(buffer, at, (TCP_OPTION.nop << 8) | TCP_OPTION.windowScale);
  write16(buffer, at + 2, (3 << 8) | offer.shift);
}

/** Twelve bytes. */
export function writeStamp(buffer: Uint8Array, at: number, stamp: number, echo: number): void {
  write16(buffer, at, NOP_NOP);
  write16(buffer, at + 2, (TCP_OPTION.timestamps << 8) | 10);
  write32(buffer, at + 4, stamp);
  write32(buffer, at + 8, echo);
}

/** RFC 2018 section 4: what arrived last comes first; before it, what arrived twice (RFC 2883). */
export function writeSack(connection: Connection, buffer: Uint8Array, at: number, end: number): void {
  const { outOfOrder } = connection;
  write16(buffer, at, NOP_NOP);
  buffer[at + 2] = TCP_OPTION.sack;
  buffer[at + 3] = end - at - 2;
  let block = at + 4;
  if (connection.twiceLeft !== connection.twiceRight) {
    write32(buffer, block, connection.twiceLeft);
    write32(buffer, block + 4, connection.twiceRight);
    connection.twiceLeft = connection.twiceRight;
    block += 8;
  }
  const latest = outOfOrder.indexOf(connection.latestSack);
  let next = 0;
  for (let first = latest >= 0; block < end; block += 8) {
    let index = latest;
    if (!first) {
      if (next === latest) next++;
      index = next++;
    }
    first = false;
    write32(buffer, block, outOfOrder.left[index]!);
    write32(buffer, block + 4, outOfOrder.right[index]!);
  }
}

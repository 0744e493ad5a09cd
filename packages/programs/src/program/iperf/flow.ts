// One stream of a test, sending or receiving, over TCP or UDP, and what it has counted.

import type { TcpSocket, UdpSocket } from '@netreel/kernel';
import { MICROSECOND, MILLISECOND, NEVER, SECOND, type SimTime } from '@netreel/sim';
import { type Address, read32, write32 } from '@netreel/wire';
import type { Plan } from './options.js';

const HEADER_BYTES = 12;
const TCP_BLOCK_BYTES = 128 * 1024;
/** A UDP socket here is never full: without a rate of its own, a sender is as fast as this. */
const UDP_MOST_BITS_PER_SECOND = 10_000_000_000;
/** One buffer for all: what is sent is never looked at. */
const BLOCK = new Uint8Array(TCP_BLOCK_BYTES);

export interface Peer { readonly address: Address; readonly port: number }

export class Flow {
  bytes = 0;
  packets = 0;
  lost = 0;
  outOfOrder = 0;
  /** RFC 3550 section 6.4.1. */
  jitterNs = 0;
  broken = false;
  /** The send buffer is full: it goes on when there is room. */
  blocked = false;
  /** What the last line has told already. */
  readonly told = { bytes: 0, packets: 0, lost: 0, resent: 0 };
  private highest = 0;
  private transitNs = 0;
  private readonly blockBytes: number;
  private readonly bitsPerSecond: number;
  private blockLeft = 0;

  constructor(readonly number: number, readonly tcp: TcpSocket | undefined, readonly udp: UdpSocket | undefined,
    readonly peer: Peer, readonly sender: boolean, plan: Plan) {
    const most = plan.blockBytes > 0 ? plan.blockBytes : TCP_BLOCK_BYTES;
    this.blockBytes = udp === undefined ? most : Math.max(HEADER_BYTES + 4, most);
    this.bitsPerSecond = udp !== undefined && plan.bitsPerSecond === 0 ? UDP_MOST_BITS_PER_SECOND : plan.bitsPerSecond;
  }

  get resent(): number { return this.tcp?.info()?.resent ?? 0; }

  /** Sends what may go by now, up to `budget` bytes; when it may go on. */
  send(now: SimTime, startedAt: SimTime, budget: number): SimTime {
    let left = budget;
    this.blocked = false;
    while (left > 0 && !this.broken) {
      const dueAt = this.blockLeft > 0 ? now : this.dueAt(startedAt);
      if (dueAt > now) return dueAt;
      const sent = this.udp === undefined ? this.sendPiece() : this.sendDatagram(now);
      if (sent === 0) {
        this.blocked = !this.broken;
        return NEVER;
      }
      this.bytes += sent;
      left -= sent;
    }
    return NEVER;
  }

  /** Looked at every millisecond: has less been sent than the rate allows? */
  private dueAt(startedAt: SimTime): SimTime {
    if (this.bitsPerSecond === 0) return startedAt;
    return startedAt + Math.ceil((this.bytes * 8000) / this.bitsPerSecond) * MILLISECOND;
  }

  private sendPiece(): number {
    if (this.blockLeft === 0) this.blockLeft = Math.min(this.blockBytes, BLOCK.length);
    const count = this.tcp!.send(BLOCK.subarray(0, this.blockLeft));
    if (typeof count === 'string') {
      this.broken = true;
      return 0;
    }
    this.blockLeft -= count;
    return count;
  }

  private sendDatagram(now: SimTime): number {
    this.packets++;
    const count = Math.min(this.blockBytes, 65_507);
    const payload = BLOCK.subarray(0, count);
    write32(payload, 0, Math.floor(now / SECOND));
    write32(payload, 4, Math.floor((now % SECOND) / MICROSECOND));
    write32(payload, 8, this.packets);
    if (this.udp!.sendTo(this.peer.address, this.peer.port, payload) === 'EBADF') this.broken = true;
    return count;
  }

  /** Takes all that has arrived on a connection. */
  drain(): void {
    for (let piece = this.tcp!.receive(); piece !== undefined; piece = this.tcp!.receive()) {
      if (piece.length === 0) {
        this.broken = true;
        return;
      }
      this.bytes += piece.length;
    }
    if (this.tcp!.takeError() !== undefined) this.broken = true;
  }

  /** A datagram of the other side has arrived. */
  take(payload: Uint8Array, now: SimTime): void {
    if (payload.length < HEADER_BYTES) return;
    this.bytes += payload.length;
    const number = read32(payload, 8);
    if (number > this.highest) {
      this.lost += number - this.highest - 1;
      this.highest = number;
      this.packets = number;
    } else {
      this.outOfOrder++;
      if (this.lost > 0) this.lost--;
    }
    const transitNs = now - (read32(payload, 0) * SECOND + read32(payload, 4) * MICROSECOND);
    const change = Math.abs(transitNs - this.transitNs);
    if (this.highest > 1) this.jitterNs += Math.trunc((change - this.jitterNs) / 16);
    this.transitNs = transitNs;
  }
}

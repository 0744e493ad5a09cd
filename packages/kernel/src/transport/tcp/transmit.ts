// One segment goes out: header, options, checksum. RFC 9293 section 3.1, RFC 2018 section 4 (SACK blocks), RFC 7323.

import {
  PROTOCOL, TCP, TCP_FLAG, tcpChecksum, write16, writeTcpHeader, type Address, type Frame,
} from '@netreel/wire';
import { layerOf, type NetworkLayer } from '../../network/layer.js';
import { DEFAULT_TTL } from '../../network/packet.js';
import { WINDOW_SHIFT, type Connection, type TcpSide } from './connection.js';
import { type SynOffer, synOptionBytes, writeSack, writeStamp, writeSynOptions } from './options.js';
import type { Segment } from './segment.js';
import { distance, plus } from './sequence.js';
import { stampNow } from './timestamps.js';

/** Linux's first window: 44 segments of Ethernet. SYNs are not scaled (RFC 7323 section 2.2). */
const FIRST_WINDOW = 64_240;
/** RFC 7323 appendix A: two nops, then the option. */
const STAMP_BYTES = 12;
const SACK_BLOCKS_MAX = 4;
/** RFC 2018 section 3: with timestamps one block fewer fits. */
const SACK_BLOCKS_WITH_STAMP = 3;

/** Whose segment it is. */
export interface SegmentEnds {
  readonly local: Address; readonly localPort: number; readonly remote: Address; readonly remotePort: number;
}

/** Those of whoever gets `segment`. */
export function endsOf({ source, sourcePort, target, targetPort }: Segment): SegmentEnds {
  return { local: target, localPort: targetPort, remote: source, remotePort: sourcePort };
}

/** Bytes that options take in the next header. */
export function optionBytes(connection: Connection): number {
  return (connection.stamps ? STAMP_BYTES : 0) + (connection.sack ? sackBytes(connection) : 0);
}

function sackBytes(connection: Connection): number {
  const twice = connection.twiceLeft === connection.twiceRight ? 0 : 1;
  const count = connection.outOfOrder.count + twice;
  if (count === 0) return 0;
  const most = connection.stamps ? SACK_BLOCKS_WITH_STAMP : SACK_BLOCKS_MAX;
  return 4 + 8 * (count < most ? count : most);
}

/** An acknowledgment without data. */
export function sendAck(connection: Connection): void {
  transmit(connection, connection.nxt, 0, TCP_FLAG.ack);
}

/** SYN, or SYN and ACK. */
export function sendSyn(connection: Connection, acknowledge: boolean): void {
  const { side } = connection;
  // An answer offers only what the question did (RFC 7323 section 2.2, RFC 2018 section 2).
  const offer: SynOffer = {
    sack: !acknowledge || connection.sack,
    shift: !acknowledge || connection.receiveShift > 0 ? WINDOW_SHIFT : -1,
    stamp: !acknowledge || connection.stamps ? stampNow(connection) : -1,
    echo: acknowledge ? connection.recentStamp : 0,
  };
  connection.rcvEdge = plus(connection.rcvNxt, FIRST_WINDOW);
  connection.acknowledgedTo = connection.rcvNxt;
  transmitSyn(side, connection, connection.iss, acknowledge ? connection.rcvNxt : 0,
    acknowledge ? TCP_FLAG.syn | TCP_FLAG.ack : TCP_FLAG.syn, offer);
}

/** A SYN, whether there is a connection or not. */
export function transmitSyn(side: TcpSide, ends: SegmentEnds, sequence: number, acknowledgment: number, flags: number,
  offer: SynOffer): void {
  const layer = layerOf(side.layers, ends.remote);
  const mss = Math.min(0xffff, layer.mtu(layer.find(ends.remote)) - layer.headerBytes - TCP.LENGTH);
  const bytes = synOptionBytes(offer);
  const frame = layer.packet(TCP.LENGTH + bytes);
  const at = frame.start + layer.headerBytes;
  writeTcpHeader(frame.buffer, at, ends.localPort, ends.remotePort, sequence, acknowledgment, TCP.LENGTH + bytes, flags,
    FIRST_WINDOW);
  writeSynOptions(frame.buffer, at + TCP.LENGTH, mss, offer);
  finish(side, layer, frame, ends.local, ends.remote);
}

/** A segment with `count` bytes from `sequence` on. It acknowledges all that has arrived. */
export function transmit(connection: Connection, sequence: number, count: number, flags: number): void {
  const { side, layer, acknowledging } = connection;
  const options = optionBytes(connection);
  const frame = layer.packet(TCP.LENGTH + options + count);
  const { buffer } = frame;
  const at = frame.start + layer.headerBytes;
  writeTcpHeader(buffer, at, connection.localPort, connection.remotePort, sequence, connection.rcvNxt,
    TCP.LENGTH + options, flags, announceWindow(connection));
  if (options > 0) writeOptions(connection, buffer, at + TCP.LENGTH, options);
  if (count > 0) {
    connection.sendRing.copy(distance(sequence, connection.ringStart), count, buffer, at + TCP.LENGTH + options);
    acknowledging.dataSent(side.core.port.now());
  }
  connection.acknowledgedTo = connection.rcvNxt;
  acknowledging.sent();
  connection.acknowledgeTimer.disarm();
  finish(side, layer, frame, connection.local, connection.remote);
}

/** A reset, which belongs to no connection. */
export function transmitReset(side: TcpSide, ends: SegmentEnds, sequence: number, acknowledgment: number,
  flags: number): void {
  transmitBare(side, ends, sequence, acknowledgment, flags, 0, -1, 0);
}

/** A segment without data of something that is no connection; `stamp` -1 for none. */
export function transmitBare(side: TcpSide, ends: SegmentEnds, sequence: number, acknowledgment: number, flags: number,
  window: number, stamp: number, echo: number): void {
  const layer = layerOf(side.layers, ends.remote);
  const options = stamp < 0 ? 0 : STAMP_BYTES;
  const frame = layer.packet(TCP.LENGTH + options);
  const at = frame.start + layer.headerBytes;
  writeTcpHeader(frame.buffer, at, ends.localPort, ends.remotePort, sequence, acknowledgment, TCP.LENGTH + options,
    flags, window);
  if (options > 0) writeStamp(frame.buffer, at + TCP.LENGTH, stamp, echo);
  finish(side, layer, frame, ends.local, ends.remote);
}

/** What the receive buffer still takes; the right edge never goes back (RFC 9293 SHLD-14). */
function announceWindow(connection: Connection): number {
  const shift = connection.receiveShift;
  const promised = distance(connection.rcvEdge, connection.rcvNxt);
  const free = connection.receiveSpace.sizeBytes - connection.receiveRing.length;
  let window = free >> shift;
  if (window << shift < promised) window = (promised + (1 << shift) - 1) >> shift;
  if (window > 0xffff) window = 0xffff;
  connection.rcvEdge = plus(connection.rcvNxt, window << shift);
  return window;
}

function writeOptions(connection: Connection, buffer: Uint8Array, from: number, bytes: number): void {
  let at = from;
  if (connection.stamps) {
    writeStamp(buffer, at, stampNow(connection), connection.recentStamp);
    at += STAMP_BYTES;
  }
  if (at < from + bytes) writeSack(connection, buffer, at, from + bytes);
}

function finish(side: TcpSide, layer: NetworkLayer, frame: Frame, source: Address, target: Address): void {
  const { buffer, end } = frame;
  const at = frame.start + layer.headerBytes;
  write16(buffer, at + TCP.CHECKSUM, tcpChecksum(buffer, at, end, source, target));
  frame.summed = true;
  const path = layer.find(target);
  if (path.device === undefined) side.core.drop(side.netns, 'no-route', frame);
  else layer.send(path, frame, PROTOCOL.tcp, source, target, DEFAULT_TTL, true);
}

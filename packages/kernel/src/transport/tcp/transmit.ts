// One segment goes out: header, options, checksum. RFC 9293 section 3.1, RFC 2018 section 4 (SACK blocks), RFC 7323.

import {
  PROTOCOL, TCP, TCP_FLAG, TCP_OPTION, tcpChecksum, write16, write32, writeTcpHeader, type Address, type Frame,
} from '@netreel/wire';
import { layerOf, type NetworkLayer } from '../../network/layer.js';
import { DEFAULT_TTL } from '../../network/packet.js';
import { RECEIVE_BUFFER_BYTES, WINDOW_SHIFT, type Connection, type TcpSide } from './connection.js';
import { distance, plus } from './sequence.js';

/** Linux's first window: 44 segments of Ethernet. SYNs are not scaled (RFC 7323 section 2.2). */
const FIRST_WINDOW = 64_240;
const SACK_BLOCKS_MAX = 4;
const SYN_OPTIONS_BYTES = 12;

/** Bytes that SACK blocks take in the next header. */
export function sackBytes(connection: Connection): number {
  const { count } = connection.outOfOrder;
  if (!connection.sack || count === 0) return 0;
  return 4 + 8 * (count < SACK_BLOCKS_MAX ? count : SACK_BLOCKS_MAX);
}

/** An acknowledgment without data. */
export function sendAck(connection: Connection): void {
  // After a timeout SND.NXT stands behind what was sent; an ACK there would be old to the receiver.
  transmit(connection, connection.max, 0, TCP_FLAG.ack);
}

/** SYN, or SYN and ACK. */
export function sendSyn(connection: Connection, acknowledge: boolean): void {
  const { side, layer, remote } = connection;
  const frame = layer.packet(TCP.LENGTH + SYN_OPTIONS_BYTES);
  const { buffer } = frame;
  const at = frame.start + layer.headerBytes;
  connection.rcvEdge = plus(connection.rcvNxt, FIRST_WINDOW);
  writeTcpHeader(buffer, at, connection.localPort, connection.remotePort, connection.iss,
    acknowledge ? connection.rcvNxt : 0, TCP.LENGTH + SYN_OPTIONS_BYTES,
    acknowledge ? TCP_FLAG.syn | TCP_FLAG.ack : TCP_FLAG.syn, FIRST_WINDOW);
  const options = at + TCP.LENGTH;
  buffer[options] = TCP_OPTION.mss;
  buffer[options + 1] = 4;
  const mss = layer.mtu(layer.find(remote)) - layer.headerBytes - TCP.LENGTH;
  write16(buffer, options + 2, Math.min(0xffff, mss));
  // An answer offers only what the question did (RFC 7323 section 2.2, RFC 2018 section 2).
  const offersSack = !acknowledge || connection.sack;
  write16(buffer, options + 4, offersSack ? (TCP_OPTION.sackPermitted << 8) | 2 : TWO_NOPS);
  const offersScale = !acknowledge || connection.receiveShift > 0;
  write16(buffer, options + 6, offersScale ? (TCP_OPTION.nop << 8) | TCP_OPTION.windowScale : TWO_NOPS);
  write16(buffer, options + 8, offersScale ? (3 << 8) | WINDOW_SHIFT : TWO_NOPS);
  write16(buffer, options + 10, TWO_NOPS);
  finish(side, layer, frame, connection.local, remote);
}

const TWO_NOPS = (TCP_OPTION.nop << 8) | TCP_OPTION.nop;

/** A segment with `count` bytes from `sequence` on. It acknowledges all that has arrived. */
export function transmit(connection: Connection, sequence: number, count: number, flags: number): void {
  const { side, layer } = connection;
  const optionBytes = sackBytes(connection);
  const frame = layer.packet(TCP.LENGTH + optionBytes + count);
  const { buffer } = frame;
  const at = frame.start + layer.headerBytes;
  const dataAt = at + TCP.LENGTH + optionBytes;
  writeTcpHeader(buffer, at, connection.localPort, connection.remotePort, sequence, connection.rcvNxt,
    TCP.LENGTH + optionBytes, flags, announceWindow(connection));
  if (optionBytes > 0) writeSack(connection, buffer, at + TCP.LENGTH, optionBytes);
  if (count > 0) connection.sendRing.copy(distance(sequence, connection.ringStart), count, buffer, dataAt);
  connection.unacknowledged = 0;
  connection.acknowledgeTimer.disarm();
  finish(side, layer, frame, connection.local, connection.remote);
}

/** A reset, which belongs to no connection. */
export function transmitReset(side: TcpSide, local: Address, localPort: number, remote: Address, remotePort: number,
  sequence: number, acknowledgment: number, flags: number): void {
  const layer = layerOf(side.layers, remote);
  const frame = layer.packet(TCP.LENGTH);
  writeTcpHeader(frame.buffer, frame.start + layer.headerBytes, localPort, remotePort, sequence, acknowledgment,
    TCP.LENGTH,
    flags, 0);
  finish(side, layer, frame, local, remote);
}

/** What the receive buffer still takes; the right edge never goes back (RFC 9293 SHLD-14). */
function announceWindow(connection: Connection): number {
  const shift = connection.receiveShift;
  const promised = distance(connection.rcvEdge, connection.rcvNxt);
  const free = RECEIVE_BUFFER_BYTES - connection.receiveRing.length;
  let window = free >> shift;
  if (window << shift < promised) window = (promised + (1 << shift) - 1) >> shift;
  if (window > 0xffff) window = 0xffff;
  connection.rcvEdge = plus(connection.rcvNxt, window << shift);
  return window;
}

function writeSack(connection: Connection, buffer: Uint8Array, at: number, optionBytes: number): void {
  const { outOfOrder } = connection;
  write16(buffer, at, TWO_NOPS);
  buffer[at + 2] = TCP_OPTION.sack;
  buffer[at + 3] = optionBytes - 2;
  const latest = outOfOrder.indexOf(connection.latestSack);
  let next = 0;
  for (let block = at + 4; block < at + optionBytes; block += 8) {
    let index = latest;
    if (block > at + 4 || latest < 0) {
      if (next === latest) next++;
      index = next++;
    }
    write32(buffer, block, outOfOrder.left[index]!);
    write32(buffer, block + 4, outOfOrder.right[index]!);
  }
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

// VXLAN. RFC 7348 section 5.

import { write32, read32 } from './bytes.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded, Flaw } from './flaw.js';

export const VXLAN = { FLAGS: 0, VNI: 4, LENGTH: 8 } as const;

/** IANA's port. */
export const VXLAN_PORT = 4789;

/** The I flag: the VNI is valid. It must be set. */
const VNI_VALID = 0x08;

export interface VxlanPacket {
  /** 24 bits. */
  readonly vni: number;
  /** An Ethernet frame. */
  readonly payload: Uint8Array;
}

/** What is wrong with the header, if anything. Reserved bits are ignored, as section 5 demands. */
export function checkVxlan(buffer: Uint8Array, start: number, end: number): Flaw | undefined {
  if (end - start < VXLAN.LENGTH) return 'truncated';
  return (buffer[start + VXLAN.FLAGS]! & VNI_VALID) === 0 ? 'bad-value' : undefined;
}

/** The VNI of the header at `offset`. */
export function readVni(buffer: Uint8Array, offset: number): number {
  return read32(buffer, offset + VXLAN.VNI) >>> 8;
}

/** The payload is a view of `buffer`. */
export function decodeVxlan(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<VxlanPacket> {
  const flaw = checkVxlan(buffer, start, end);
  if (flaw !== undefined) return flawed(flaw);
  return decoded({ vni: readVni(buffer, start), payload: buffer.subarray(start + VXLAN.LENGTH, end) });
}

/** A new array with header and payload. */
export function encodeVxlan(packet: VxlanPacket): Uint8Array {
  const bytes = new Uint8Array(VXLAN.LENGTH + packet.payload.length);
  writeVxlanHeader(bytes, 0, packet.vni);
  bytes.set(packet.payload, VXLAN.LENGTH);
  return bytes;
}

/** Writes 8 bytes at `offset`. */
export function writeVxlanHeader(buffer: Uint8Array, offset: number, vni: number): void {
  write32(buffer, offset + VXLAN.FLAGS, VNI_VALID << 24);
  write32(buffer, offset + VXLAN.VNI, vni << 8);
}

/** `VXLAN, flags [I] (0x08), vni 4096`. */
export function formatVxlan(packet: VxlanPacket): string {
  return `VXLAN, flags [I] (0x08), vni ${packet.vni}`;
}

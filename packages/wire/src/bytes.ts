// Big-endian numbers at an offset of a byte array. Written out by hand because a DataView per access costs an
// allocation on the hottest path there is. The caller has checked the length.

/** Unsigned 16 bits. */
export function read16(buffer: Uint8Array, offset: number): number {
  return (buffer[offset]! << 8) | buffer[offset + 1]!;
}

/** Unsigned 32 bits. */
export function read32(buffer: Uint8Array, offset: number): number {
  const high = (buffer[offset]! << 24) | (buffer[offset + 1]! << 16);
  return (high | (buffer[offset + 2]! << 8) | buffer[offset + 3]!) >>> 0;
}

/** Unsigned 48 bits, such as a MAC address. */
export function read48(buffer: Uint8Array, offset: number): number {
  return read16(buffer, offset) * 0x1_0000_0000 + read32(buffer, offset + 2);
}

/** The lowest 16 bits of `value`. */
export function write16(buffer: Uint8Array, offset: number, value: number): void {
  buffer[offset] = value >>> 8;
  buffer[offset + 1] = value;
}

/** The lowest 32 bits of `value`. */
export function write32(buffer: Uint8Array, offset: number, value: number): void {
  buffer[offset] = value >>> 24;
  buffer[offset + 1] = value >>> 16;
  buffer[offset + 2] = value >>> 8;
  buffer[offset + 3] = value;
}

/** 48 bits; `value` is an unsigned integer below 2^48. */
export function write48(buffer: Uint8Array, offset: number, value: number): void {
  // Shifts see only 32 bits, so the upper 16 are divided off.
  write16(buffer, offset, Math.floor(value / 0x1_0000_0000));
  write32(buffer, offset + 2, value >>> 0);
}

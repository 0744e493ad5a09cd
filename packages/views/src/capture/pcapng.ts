// The blocks of a capture file in the pcapng format (IETF draft-ietf-opsawg-pcapng), as Wireshark opens it. Time to the
// nanosecond since the start of the run.

const BLOCK = { section: 0x0a0d0d0a, interface: 1, enhancedPacket: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
const OPTION = { end: 0, comment: 1, name: 2, description: 3, packetFlags: 2, mac: 6, timeResolution: 9 } as const;
/** Nanoseconds. */
const TEN_TO_MINUS_9 = 9;
/** Type and length before a block's body, the length again behind it. */
const BLOCK_FRAME_BYTES = 12;
const TWO_TO_32 = 0x1_0000_0000;

export interface CaptureInterface {
  readonly name: string;
  readonly description?: string;
  /** 48 bits as a number. */
  readonly mac?: number;
}

export interface CapturedPacket {
  /** Place of its interface among those written so far. */
  readonly interface: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly direction?: 'in' | 'out';
  readonly comments: readonly string[];
}

/** How a file begins. */
export function sectionBlock(): Uint8Array {
  return block(BLOCK.section, [u32(BYTE_ORDER_MAGIC), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff)]);
}

/** An interface; it has to stand before the first packet that passes it. */
export function interfaceBlock({ name, description, mac }: CaptureInterface): Uint8Array {
  return block(BLOCK.interface, [u16(LINKTYPE_ETHERNET), u16(0), u32(0), option(OPTION.name, textBytes(name)),
    ...(description === undefined ? [] : [option(OPTION.description, textBytes(description))]),
    ...(mac === undefined ? [] : [option(OPTION.mac, macBytes(mac))]),
    option(OPTION.timeResolution, Uint8Array.of(TEN_TO_MINUS_9)), option(OPTION.end)]);
}

export function packetBlock(packet: CapturedPacket): Uint8Array {
  const { at, bytes, direction, comments } = packet;
  return block(BLOCK.enhancedPacket, [
    u32(packet.interface), u32((at - (at % TWO_TO_32)) / TWO_TO_32), u32(at % TWO_TO_32),
    u32(bytes.length), u32(bytes.length), padded(bytes),
    ...comments.map((comment) => option(OPTION.comment, textBytes(comment))),
    ...(direction === undefined ? [] : [option(OPTION.packetFlags, u32(direction === 'in' ? 1 : 2))]),
    option(OPTION.end)]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = BLOCK_FRAME_BYTES + parts.reduce((sum, part) => sum + part.length, 0);
  return joined([u32(type), u32(length), ...parts, u32(length)]);
}

function option(code: number, value: Uint8Array = new Uint8Array(0)): Uint8Array {
  return joined([u16(code), u16(value.length), padded(value)]);
}

/** Everything is aligned to 32 bits. */
function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array((bytes.length + 3) & ~3);
  result.set(bytes);
  return result;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Names and comments here are ASCII. */
function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0x7f);
}

function macBytes(mac: number): Uint8Array {
  const bytes = new Uint8Array(6);
  for (let place = 5, rest = mac; place >= 0; place--, rest = Math.floor(rest / 256)) bytes[place] = rest % 256;
  return bytes;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

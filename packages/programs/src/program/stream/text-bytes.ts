// Text to bytes and back: UTF-8 (RFC 3629).

/** UTF-8. */
export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x1_0000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** Turns pieces of UTF-8 into text; a character that is cut in two waits for its rest. */
export class TextReader {
  private rest: number[] = [];

  read(piece: Uint8Array): string {
    const bytes = this.rest.length === 0 ? piece : Uint8Array.of(...this.rest, ...piece);
    this.rest = [];
    const parts: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const first = bytes[at]!;
      const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      if (at + length > bytes.length) {
        this.rest = [...bytes.subarray(at)];
        break;
      }
      let code = length === 1 ? first : first & (0xff >> (length + 1));
      for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i]! & 63);
      parts.push(String.fromCodePoint(code > 0x10_ffff ? 0xfffd : code));
      at += length;
    }
    return parts.join('');
  }
}

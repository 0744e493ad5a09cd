// Texts of files as bytes and back, and base64 (RFC 4648). A byte that is no part of UTF-8 stands in a text as one
// lone surrogate from 0xdc80 to 0xdcff, so that any file survives.

const ESCAPED = 0xdc00;

/** How many bytes a text takes. */
export function byteCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80 || isEscaped(text, at)) count++;
    else if (code < 0x800) count += 2;
    // Of a surrogate pair each half counts two.
    else count += code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return count;
}

/** A code unit that stands for one byte: no second half of a pair. */
function isEscaped(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0xdc80 || code > 0xdcff) return false;
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  return before < 0xd800 || before > 0xdbff;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(byteCount(text));
  let to = 0;
  for (let at = 0; at < text.length; at++) {
    if (isEscaped(text, at)) {
      bytes[to++] = text.charCodeAt(at) - ESCAPED;
      continue;
    }
    const code = text.codePointAt(at)!;
    if (code < 0x80) {
      bytes[to++] = code;
    } else if (code < 0x800) {
      bytes[to++] = 0xc0 | (code >> 6);
      bytes[to++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      bytes[to++] = 0xe0 | (code >> 12);
      bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[to++] = 0x80 | (code & 0x3f);
    } else {
      bytes[to++] = 0xf0 | (code >> 18);
      bytes[to++] = 0x80 | ((code >> 12) & 0x3f);
      bytes[to++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[to++] = 0x80 | (code & 0x3f);
      at++;
    }
  }
  return bytes.subarray(0, to);
}

export function textOf(bytes: Uint8Array): string {
  const parts: string[] = [];
  let units: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    const length = first < 0x80 ? 1 : sequenceLength(bytes, at);
    if (length === 1) units.push(first);
    else if (length === 0) units.push(ESCAPED + first);
    else pushPoint(units, bytes, at, length);
    at += length === 0 ? 1 : length;
    if (units.length > 8000) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  parts.push(String.fromCharCode(...units));
  return parts.join('');
}

/** Bytes of the character that begins at `at`; 0 when there is none in its shortest form (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length === 0 || first >= 0xf5 || at + length > bytes.length) return 0;
  for (let next = 1; next < length; next++) if ((bytes[at + next]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  return (first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f) ? 0 : length;
}

function pushPoint(units: number[], bytes: Uint8Array, at: number, length: number): void {
  let code = bytes[at]! & (0xff >> (length + 1));
  for (let next = 1; next < length; next++) code = (code << 6) | (bytes[at + next]! & 0x3f);
  if (code < 0x10000) units.push(code);
  else units.push(0xd800 + ((code - 0x10000) >> 10), ESCAPED + ((code - 0x10000) & 0x3ff));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64Of(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const left = bytes.length - at;
    parts.push(ALPHABET[word >> 18]! + ALPHABET[(word >> 12) & 63]! + (left > 1 ? ALPHABET[(word >> 6) & 63]! : '=')
      + (left > 2 ? ALPHABET[word & 63]! : '='));
  }
  return parts.join('');
}

const VALUES: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code)));

/** The bytes of a base64 text; what is no digit of it is passed over. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let to = 0;
  let word = 0;
  let bits = 0;
  for (let at = 0; at < text.length; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? -1;
    if (value < 0) continue;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to++] = (word >> bits) & 0xff;
  }
  return bytes.subarray(0, to);
}

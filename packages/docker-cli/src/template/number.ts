// Go's way of reading and quoting plain values.

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

/** strconv.ParseInt with base 0: decimal, 0x, 0o, 0b and a leading 0 for octal. */
export function parseGoInteger(text: string): bigint | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|0[0-7_]*|[1-9][0-9_]*)$/.exec(text);
  if (match === null) return undefined;
  let digits = match[2]!.replaceAll('_', '');
  if (/^0[0-7]+$/.test(digits)) digits = `0o${digits.slice(1)}`;
  const value = BigInt(digits);
  return match[1] === '-' ? -value : value;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'], ['\b', '\\b'], ['\f', '\\f'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\v', '\\v'],
  ['\\', '\\\\'], ['"', '\\"'],
]);

/** strconv.Quote. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    const known = ESCAPES.get(letter);
    if (known !== undefined) quoted += known;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code > 0x7f && !/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(letter)) {
      quoted += code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    } else quoted += letter;
  }
  return `${quoted}"`;
}

/** The text of a Go string literal between its quotes; undefined when an escape is wrong. */
export function unquoteGo(body: string): string | undefined {
  let text = '';
  const piece = /\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))|([^\\])/gsuy;
  while (piece.lastIndex < body.length) {
    const match = piece.exec(body);
    if (match === null) return undefined;
    const [, simple, hex, unicode, wide, octal, plain] = match;
    if (plain !== undefined) text += plain;
    else if (simple !== undefined) text += simpleEscape(simple);
    else text += String.fromCodePoint(octal === undefined ? parseInt((hex ?? unicode ?? wide)!, 16)
      : parseInt(octal, 8));
  }
  return text;
}

function simpleEscape(letter: string): string {
  for (const [plain, escaped] of ESCAPES) {
    if (escaped === `\\${letter}`) return plain;
  }
  return letter;
}

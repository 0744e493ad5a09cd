// What each type word of a help page accepts; a value comes back in the form that the program reads.

import { goQuote, parseBool, parseGoInteger } from '../template/number.js';
import { parseDuration } from '@netreel/sim';
import { refuse } from '../refusal.js';

const LARGEST_INT64 = 9_223_372_036_854_775_807n;
const LARGEST_UNSIGNED = { uint: LARGEST_INT64 * 2n + 1n, uint16: 65_535n, uint32: 4_294_967_295n };

/** The values that one typed text stands for (a `strings` flag may hold several), or a refusal with the complaint. */
export function readValue(kind: string, text: string): readonly string[] {
  switch (kind) {
    case 'bool': return [String(readBool(text))];
    case 'int': return [readInteger(text)];
    case 'uint': case 'uint16': case 'uint32': return [readUnsigned(text, LARGEST_UNSIGNED[kind])];
    case 'strings': return readCommaSeparated(text);
    case 'bytes': return [String(readBytes(text))];
    case 'decimal': return [String(readDecimal(text))];
    case 'duration': return [readDuration(text)];
    case 'filter': return [readFilter(text)];
    default: return [text];
  }
}

function readBool(text: string): boolean {
  const value = parseBool(text);
  return value ?? refuse(`strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
}

function readInteger(text: string): string {
  const value = parseGoInteger(text);
  if (value === undefined) return refuse(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  if (value > LARGEST_INT64 || value < -LARGEST_INT64 - 1n) {
    return refuse(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`);
  }
  return String(value);
}

function readUnsigned(text: string, largest: bigint): string {
  const value = parseGoInteger(text);
  if (value === undefined || value < 0n) return refuse(`strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax`);
  if (value > largest) return refuse(`strconv.ParseUint: parsing ${goQuote(text)}: value out of range`);
  return String(value);
}

/** RFC 4180 fields of one line, as pflag reads `a,"b,c"`. */
function readCommaSeparated(text: string): readonly string[] {
  if (text === '') return [];
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,"]*))(,|$)/y;
  while (field.lastIndex <= text.length) {
    const match = field.exec(text);
    if (match === null) return refuse('parse error on line 1, column 1: bare " in non-quoted-field');
    fields.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] === '') return fields;
  }
  return fields;
}

const BYTE_UNITS = ['', 'k', 'm', 'g', 't', 'p'];

/** `64m`, `1.5g`, `512` in bytes: powers of 1024, as Docker counts memory. */
export function readBytes(text: string): number {
  const [, number = '', suffix = ''] = /^(.*[0-9. ])(.*)$/.exec(text) ?? refuse(`invalid size: '${text}'`);
  const size = readFloat(number.replace(/ $/, ''));
  if (size < 0) return refuse(`invalid size: '${text}'`);
  const unit = /^([kmgtp]?)(?:b|ib)?$/.exec(suffix.toLowerCase());
  if (unit === null || /^ib$/i.test(suffix)) return refuse(`invalid suffix: '${suffix.toLowerCase()}'`);
  let bytes = size;
  for (let power = BYTE_UNITS.indexOf(unit[1]!); power > 0; power--) bytes *= 1024;
  return Math.floor(bytes);
}

function readFloat(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return refuse(`strconv.ParseFloat: parsing ${goQuote(text)}: invalid syntax`);
}

/** A number of processors in billionths. */
function readDecimal(text: string): number {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null
    || `${match[2]}${match[3] ?? ''}` === '') return refuse(`failed to parse ${text} as a rational number`);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > 9) return refuse('value is too precise');
  const billionths = Number(`${match[2] === '' ? '0' : match[2]}${fraction.padEnd(9, '0')}`);
  return match[1] === '-' ? -billionths : billionths;
}

function readDuration(text: string): string {
  const negative = text.startsWith('-');
  const nanoseconds = parseDuration(negative ? text.slice(1) : text);
  if (nanoseconds === undefined) return refuse(`time: invalid duration ${goQuote(text)}`);
  return String(negative ? -nanoseconds : nanoseconds);
}

function readFilter(text: string): string {
  const at = text.indexOf('=');
  if (at < 0) return refuse('bad format of filter (expected name=value)');
  return `${text.slice(0, at).trim().toLowerCase()}=${text.slice(at + 1).trim()}`;
}

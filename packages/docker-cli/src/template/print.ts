// How Go prints a value (%v) and how encoding/json writes it.

import type { Json } from '@netreel/sim';
import { exactNumber } from '../json.js';
import { goQuote } from './number.js';
import { type GoValue, sortedKeys, unexpected } from './value.js';

// Go prints the address of a struct that lies deeper behind a pointer; a fixed stand-in keeps the output the same.
const POINTER = '0xc000000000';

/** %v of a value: `map[a:1 b:2]`, `[a b]`, `{x y}`. */
export function printValue(value: GoValue, depth = 0): string {
  switch (value.kind) {
    case 'nil': case 'nilPointer': return '<nil>';
    case 'bool': return String(value.bool);
    case 'int': return value.exact ?? String(value.int);
    case 'float': return printFloat(value.float);
    case 'string': case 'number': return value.text;
    case 'time': return printTime(value.text);
    case 'list': return `[${value.items.map((item) => printValue(item, depth + 1)).join(' ')}]`;
    case 'map':
      return `map[${sortedKeys(value.entries)
        .map((key) => `${key}:${printValue(value.entries.get(key)!, depth + 1)}`).join(' ')}]`;
    case 'struct':
      if (value.pointer && depth > 0) return POINTER;
      return `${value.pointer ? '&' : ''}{`
        + `${value.fields.map((field) => printValue(field.value, depth + 1)).join(' ')}}`;
    case 'row': return POINTER;
    default: return unexpected(value);
  }
}

/** What an action writes: like %v, but nothing at all is `<no value>` and a pointer is followed. */
export function printResult(value: GoValue): string {
  if (value.kind === 'nil') return '<no value>';
  if (value.kind === 'struct') return printValue({ ...value, pointer: false });
  return printValue(value);
}

function printFloat(float: number): string {
  const text = String(float);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** time.Time as %v: `2024-01-01 00:00:00 +0000 UTC`. Engines send RFC 3339 in UTC. */
function printTime(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return text;
  const fraction = (match[3] ?? '').replace(/0+$/, '').replace(/^\.$/, '');
  const zone = match[4] === 'Z' ? '+0000 UTC' : `${match[4]!.replace(':', '')} ${match[4]!.replace(':', '')}`;
  return `${match[1]} ${match[2]}${fraction} ${zone}`;
}

/** The value as JSON: structs in the order of their fields, maps by key. */
export function valueJson(value: GoValue): Json {
  switch (value.kind) {
    case 'nil': case 'nilPointer': return null;
    case 'bool': return value.bool;
    case 'int': return value.exact === undefined ? value.int : exactNumber(value.exact);
    case 'float': return value.float;
    case 'number': return Number(value.text);
    case 'string': case 'time': return value.text;
    case 'list': return value.isNil ? null : value.items.map(valueJson);
    case 'map':
      return value.isNil ? null
        : Object.fromEntries(sortedKeys(value.entries).map((key) => [key, valueJson(value.entries.get(key)!)]));
    case 'struct':
      return Object.fromEntries(value.fields.filter((field) => !(field.omitEmpty && isEmpty(field.value)))
        .map((field) => [field.json, valueJson(field.value)]));
    case 'row':
      return Object.fromEntries(sortedKeys(value.columns).flatMap((key) => {
        const column = value.columns.get(key)!;
        return column.parameters === 0 ? [[key, valueJson(column.value())]] : [];
      }));
    default: return unexpected(value);
  }
}

/** What `omitempty` leaves out. */
function isEmpty(value: GoValue): boolean {
  switch (value.kind) {
    case 'nil': case 'nilPointer': return true;
    case 'bool': return !value.bool;
    case 'int': return value.int === 0;
    case 'float': return value.float === 0;
    case 'string': case 'number': return value.text === '';
    case 'list': return value.items.length === 0;
    case 'map': return value.entries.size === 0;
    default: return false;
  }
}

const VERB = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+))?([%a-zA-Z])?/g;

/** fmt.Sprintf with the verbs that templates use: %s %v %d %q %t %x %f %%, width, precision and `-`. */
export function sprintf(format: string, values: readonly GoValue[]): string {
  let used = 0;
  const text =
    format.replace(VERB,
      (_whole, flags: string, width: string | undefined, precision: string | undefined, verb: string | undefined) => {
    if (verb === '%') return '%';
    if (verb === undefined) return '%!(NOVERB)';
    const given = width === '*' ? values[used++] : undefined;
    const wide = given === undefined ? Number(width ?? 0) : given.kind === 'int' ? given.int : 0;
    if (used >= values.length) return `%!${verb}(MISSING)`;
    return pad(formatOne(verb, flags, precision, values[used++]!), flags, wide);
  });
  const left = values.slice(used);
  if (left.length === 0) return text;
  return `${text}%!(EXTRA ${left.map((value) => `${fmtType(value)}=${printValue(value)}`).join(', ')})`;
}

function pad(text: string, flags: string, width: number): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  return flags.includes('0') && /^-?\d/.test(text) ? text.replace(/^-?/, (sign) => sign + '0'.repeat(missing))
    : ' '.repeat(missing) + text;
}

function formatOne(verb: string, flags: string, precision: string | undefined, value: GoValue): string {
  const text = value.kind === 'string' || value.kind === 'number' ? value.text : undefined;
  switch (verb) {
    case 'v': return flags.includes('#') ? JSON.stringify(valueJson(value)) : printValue(value);
    case 's':
      if (text !== undefined) return precision === undefined ? text : [...text].slice(0, Number(precision)).join('');
      return value.kind === 'int' || value.kind === 'bool' || value.kind === 'float' ? wrongVerb(verb, value)
        : printValue(value);
    case 'q':
      if (text !== undefined) return goQuote(text);
      return value.kind === 'list' ? `[${value.items.map((item) => formatOne('q', '', undefined, item)).join(' ')}]`
        : wrongVerb(verb, value);
    case 'd': return value.kind === 'int'
      ? `${flags.includes('+') && value.int >= 0 ? '+' : ''}${value.exact ?? value.int}`
      : wrongVerb(verb, value);
    case 't': return value.kind === 'bool' ? String(value.bool) : wrongVerb(verb, value);
    case 'x': case 'X': {
      const hex = value.kind === 'int' ? value.int.toString(16) : text === undefined ? undefined : hexOf(text);
      return hex === undefined ? wrongVerb(verb, value) : verb === 'X' ? hex.toUpperCase() : hex;
    }
    case 'f': return value.kind === 'float' ? value.float.toFixed(Number(precision ?? 6)) : wrongVerb(verb, value);
    case 'T': return fmtType(value);
    default: return wrongVerb(verb, value);
  }
}

function hexOf(text: string): string {
  return encodeURIComponent(text).replace(/%([0-9A-F]{2})|[^%]/g, (letter, escaped: string | undefined) =>
    escaped?.toLowerCase() ?? letter.charCodeAt(0).toString(16).padStart(2, '0'));
}

function wrongVerb(verb: string, value: GoValue): string {
  return value.kind === 'nil' ? `%!${verb}(<nil>)` : `%!${verb}(${fmtType(value)}=${printValue(value)})`;
}

function fmtType(value: GoValue): string {
  switch (value.kind) {
    case 'nil': return '<nil>';
    case 'float': return 'float64';
    case 'number': return 'json.Number';
    case 'time': return 'time.Time';
    case 'list': case 'map': case 'struct': case 'row': return value.type;
    case 'nilPointer': return `*${value.type}`;
    default: return value.kind;
  }
}

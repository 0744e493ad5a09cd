// `len`, `index` and `slice` of texts, lists and maps.

import { TemplateFlaw } from './nodes.js';
import { goInt, type GoValue, goText, typeName } from './value.js';

export function lengthOf(value: GoValue): number {
  switch (value.kind) {
    case 'string': case 'number': return byteLength(value.text);
    case 'list': return value.items.length;
    case 'map': return value.entries.size;
    case 'nil': case 'nilPointer': throw new TemplateFlaw('len of nil pointer');
    default: throw new TemplateFlaw(`len of type ${typeName(value)}`);
  }
}

/** One step of `index VALUE KEY`. */
export function indexInto(value: GoValue, key: GoValue): GoValue {
  switch (value.kind) {
    case 'nil':
      throw new TemplateFlaw(value.absent ? 'index of untyped nil' : 'index of nil pointer');
    case 'nilPointer': throw new TemplateFlaw('index of nil pointer');
    case 'map':
      if (key.kind !== 'string' && key.kind !== 'number') {
        throw new TemplateFlaw(`value has type ${typeName(key)}; should be string`);
      }
      return value.entries.get(key.text) ?? value.zero;
    case 'list': return value.items[positionOf(key, value.items.length, 'slice')]!;
    case 'string': case 'number': {
      const at = positionOf(key, byteLength(value.text), 'string');
      return goInt(value.text.charCodeAt(at));
    }
    default: throw new TemplateFlaw(`can't index item of type ${typeName(value)}`);
  }
}

function positionOf(key: GoValue, length: number, what: string): number {
  if (key.kind !== 'int') throw new TemplateFlaw(`cannot index slice/array with type ${typeName(key)}`);
  if (key.int < 0 || key.int > length) throw new TemplateFlaw(`index out of range: ${key.int}`);
  if (key.int === length) throw new TemplateFlaw(`reflect: ${what} index out of range`);
  return key.int;
}

/** `slice VALUE FROM TO`. */
export function sliceOf(value: GoValue, bounds: readonly GoValue[]): GoValue {
  if (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'list') {
    throw new TemplateFlaw(value.kind === 'nil' ? 'slice of untyped nil'
      : `can't slice item of type ${typeName(value)}`);
  }
  if (bounds.length > 3) throw new TemplateFlaw(`too many slice indexes: ${bounds.length}`);
  const length = lengthOf(value);
  const places = bounds.map((bound) => {
    if (bound.kind !== 'int') throw new TemplateFlaw(`cannot index slice/array with type ${typeName(bound)}`);
    if (bound.int < 0 || bound.int > length) throw new TemplateFlaw(`index out of range: ${bound.int}`);
    return bound.int;
  });
  const [from = 0, to = length] = places;
  if (from > to) throw new TemplateFlaw(`invalid slice index: ${from} > ${to}`);
  return value.kind === 'list' ? { ...value, items: value.items.slice(from, to) } : goText(value.text.slice(from, to));
}

/** Go counts a text in bytes of UTF-8. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

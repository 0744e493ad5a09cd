// The typed view of an answer: what a program that knows Docker's types makes of the JSON. A field that the engine left
// out has its zero value there, and fields have their Go names. Types are written down as text, a line a field:
//
//   Network
//     ID string Id          Go name, type, name in JSON when it differs
//     Peers []PeerInfo ?    left out of JSON when empty
//
// Types: string bool int float time any, []T, map[T] (keys are texts), *T, or the name of another type. A type's own
// line may give its name in complaints: `Network network.Inspect`.

import { assert, type Json } from '@netreel/sim';
import { goBool, type GoField, goInt, goText, type GoValue, NIL, rawValue } from './value.js';

interface FieldShape {
  readonly name: string;
  readonly type: string;
  readonly json: string;
  readonly omitEmpty: boolean;
}

interface StructShape {
  readonly title: string;
  readonly fields: readonly FieldShape[];
}

export type Shapes = ReadonlyMap<string, StructShape>;

/** Reads a description of types. */
export function readShapes(description: string): Shapes {
  const shapes = new Map<string, { title: string; fields: FieldShape[] }>();
  let current: { title: string; fields: FieldShape[] } | undefined;
  for (const line of description.split('\n').filter((each) => each.trim() !== '')) {
    const words = line.trim().split(/\s+/);
    if (!line.startsWith(' ')) {
      current = { title: words[1] ?? words[0]!, fields: [] };
      shapes.set(words[0]!, current);
      continue;
    }
    assert(current !== undefined && words.length >= 2, `no field of a type: ${line}`);
    const omitEmpty = words.at(-1) === '?';
    const json = words[2] === undefined || words[2] === '?' ? words[0]! : words[2];
    current.fields.push({ name: words[0]!, type: words[1]!, json, omitEmpty });
  }
  return shapes;
}

/** `json` as a value of `type`. */
export function typedValue(shapes: Shapes, type: string, json: Json | undefined): GoValue {
  if (type.startsWith('*')) return pointerTo(shapes, type.slice(1), json);
  if (type.startsWith('[]')) {
    const items = Array.isArray(json) ? json.map((item: Json) => typedValue(shapes, type.slice(2), item)) : [];
    return { kind: 'list', type: goName(shapes, type), items, isNil: !Array.isArray(json) };
  }
  if (type.startsWith('map[')) return mapOf(shapes, type, json);
  switch (type) {
    case 'string': return goText(typeof json === 'string' ? json : '');
    case 'bool': return goBool(json === true);
    case 'int': return goInt(typeof json === 'number' ? json : 0);
    case 'float': return { kind: 'float', float: typeof json === 'number' ? json : 0 };
    case 'time': return { kind: 'time', text: typeof json === 'string' ? json : '0001-01-01T00:00:00Z' };
    case 'any': return typeof json === 'number' ? { kind: 'float', float: json } : rawValue(json);
    default: return structOf(shapes, type, json, false);
  }
}

function pointerTo(shapes: Shapes, type: string, json: Json | undefined): GoValue {
  if (json === null || json === undefined) return { kind: 'nilPointer', type: goName(shapes, type) };
  return shapes.has(type) ? structOf(shapes, type, json, true) : typedValue(shapes, type, json);
}

function mapOf(shapes: Shapes, type: string, json: Json | undefined): GoValue {
  const element = type.slice(4, -1);
  const isNil = typeof json !== 'object' || json === null || Array.isArray(json);
  const entries = isNil ? [] : Object.entries(json as { readonly [key: string]: Json | undefined });
  return {
    kind: 'map', type: goName(shapes, type), isNil,
      zero: element === 'any' ? NIL : typedValue(shapes, element, undefined),
    entries: new Map(entries.map(([key, value]) => [key, typedValue(shapes, element, value)])),
  };
}

function structOf(shapes: Shapes, type: string, json: Json | undefined, pointer: boolean): GoValue {
  const shape = shapes.get(type);
  assert(shape !== undefined, `no such type: ${type}`);
  const given = typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as { readonly [key: string]: Json | undefined }) : {};
  const fields = shape.fields.map((field): GoField => ({
    name: field.name, json: field.json, omitEmpty: field.omitEmpty,
      value: typedValue(shapes, field.type, given[field.json]),
  }));
  return { kind: 'struct', type: shape.title, fields, pointer };
}

function goName(shapes: Shapes, type: string): string {
  if (type.startsWith('map[')) return `map[string]${goName(shapes, type.slice(4, -1))}`;
  if (type.startsWith('[]')) return `[]${goName(shapes, type.slice(2))}`;
  if (type.startsWith('*')) return `*${goName(shapes, type.slice(1))}`;
  if (type === 'any') return 'interface {}';
  return shapes.get(type)?.title ?? type;
}


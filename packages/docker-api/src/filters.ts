// The `filters` parameter of lists and prunes: a JSON object of name to values, in the old form (a list) or the new one
// (an object whose keys are the values).

import type { Json } from '@netreel/sim';
import { failure } from './answer.js';
import { decodeJson, goKind } from './go/syntax.js';
import type { ApiAnswer, ApiRequest } from './http.js';
import { asObject, isObject } from './json.js';

/** Filters of one request: name to values. */
export class Filters {
  private constructor(private readonly values: ReadonlyMap<string, readonly string[]>) {}

  /** Reads the parameter; a text when it is none that Docker would read. */
  static parse(text: string | undefined): Filters | string {
    if (text === undefined || text === '') return new Filters(new Map());
    const document = decodeJson(text, true);
    if ('flaw' in document) return document.flaw;
    if (document.value === null) return new Filters(new Map());
    if (!isObject(document.value)) return wrongKind(document.value, 'map[string]map[string]bool');
    const object = asObject(document.value);
    const values = new Map<string, readonly string[]>();
    for (const name of Object.keys(object).sort()) {
      const value = object[name] ?? null;
      if (value !== null && typeof value !== 'object') return wrongKind(value, 'map[string]bool');
      const set = asObject(value);
      values.set(name, Array.isArray(value) ? value.map(String) : Object.keys(set).filter((key) => set[key] === true));
    }
    return new Filters(values);
  }

  /** The first filter that is not among `known`, as Docker words the refusal. */
  invalid(known: readonly string[]): string | undefined {
    for (const name of this.values.keys()) if (!known.includes(name)) return `Invalid filter '${name}'`;
    return undefined;
  }

  of(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.of(name).length > 0;
  }

  /** Whether any value of `name` is `text`; true without such a filter. */
  exact(name: string, text: string): boolean {
    return !this.has(name) || this.of(name).includes(text);
  }

  /** Whether any value of `name` is `text` or its beginning; true without such a filter. */
  begins(name: string, text: string): boolean {
    return !this.has(name) || this.of(name).some((value) => text.startsWith(value));
  }

  /** Whether any value of `name` is `text` or a pattern that finds something in it; true without such a filter. */
  matches(name: string, text: string): boolean {
    return !this.has(name) || this.of(name).some((value) => value === text || finds(value, text));
  }

  /** Whether `labels` has all that `label` asks for: `key` or `key=value`. */
  labelled(labels: { readonly [key: string]: Json | undefined }): boolean {
    return this.of('label').every((wanted) => hasLabel(labels, wanted));
  }

  /** For prunes: labels asked for, and those that `label!` spares. */
  prunes(labels: { readonly [key: string]: Json | undefined }): boolean {
    return this.labelled(labels) && !this.of('label!').some((spared) => hasLabel(labels, spared));
  }
}

/** The filters of a request; Docker's answer when they cannot be read or one is not among `known`. */
export function readFilters(request: ApiRequest, known: readonly string[], unreadable = 500): Filters | ApiAnswer {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(unreadable, filters);
  const invalid = filters.invalid(known);
  return invalid === undefined ? filters : failure(400, invalid);
}

function wrongKind(value: Json, wanted: string): string {
  return `json: cannot unmarshal ${goKind(value)} into Go value of type ${wanted}`;
}

function hasLabel(labels: { readonly [key: string]: Json | undefined }, wanted: string): boolean {
  const equals = wanted.indexOf('=');
  if (equals < 0) return Object.hasOwn(labels, wanted);
  const key = wanted.slice(0, equals);
  return Object.hasOwn(labels, key) && labels[key] === wanted.slice(equals + 1);
}

function finds(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    // No pattern: only the very text would have matched.
    return false;
  }
}

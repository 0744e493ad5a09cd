import type { Json } from '@netreel/sim';
import { dig, recordOf, textOf } from './json.js';

/** The labels of a network, container or image in an answer. */
export function labelsOf(thing: Json | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries(recordOf(dig(thing, 'Labels'))).map(([name, value]) => [name, textOf(value)]));
}

/** `a=1,b=2`. */
export function labelsText(labels: ReadonlyMap<string, string>): string {
  return [...labels].map(([name, value]) => `${name}=${value}`).sort().join(',');
}

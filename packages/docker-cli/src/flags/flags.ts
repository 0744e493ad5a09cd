import { assert } from '@netreel/sim';
import type { FlagTable } from './declare.js';

/** The values of a command line's flags; what was not typed has its default. */
export class Flags {
  constructor(private readonly table: FlagTable, private readonly typed: ReadonlyMap<string, readonly string[]>) {}

  changed(name: string): boolean {
    return this.typed.has(name);
  }

  bool(name: string): boolean {
    return this.text(name) === 'true';
  }

  /** The last value typed. */
  text(name: string): string {
    const shape = this.table.shapes.find((each) => each.name === name);
    assert(shape !== undefined, `no flag --${name} is declared here`);
    return this.typed.get(name)?.at(-1) ?? shape.byDefault;
  }

  integer(name: string): number {
    const text = this.text(name);
    return text === '' ? 0 : Number(text);
  }

  /** Every value typed, in order. */
  list(name: string): readonly string[] {
    return this.typed.get(name) ?? [];
  }

  /** `KEY=VALUE` flags as a table in the order of their keys. */
  pairs(name: string): ReadonlyMap<string, string> {
    return pairsOf(this.list(name));
  }

  /** Whether any flag was typed at all. */
  get any(): boolean {
    return this.typed.size > 0;
  }
}

/** `KEY=VALUE` texts as a table, sorted by key as Go writes a map. */
export function pairsOf(texts: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    pairs.set(at < 0 ? text : text.slice(0, at), at < 0 ? '' : text.slice(at + 1));
  }
  return new Map([...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

// Flags are declared in the words of their own help page: the text is both what `--help` prints and what is parsed.

import { assert } from '@netreel/sim';

export interface FlagShape {
  readonly name: string;
  /** One letter, or empty. */
  readonly short: string;
  /** The type word of the help page: `list`, `string`, `int` ...; `bool` when there is none. */
  readonly kind: string;
  /** As the help page gives it, without quotes. */
  readonly byDefault: string;
}

/** Looks at one value when it is typed; gives it back, perhaps rewritten, or refuses it with the text to print. */
export type FlagCheck = (value: string, env: ReadonlyMap<string, string>) => string;

export interface FlagTable {
  readonly help: string;
  readonly shapes: readonly FlagShape[];
  readonly checks: ReadonlyMap<string, FlagCheck>;
  /** Old spellings: the flag that each stands for. */
  readonly hidden: ReadonlyMap<string, string>;
  /** Old spellings of which the command line warns. */
  readonly deprecated: ReadonlySet<string>;
  /** Flags that an engine may be too old for, too little adventurous, or of another system: what each needs. */
  readonly needs: ReadonlyMap<string, FlagNeed>;
}

/** A version of the API, or what kind of engine. */
export type FlagNeed = { readonly api: string } | 'windows' | 'experimental';

export interface FlagExtras {
  readonly checks?: { readonly [name: string]: FlagCheck };
  readonly hidden?: { readonly [name: string]: string };
  readonly deprecated?: readonly string[];
  readonly needs?: { readonly [name: string]: FlagNeed };
}

const HEAD = /^ {2}(?:-(\w), | {4})--([a-z0-9-]+)(?: ([A-Za-z0-9-]+))?(?: {3,}(.*))?$/;

/** Their default may be explained: `0 = unlimited`. */
const NUMBERS = new Set(['uint', 'uint16', 'uint32']);

/** Reads a table of flags. */
export function flagTable(help: string, extras: FlagExtras = {}): FlagTable {
  const shapes: FlagShape[] = [];
  let text = '';
  let head: RegExpExecArray | null = null;
  const finish = (): void => {
    if (head === null) return;
    const byDefault = /\(default (.*?)\)$/.exec(text)?.[1] ?? '';
    shapes.push({
      name: head[2]!, short: head[1] ?? '', kind: head[3] ?? 'bool',
      byDefault: NUMBERS.has(head[3] ?? '') ? /^\d*/.exec(byDefault)![0] : byDefault.replace(/^"(.*)"$/, '$1'),
    });
  };
  for (const line of help.split('\n').filter((each) => each.trim() !== '')) {
    const next = HEAD.exec(line);
    if (next === null) {
      assert(head !== null && line.startsWith('        '), `no line of a flag table: ${line}`);
      text += ` ${line.trim()}`;
      continue;
    }
    finish();
    head = next;
    text = next[4] ?? '';
  }
  finish();
  return {
    help: help.replace(/^\n|\n$/g, ''),
    shapes,
    checks: new Map(Object.entries(extras.checks ?? {})),
    hidden: new Map(Object.entries(extras.hidden ?? {})),
    deprecated: new Set(extras.deprecated ?? []),
    needs: new Map(Object.entries(extras.needs ?? {})),
  };
}

/** A command without flags of its own. */
export const noFlags: FlagTable = flagTable('');

/** What a flag is called in a complaint about its value. */
export function flagTitle(shape: FlagShape): string {
  return shape.short === '' ? `--${shape.name}` : `-${shape.short}, --${shape.name}`;
}

/** A table's text without some of its flags. */
export function withoutFlags(help: string, names: readonly string[]): string {
  let dropping = false;
  return help.split('\n').filter((line) => {
    const head = HEAD.exec(line);
    if (head !== null) dropping = names.includes(head[2]!);
    return !dropping;
  }).join('\n');
}

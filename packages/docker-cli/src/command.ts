// What a command of the docker command line is made of.

import type { Flags } from './flags/flags.js';
import type { FlagTable } from './flags/declare.js';
import type { Output } from './output.js';
import type { CliContext, Conversation } from './step.js';

/** How many arguments a command takes. */
export type ArgumentRule =
  | { readonly kind: 'exactly'; readonly count: number }
  | { readonly kind: 'atLeast'; readonly count: number }
  | { readonly kind: 'atMost'; readonly count: number }
  | { readonly kind: 'between'; readonly fewest: number; readonly most: number };

/** One command line, parsed. */
export interface Invocation {
  /** `docker network rm`, as it was typed. */
  readonly title: string;
  readonly flags: Flags;
  readonly words: readonly string[];
  readonly context: CliContext;
  readonly output: Output;
}

export interface Command {
  /** Every way to type it that has its own name in messages: `container ls`, `ps`. */
  readonly paths: readonly string[];
  /** Further spellings and the path that each stands for. */
  readonly synonyms?: ReadonlyMap<string, string>;
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly about: string;
  readonly flags: FlagTable;
  readonly words: ArgumentRule;
  /** Flags end at the first word: what follows is a command to run inside. */
  readonly endsAtFirstWord?: boolean;
  readonly run: (invocation: Invocation) => Conversation<number>;
}

export const none: ArgumentRule = { kind: 'exactly', count: 0 };
export const exactly = (count: number): ArgumentRule => ({ kind: 'exactly', count });
export const atLeast = (count: number): ArgumentRule => ({ kind: 'atLeast', count });
export const atMost = (count: number): ArgumentRule => ({ kind: 'atMost', count });
export const between = (fewest: number, most: number): ArgumentRule => ({ kind: 'between', fewest, most });

// What a command line consists of. POSIX Shell Command Language, section 2.10.

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'parameter'; readonly name: string; readonly operator: ParameterOperator; readonly word: Word;
    readonly quoted: boolean }
  | { readonly kind: 'command'; readonly list: List; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly word: Word; readonly quoted: boolean };

/** Section 2.6.2. `length` is `${#name}`; an empty one plain `${name}`. */
export type ParameterOperator = '' | 'length' | '-' | ':-' | '=' | ':=' | '+' | ':+' | '?' | ':?' | '#' | '##' | '%'
  | '%%';

export type Word = readonly Part[];

export interface Redirection {
  readonly descriptor: number;
  readonly operator: '>' | '>>' | '<' | '>&' | '<&' | '<<';
  /** The file, the other descriptor, or the text of a here-document (set when its lines have been read). */
  target: Word;
}

export interface Assignment { readonly name: string; readonly value: Word }

interface Redirected { readonly redirections: readonly Redirection[] }

export interface SimpleCommand extends Redirected {
  readonly kind: 'simple'; readonly assignments: readonly Assignment[]; readonly words: readonly Word[];
}

export type Command = SimpleCommand
  | (Redirected & { readonly kind: 'group' | 'subshell'; readonly body: List })
  | (Redirected & { readonly kind: 'if'; readonly branches: readonly { readonly condition: List;
    readonly body: List }[];
      readonly otherwise: List })
  | (Redirected & { readonly kind: 'loop'; readonly until: boolean; readonly condition: List; readonly body: List })
  /** Without words: over the positional parameters. */
  | (Redirected & { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | undefined;
    readonly body: List })
  | (Redirected & { readonly kind: 'case'; readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: List }[] })
  | (Redirected & { readonly kind: 'function'; readonly name: string; readonly body: Command });

export interface Pipeline { readonly negated: boolean; readonly commands: readonly Command[] }

export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly background: boolean;
  /** As it was typed; of background jobs alone. */
  readonly text?: string;
}

export type List = readonly AndOr[];

/** `incomplete`: more lines could still make it whole. */
export type Parsed =
  | { readonly ok: true; readonly list: List; readonly incomplete: boolean }
  | { readonly ok: false; readonly flaw: string; readonly incomplete: boolean };

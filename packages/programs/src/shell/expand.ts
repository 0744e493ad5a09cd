// Words to texts: parameters, substitutions, field splitting, file names. POSIX section 2.6.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../contract.js';
import { evaluateArithmetic } from './arithmetic.js';
import { matchesPattern, matchingFiles } from './glob.js';
import type { ShellState } from './state.js';
import type { List, Part, Word } from './syntax.js';

/** One text on its way to become a field: its pattern has what was quoted behind backslashes. */
interface Field { text: string; pattern: string }

/** `literal`: typed without quotes, so that * and ? in it mean something. `splits`: into fields, at separators. */
interface Piece { readonly value: Value; readonly literal: boolean; readonly splits: boolean }

/** What a part is worth: one text, or for "$@" several fields. */
type Value = string | readonly string[];

export interface ExpanderHost {
  readonly sys: Sys;
  readonly state: ShellState;
  /** Output of a command substitution. */
  capture(list: List): Operation<string>;
  /** An expansion error: the command is not run. */
  broken(text: string): void;
}

export class Expander {
  constructor(private readonly host: ExpanderHost) {}

  /** All fields of some words. */
  *fields(words: readonly Word[]): Operation<string[]> {
    const all: string[] = [];
    for (const word of words) {
      for (const field of yield* this.wordFields(word)) {
        const files = matchingFiles(this.host.sys.files, this.host.sys.cwd, field.pattern);
        if (files.length > 0) all.push(...files);
        else all.push(field.text);
      }
    }
    return all;
  }

  /** One text, neither split nor matched with files. */
  *text(word: Word): Operation<string> {
    return (yield* this.whole(word)).text;
  }

  /** One pattern: what is quoted stands for itself. */
  *pattern(word: Word): Operation<string> {
    return (yield* this.whole(word)).pattern;
  }

  private *whole(word: Word): Operation<Field> {
    const field: Field = { text: '', pattern: '' };
    for (const { value, literal } of yield* this.pieces(word, false)) {
      append(field, typeof value === 'string' ? value : value.join(' '), !literal);
    }
    return field;
  }

  private *wordFields(word: Word): Operation<Field[]> {
    const fields: Field[] = [];
    let current: Field | undefined;
    const close = (): void => {
      if (current !== undefined) fields.push(current);
      current = undefined;
    };
    const extend = (text: string, quoted: boolean): void => {
      current ??= { text: '', pattern: '' };
      append(current, text, quoted);
    };
    const pieces = yield* this.pieces(word, false);
    for (const { value, literal, splits } of pieces) {
      const { texts, opens, closes } = typeof value !== 'string' ? { texts: value, opens: false, closes: false }
        : splits ? this.split(value) : { texts: [value], opens: false, closes: false };
      if (opens) close();
      texts.forEach((text, place) => {
        if (place > 0) close();
        extend(text, !literal && !splits);
      });
      if (closes) close();
    }
    close();
    // "$@" without any arguments is nothing at all, though quoted (section 2.5.2).
    const nothing = pieces.some(({ value }) => typeof value !== 'string' && value.length === 0);
    return nothing && fields.every(({ text }) => text === '') ? [] : fields;
  }

  /** The values of a word's parts. With `inner` the word stands inside ${…}, where plain text too is split into
   * fields. */
  private *pieces(word: Word, inner: boolean): Operation<Piece[]> {
    const pieces: Piece[] = [];
    for (const [index, part] of word.entries()) {
      if (part.kind === 'parameter' && !part.quoted && /^:?[-+]$/.test(part.operator) && part.name !== '@'
        && part.name !== '*') {
        // What was quoted in the word after the operator stays quoted.
        const value = this.lookUp(part.name);
        const missing = value === undefined || (part.operator.startsWith(':') && value === '');
        if (missing !== part.operator.endsWith('+')) pieces.push(...yield* this.pieces(part.word, true));
        else if (!missing && part.operator.endsWith('-')) pieces.push({ value, literal: false, splits: true });
        continue;
      }
      const plain = part.kind === 'text' && !part.quoted;
      pieces.push({ value: yield* this.value(part, index === 0), literal: plain, splits: !part.quoted
        && (!plain || inner) });
    }
    return pieces;
  }

  /** Section 2.6.5. `opens` and `closes`: a separator stands at that end. */
  private split(value: string): { texts: string[]; opens: boolean; closes: boolean } {
    const separators = this.host.state.variables.get('IFS') ?? ' \t\n';
    if (separators === '' || value === '') return { texts: value === '' ? [] : [value], opens: false, closes: false };
    const blanks = [...separators].filter((char) => ' \t\n'.includes(char)).join('');
    const others = [...separators].filter((char) => !' \t\n'.includes(char));
    let trimmed = value;
    while (trimmed !== '' && blanks.includes(trimmed[0]!)) trimmed = trimmed.slice(1);
    const opens = trimmed.length < value.length;
    const before = trimmed.length;
    while (trimmed !== '' && blanks.includes(trimmed[trimmed.length - 1]!)) trimmed = trimmed.slice(0, -1);
    const closes = trimmed.length < before;
    if (trimmed === '') return { texts: [], opens, closes };
    const texts: string[] = [];
    let text = '';
    for (let at = 0; at < trimmed.length; at++) {
      if (!separators.includes(trimmed[at]!)) {
        text += trimmed[at]!;
        continue;
      }
      let marks = others.includes(trimmed[at]!) ? 1 : 0;
      while (at + 1 < trimmed.length && (blanks.includes(trimmed[at + 1]!)
        || (marks === 0 && others.includes(trimmed[at + 1]!)))) {
        if (others.includes(trimmed[++at]!)) marks++;
      }
      texts.push(text);
      text = '';
    }
    if (text !== '') texts.push(text);
    return { texts, opens, closes };
  }

  private *value(part: Part, first: boolean): Operation<Value> {
    switch (part.kind) {
      case 'text':
        if (!first || part.quoted || !/^~(?=\/|$)/.test(part.text)) return part.text;
        return part.text.replace('~', this.host.state.variables.get('HOME') ?? '~');
      case 'command':
        return (yield* this.host.capture(part.list)).replace(/\n+$/, '');
      case 'arithmetic':
        return this.calculate(yield* this.text(part.word));
      case 'parameter':
        return yield* this.parameter(part);
    }
  }

  private calculate(source: string): string {
    const { state } = this.host;
    const value = evaluateArithmetic(source, (name) => state.variables.get(name),
      (name, number) => state.variables.set(name, String(number)));
    if (typeof value === 'number') return String(value);
    this.host.broken(value);
    return '';
  }

  private *parameter(part: Extract<Part, { kind: 'parameter' }>): Operation<Value> {
    const { state } = this.host;
    const { name, operator, word } = part;
    if ((name === '@' || name === '*') && operator === '') {
      if (name === '@' && part.quoted) return state.positional;
      return state.positional.join((state.variables.get('IFS') ?? ' ').slice(0, 1));
    }
    const value = name === '@' || name === '*' ? state.positional.join(' ') : this.lookUp(name);
    const missing = value === undefined || (operator.startsWith(':') && value === '');
    switch (operator) {
      case '':
        if (value === undefined && state.options.has('u')) this.host.broken(`${name}: parameter not set`);
        return value ?? '';
      case 'length': return String(name === '@' || name === '*' ? state.positional.length : (value ?? '').length);
      case '-': case ':-': return missing ? yield* this.text(word) : value;
      case '+': case ':+': return missing ? '' : yield* this.text(word);
      case '=': case ':=': {
        if (!missing) return value;
        const set = yield* this.text(word);
        state.variables.set(name, set);
        return set;
      }
      case '?': case ':?': {
        if (!missing) return value;
        const text = yield* this.text(word);
        this.host.broken(`${name}: ${text === '' ? 'parameter not set' : text}`);
        return '';
      }
      case '#': case '##': case '%': case '%%': return stripped(value ?? '', yield* this.pattern(word), operator);
    }
  }

  private lookUp(name: string): string | undefined {
    const { state, sys } = this.host;
    switch (name) {
      case '?': return String(state.status);
      case '#': return String(state.positional.length);
      case '$': return String(sys.pid);
      case '!': return state.lastBackground;
      case '-': return [...state.options].sort().join('');
      case '0': return state.name;
      default: return /^\d+$/.test(name) ? state.positional[Number(name) - 1] : state.variables.get(name);
    }
  }
}

function append(field: Field, text: string, quoted: boolean): void {
  field.text += text;
  field.pattern += quoted ? text.replace(/[\\*?[\]]/g, '\\$&') : text;
}

/** Takes the shortest or longest match off one end. */
function stripped(value: string, pattern: string, operator: '#' | '##' | '%' | '%%'): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  if (operator.length === 2) lengths.reverse();
  const atStart = operator.startsWith('#');
  for (const length of lengths) {
    const piece = atStart ? value.slice(0, length) : value.slice(value.length - length);
    if (matchesPattern(pattern, piece)) return atStart ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

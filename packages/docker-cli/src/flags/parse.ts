// Flags as the Go programs read them: `--flag=value`, `--flag value`, `-f value`, `-fvalue`, `-abc`, `--`, mixed with
// words until `--` (or until the first word, for commands that hand the rest on).

import { attempt, refuse, Refusal } from '../refusal.js';
import { goQuote } from '../template/number.js';
import { type FlagShape, type FlagTable, flagTitle } from './declare.js';
import { Flags } from './flags.js';
import { readValue } from './value.js';

export interface ParsedFlags {
  readonly flags: Flags;
  readonly words: readonly string[];
  /** `--help` was typed: nothing else counts. */
  readonly help: boolean;
  /** What to say on standard output about old spellings. */
  readonly notices: readonly string[];
}

export interface ParseRules {
  readonly endsAtFirstWord: boolean;
  readonly env: ReadonlyMap<string, string>;
}

/** Parses a command's part of the line; a mistake is a refusal with pflag's text. */
export function parseFlags(table: FlagTable, line: readonly string[], rules: ParseRules): ParsedFlags {
  return new FlagParser(table, line, rules).parse();
}

class FlagParser {
  private readonly typed = new Map<string, string[]>();
  private readonly notices: string[] = [];
  private readonly rest: string[];
  private help = false;

  constructor(private readonly table: FlagTable, line: readonly string[], private readonly rules: ParseRules) {
    this.rest = [...line];
  }

  parse(): ParsedFlags {
    const words: string[] = [];
    while (this.rest.length > 0 && !this.help) {
      const next = this.rest.shift()!;
      if (next === '--') {
        words.push(...this.rest.splice(0));
      } else if (next.startsWith('--')) {
        this.long(next);
      } else if (next.length > 1 && next.startsWith('-')) {
        this.shorts(next.slice(1));
      } else {
        words.push(next);
        if (this.rules.endsAtFirstWord) words.push(...this.rest.splice(0));
      }
    }
    return { flags: new Flags(this.table, this.typed), words, help: this.help, notices: this.notices };
  }

  private long(text: string): void {
    const at = text.indexOf('=');
    const name = text.slice(2, at < 0 ? undefined : at);
    if (name === '' || name.startsWith('-')) refuse(`bad flag syntax: ${text}`);
    if (name === 'help') {
      this.help = true;
      return;
    }
    const shape = this.find(name);
    if (shape === undefined) refuse(`unknown flag: --${name}`);
    if (this.table.deprecated.has(name)) this.notices.push(
      `Flag --${name} has been deprecated, use --${shape.name} instead`);
    if (at >= 0) this.take(shape, text.slice(at + 1));
    else if (shape.kind === 'bool') this.take(shape, 'true');
    else if (this.rest.length === 0) refuse(`flag needs an argument: --${name}`);
    else this.take(shape, this.rest.shift()!);
  }

  private shorts(group: string): void {
    for (let letters = group; letters !== '';) {
      const letter = letters[0]!;
      const after = letters.slice(1);
      const shape = this.table.shapes.find((each) => each.short === letter);
      if (shape === undefined && letter === 'h') {
        this.notices.push('Flag shorthand -h has been deprecated, use --help');
        this.help = true;
        return;
      }
      if (shape === undefined) refuse(`unknown shorthand flag: '${letter}' in -${letters}`);
      if (after.startsWith('=')) return this.take(shape, after.slice(1));
      if (shape.kind === 'bool') {
        this.take(shape, 'true');
        letters = after;
        continue;
      }
      if (after !== '') return this.take(shape, after);
      if (this.rest.length === 0) refuse(`flag needs an argument: '${letter}' in -${letters}`);
      return this.take(shape, this.rest.shift()!);
    }
  }

  private find(name: string): FlagShape | undefined {
    const meant = this.table.hidden.get(name) ?? name;
    return this.table.shapes.find((each) => each.name === meant);
  }

  private take(shape: FlagShape, text: string): void {
    const check = this.table.checks.get(shape.name);
    // Here alone -1 is a size: no limit.
    const kind = shape.name === 'memory-swap' && text === '-1' ? 'int' : shape.kind;
    const read = attempt(() => readValue(kind, text).map((each) => check?.(each, this.rules.env) ?? each));
    if (read instanceof Refusal) {
      refuse(`invalid argument ${goQuote(text)} for ${goQuote(flagTitle(shape))} flag: ${read.text}`);
    }
    const values = this.typed.get(shape.name);
    if (values === undefined) this.typed.set(shape.name, [...read]);
    else values.push(...read);
  }
}

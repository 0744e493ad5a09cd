// sed: a script over every line. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../../contract.js';
import { absolutePath } from '../../../files.js';
import { busyboxOptions, usage } from '../../../usage.js';
import { eachLine, linesOf, readFile } from '../input.js';
import { type SedCommand, parseSed, unescape } from './parse.js';

/** Branches back more often than this in one line end the program: a real one would turn for ever. */
const BRANCHES_MAX = 100_000;

export function* sed(sys: Sys, argv: readonly string[]): Operation<number> {
  // -i may have a suffix right behind it.
  const words = argv.map((word) => (/^-i.+/.test(word) && !/^-i[nrE]+$/.test(word) ? '-i' : word));
  const parsed = busyboxOptions(sys, words, 'inrEs', 'ef', { long: { quiet: 'n', silent: 'n', 'regexp-extended': 'r',
    'in-place': 'i', expression: 'e' } });
  if (typeof parsed === 'number') return parsed;
  const names = [...parsed.rest];
  const scripts = [...parsed.repeated.get('e') ?? []];
  for (const file of parsed.repeated.get('f') ?? []) {
    const text = readFile(sys, file);
    if (typeof text !== 'string') return complain(sys, `${file}: ${text.reason}`);
    scripts.push(text);
  }
  if (scripts.length === 0) {
    const script = names.shift();
    if (script === undefined) return usage(sys, 'sed');
    scripts.push(script);
  }
  const { flags } = parsed;
  const commands = parseSed(scripts.join('\n'), flags.has('r') || flags.has('E'));
  if (typeof commands === 'string') return complain(sys, commands);
  if (flags.has('i')) return inPlace(sys, commands, names, flags.has('n'));
  const editor = new Editor(commands, flags.has('n'), (text) => sys.stdout(text));
  yield* eachLine(sys, names, (name, reason) => {
    editor.exitCode = complain(sys, `${name}: ${reason}`);
  }, (line, last) => editor.line(line.text, line.whole, last));
  editor.finish();
  return editor.exitCode;
}

function inPlace(sys: Sys, commands: readonly SedCommand[], names: readonly string[], quiet: boolean): number {
  let exitCode = 0;
  for (const name of names) {
    const text = readFile(sys, name);
    if (typeof text !== 'string') {
      exitCode = complain(sys, `${name}: ${text.reason}`);
      continue;
    }
    let output = '';
    const editor = new Editor(commands, quiet, (more) => { output += more; });
    const lines = linesOf(text);
    for (const [place, line] of lines.entries()) {
      const last = place === lines.length - 1;
      if (!editor.line(line, !last || text.endsWith('\n'), () => last)) break;
    }
    editor.finish();
    const refused = sys.files.write(absolutePath(sys.cwd, name), output);
    if (refused !== undefined) exitCode = complain(sys, `${name}: ${refused}`);
  }
  return exitCode;
}

function complain(sys: Sys, text: string): number {
  sys.stderr(`sed: ${text}\n`);
  return 1;
}

/** What one round does after a command: the next one, end this line, begin the script anew, or end all. */
type Way = 'on' | 'delete' | 'again' | 'quit' | 'silent-quit' | { readonly branch: string } | 'wait';

class Editor {
  exitCode = 0;
  private number = 0;
  private pattern = '';
  private hold = '';
  private substituted = false;
  private appended: string[] = [];
  /** N has begun and waits for the line that comes next. */
  private wanting: { readonly joins: boolean; readonly rest: readonly SedCommand[] } | undefined = undefined;
  private last: () => boolean = () => false;
  private whole = true;

  constructor(private readonly commands: readonly SedCommand[], private readonly quiet: boolean,
    private readonly write: (text: string) => void) {}

  /** False when no more lines are wanted. */
  line(text: string, whole: boolean, last: () => boolean): boolean {
    this.number++;
    this.last = last;
    this.whole = whole;
    const { wanting } = this;
    this.wanting = undefined;
    this.pattern = wanting?.joins === true ? `${this.pattern}\n${text}` : text;
    this.substituted = false;
    let commands = wanting?.rest ?? this.commands;
    for (let rounds = 0; ; rounds++) {
      const way = this.run(commands);
      if (way === 'wait') return true;
      if (typeof way === 'object' && rounds < BRANCHES_MAX) {
        const target = way.branch === '' ? this.commands.length
          : this.commands.findIndex(({ letter, text: label }) => letter === ':' && label === way.branch);
        commands = this.commands.slice(target < 0 ? this.commands.length : target);
        continue;
      }
      if (way === 'again') {
        commands = this.commands;
        continue;
      }
      this.endLine(way !== 'delete' && way !== 'silent-quit');
      return way !== 'quit' && way !== 'silent-quit';
    }
  }

  /** Input has ended while N waited for more: GNU's and busybox' print what there is. */
  finish(): void {
    if (this.wanting?.joins === true) this.endLine(true);
    this.wanting = undefined;
  }

  private endLine(shown: boolean): void {
    if (shown && !this.quiet) this.print(this.pattern);
    for (const text of this.appended.splice(0)) this.write(`${text}\n`);
  }

  private print(text: string): void {
    this.write(`${text}${this.whole ? '\n' : ''}`);
  }

  private run(commands: readonly SedCommand[]): Way {
    for (const [place, command] of commands.entries()) {
      if (!this.selects(command)) continue;
      const way = this.one(command, commands.slice(place + 1));
      if (way !== 'on') return way;
    }
    return 'on';
  }

  private selects(command: SedCommand): boolean {
    const { from, to } = command;
    if (from === undefined) return !command.negated;
    let chosen: boolean;
    if (to === undefined) {
      chosen = this.matches(from);
    } else if (command.inRange) {
      chosen = true;
      if (to.kind === 'line' ? this.number >= to.number : this.matches(to)) command.inRange = false;
      if (to.kind === 'line' && this.number > to.number) chosen = this.matches(from);
    } else {
      chosen = this.matches(from);
      if (chosen) command.inRange = !(to.kind === 'line' && to.number <= this.number);
    }
    return chosen !== command.negated;
  }

  private matches(address: NonNullable<SedCommand['from']>): boolean {
    switch (address.kind) {
      case 'line': return this.number === address.number;
      case 'last': return this.last();
      case 'match':
        address.expression.lastIndex = 0;
        return address.expression.test(this.pattern);
    }
  }

  private one(command: SedCommand, rest: readonly SedCommand[]): Way {
    const { text } = command;
    switch (command.letter) {
      case '{': return this.run(command.body);
      case 's': this.substitute(command); return 'on';
      case 'y':
        this.pattern = [...this.pattern].map((char) => {
          const place = text.indexOf(char);
          return place < 0 ? char : command.replacement[place]!;
        }).join('');
        return 'on';
      case 'p': this.print(this.pattern); return 'on';
      case 'P': this.write(`${this.pattern.split('\n')[0]!}\n`); return 'on';
      case 'd': return 'delete';
      case 'D':
        if (!this.pattern.includes('\n')) return 'delete';
        this.pattern = this.pattern.slice(this.pattern.indexOf('\n') + 1);
        return 'again';
      case '=': this.write(`${this.number}\n`); return 'on';
      case 'q': this.exitCode = Number(text); return 'quit';
      case 'Q': this.exitCode = Number(text); return 'silent-quit';
      case 'a': this.appended.push(text); return 'on';
      case 'i': this.write(`${text}\n`); return 'on';
      case 'c':
        if (command.to === undefined || !command.inRange) this.write(`${text}\n`);
        return 'delete';
      case 'h': this.hold = this.pattern; return 'on';
      case 'H': this.hold += `\n${this.pattern}`; return 'on';
      case 'g': this.pattern = this.hold; return 'on';
      case 'G': this.pattern += `\n${this.hold}`; return 'on';
      case 'x': [this.pattern, this.hold] = [this.hold, this.pattern]; return 'on';
      case 'n': case 'N':
        if (this.last()) return 'quit';
        if (command.letter === 'n' && !this.quiet) this.print(this.pattern);
        this.wanting = { joins: command.letter === 'N', rest };
        return 'wait';
      case 'b': return { branch: text };
      case 't':
        if (!this.substituted) return 'on';
        this.substituted = false;
        return { branch: text };
      default: return 'on';
    }
  }

  private substitute({ expression, replacement, flags }: SedCommand): void {
    const all = flags.includes('g');
    const wanted = Number(/\d+/.exec(flags)?.[0] ?? 1);
    let count = 0;
    let done = false;
    expression!.lastIndex = 0;
    const result = this.pattern.replace(expression!, (...parts: unknown[]) => {
      count++;
      if (count < wanted || (count > wanted && !all)) return parts[0] as string;
      done = true;
      const groups = parts.filter((part, place) => place < parts.length - 2 && typeof part !== 'number');
      return replacement.replace(/\\([0-9])|\\([^])|&/g, (whole, group: string | undefined, char: string | undefined) =>
        (group !== undefined ? String(groups[Number(group)] ?? '') : char !== undefined ? unescape(`\\${char}`)
          : whole === '&' ? String(parts[0]) : whole));
    });
    if (!done) return;
    this.pattern = result;
    this.substituted = true;
    if (flags.includes('p')) this.print(this.pattern);
  }
}

// grep: lines that match a pattern, as they come. POSIX grep with busybox' options.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { absolutePath } from '../../files.js';
import { type ParsedOptions, busyboxOptions, usage } from '../../usage.js';
import { type Line, eachLine, readFile } from './input.js';
import { basicPattern, escaped, extendedPattern } from './pattern.js';

const WRONG = 2;

export function* grep(sys: Sys, argv: readonly string[]): Operation<number> {
  const name = argv[0]!.slice(argv[0]!.lastIndexOf('/') + 1);
  const words = name === 'egrep' ? ['grep', '-E', ...argv.slice(1)] : name === 'fgrep'
    ? ['grep', '-F', ...argv.slice(1)]
    : argv;
  const parsed = busyboxOptions(sys, words, 'EFivcnqowxhHlLsrRyz', 'eABCmf', { exitCode: WRONG,
    long: { color: 'Z', 'ignore-case': 'i', count: 'c', quiet: 'q', 'line-number': 'n' } });
  if (typeof parsed === 'number') return parsed;
  const { flags } = parsed;
  const names = [...parsed.rest];
  const patterns = [...parsed.repeated.get('e') ?? []];
  for (const file of parsed.repeated.get('f') ?? []) {
    const text = readFile(sys, file);
    if (typeof text === 'string') patterns.push(...text.replace(/\n$/, '').split('\n'));
  }
  if (patterns.length === 0) {
    const pattern = names.shift();
    if (pattern === undefined) return usage(sys, 'grep', WRONG);
    patterns.push(pattern);
  }
  const sources = flags.has('r') || flags.has('R') ? treeOf(sys, names) : names;
  const search = new Search(sys, parsed, (sources.length > 1 || sources !== names) && !flags.has('h'));
  const flawed = search.compile(patterns);
  if (flawed !== undefined) {
    sys.stderr(`grep: bad regex '${flawed}'\n`);
    return WRONG;
  }
  yield* eachLine(sys, sources, (file, reason) => {
    if (!flags.has('s')) sys.stderr(reason === 'Is a directory' ? `grep: ${file}: ${reason}\n`
      : `grep: ${file}: ${reason}\n`);
    search.failed = true;
  }, (line) => search.line(line));
  search.endFile();
  return search.exitCode();
}

/** All files below some directories. */
function treeOf(sys: Sys, names: readonly string[]): string[] {
  const files: string[] = [];
  const visit = (name: string): void => {
    const inside = sys.files.list(absolutePath(sys.cwd, name));
    if (inside === undefined) files.push(name);
    else for (const inner of inside) visit(`${name.replace(/\/$/, '')}/${inner}`);
  };
  for (const name of names.length === 0 ? ['.'] : names) visit(name);
  return files;
}

class Search {
  failed = false;
  private expression = /^/g;
  private found = false;
  private file: string | undefined = undefined;
  private number = 0;
  private count = 0;
  /** Lines before the present one that were not shown, for -B. */
  private before: { readonly number: number; readonly text: string }[] = [];
  /** How many lines behind a match are still to be shown. */
  private after = 0;
  private lastShown = 0;
  private shownAny = false;

  constructor(private readonly sys: Sys, private readonly parsed: ParsedOptions, private readonly named: boolean) {}

  /** Answers the pattern that is none. */
  compile(patterns: readonly string[]): string | undefined {
    const { flags } = this.parsed;
    const alternatives: string[] = [];
    for (const pattern of patterns.flatMap((text) => text.split('\n'))) {
      const source = flags.has('F') ? escaped(pattern) : flags.has('E') ? extendedPattern(pattern)
        : basicPattern(pattern);
      try {
        alternatives.push(new RegExp(source).source);
      } catch {
        return pattern;
      }
    }
    let source = `(?:${alternatives.join('|')})`;
    if (flags.has('w')) source = `(?<![A-Za-z0-9_])${source}(?![A-Za-z0-9_])`;
    if (flags.has('x')) source = `^${source}$`;
    this.expression = new RegExp(source, flags.has('i') || flags.has('y') ? 'gi' : 'g');
    return undefined;
  }

  /** False when no more lines are wanted at all. */
  line({ text, file }: Line): boolean | void {
    const { flags, values } = this.parsed;
    if (file !== this.file) {
      if (this.file !== undefined) this.endFile();
      this.file = file;
    }
    this.number++;
    const most = Number(values.get('m') ?? Number.MAX_SAFE_INTEGER);
    this.expression.lastIndex = 0;
    if (this.count >= most || this.expression.test(text) === flags.has('v')) return this.context(text);
    this.count++;
    this.found = true;
    if (flags.has('q')) return false;
    if (flags.has('c') || flags.has('l') || flags.has('L')) return;
    if (flags.has('o')) {
      this.expression.lastIndex = 0;
      for (const [piece] of text.matchAll(this.expression)) if (piece !== '') this.show(this.number, piece, ':');
      return;
    }
    const span = this.around(values.get('A'));
    if ((span > 0 || this.around(values.get('B')) > 0) && this.shownAny
      && (this.before[0]?.number ?? this.number) > this.lastShown + 1) this.sys.stdout('--\n');
    for (const earlier of this.before.splice(0)) this.show(earlier.number, earlier.text, '-');
    this.show(this.number, text, ':');
    this.after = span;
  }

  /** A line that does not match may stand near one that does. */
  private context(text: string): void {
    if (this.after > 0) {
      this.after--;
      this.show(this.number, text, '-');
      return;
    }
    this.before.push({ number: this.number, text });
    if (this.before.length > this.around(this.parsed.values.get('B'))) this.before.shift();
  }

  private around(value: string | undefined): number {
    return Number(value ?? this.parsed.values.get('C') ?? 0);
  }

  private show(number: number, text: string, mark: string): void {
    const { flags } = this.parsed;
    this.sys.stdout(`${this.prefix(mark)}${flags.has('n') ? `${number}${mark}` : ''}${text}\n`);
    this.lastShown = number;
    this.shownAny = true;
  }

  private prefix(mark: string): string {
    if (!this.named && !this.parsed.flags.has('H')) return '';
    return `${this.shownName()}${mark}`;
  }

  private shownName(): string {
    return this.file === '-' ? '(standard input)' : this.file!;
  }

  /** What is said of a file as a whole. */
  endFile(): void {
    const { flags } = this.parsed;
    if (this.file === undefined) {
      if (flags.has('c') && this.parsed.rest.length <= 1 && !this.failed) this.sys.stdout('0\n');
      return;
    }
    if (flags.has('c')) this.sys.stdout(`${this.prefix(':')}${this.count}\n`);
    if ((flags.has('l') && this.count > 0) || (flags.has('L') && this.count === 0)) {
      this.sys.stdout(`${this.shownName()}\n`);
    }
    this.file = undefined;
    this.number = 0;
    this.count = 0;
    this.before = [];
    this.after = 0;
    this.lastShown = 0;
  }

  exitCode(): number {
    if (this.found && this.parsed.flags.has('q')) return 0;
    return this.failed ? WRONG : this.found ? 0 : 1;
  }
}

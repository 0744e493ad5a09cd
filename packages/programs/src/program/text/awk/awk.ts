// awk: patterns and actions over every line. Busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../../contract.js';
import { busyboxOptions, usage } from '../../../usage.js';
import { unescaped } from '../echo.js';
import { linesOf, readFile } from '../input.js';
import { parseAwk } from './parse.js';
import { AwkRun } from './run.js';
import { toNumber } from './value.js';

export function* awk(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, '', 'Fvfe', { permute: false });
  if (typeof parsed === 'number') return parsed;
  const words = [...parsed.rest];
  const sources = [...parsed.repeated.get('e') ?? []];
  for (const file of parsed.repeated.get('f') ?? []) {
    const text = readFile(sys, file);
    if (typeof text !== 'string') return complain(sys, `${file}: ${text.reason}`);
    sources.push(text);
  }
  if (sources.length === 0) {
    const source = words.shift();
    if (source === undefined) return usage(sys, 'awk');
    sources.push(source);
  }
  const program = parseAwk(sources.join('\n'));
  if (typeof program === 'string') return complain(sys, `cmd. line:1: ${program}`);
  const run = new AwkRun(sys, program);
  const separator = parsed.values.get('F');
  if (separator !== undefined) run.globals.set('FS', separator === 't' ? '\t' : unescaped(separator).out);
  for (const assignment of parsed.repeated.get('v') ?? []) assign(run, assignment);
  for (const [name, value] of sys.env) run.array('ENVIRON').set(name, { text: value });
  ['awk', ...words].forEach((word, place) => run.array('ARGV').set(String(place), { text: word }));
  run.globals.set('ARGC', words.length + 1);
  return yield* live(sys, run, words);
}

function* live(sys: Sys, run: AwkRun, words: readonly string[]): Operation<number> {
  const input = new Input(sys, run, words);
  run.nextLine = () => input.next();
  yield* run.rules('BEGIN');
  const reads = run.program.rules.some(({ when }) => when !== 'BEGIN');
  while (reads && run.flow !== 'exit' && run.flaw === undefined) {
    const line = yield* input.next();
    if (line === undefined) break;
    run.record.take(line, run.text('FS'));
    run.globals.set('NR', toNumber(run.lookUp('NR')) + 1);
    yield* run.rules('line');
    if (run.flow === 'next') run.flow = undefined;
  }
  if (run.flaw === undefined) {
    run.flow = undefined;
    yield* run.rules('END');
  }
  yield* run.closeAll();
  if (run.flaw !== undefined) return complain(sys, `cmd. line:1: ${run.flaw}`);
  return run.exitCode !== 0 ? run.exitCode : input.exitCode;
}

/** The lines of all files; words with an = set variables when their turn comes. */
class Input {
  exitCode = 0;
  private lines: string[] | undefined = undefined;
  private readonly words: string[];
  private readonly own: boolean;

  constructor(private readonly sys: Sys, private readonly run: AwkRun, words: readonly string[]) {
    this.words = [...words];
    this.own = !words.some((word) => !isAssignment(word));
  }

  *next(): Operation<string | undefined> {
    const { sys, run } = this;
    for (;;) {
      if (this.lines !== undefined && this.lines.length > 0) {
        run.globals.set('FNR', toNumber(run.lookUp('FNR')) + 1);
        return this.lines.shift();
      }
      const word = this.words.shift();
      if (word === undefined) return this.own ? yield* sys.readLine() : undefined;
      if (isAssignment(word)) {
        assign(run, word);
        continue;
      }
      run.globals.set('FILENAME', word);
      run.globals.set('FNR', 0);
      const text = word === '-' ? yield* sys.readAll() : readFile(sys, word);
      if (typeof text === 'string') this.lines = linesOf(text);
      else this.exitCode = complain(sys, `${word}: ${text.reason}`);
    }
  }
}

function isAssignment(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(word);
}

function assign(run: AwkRun, assignment: string): void {
  const cut = assignment.indexOf('=');
  run.set(assignment.slice(0, cut), { text: unescaped(assignment.slice(cut + 1)).out });
}

function complain(sys: Sys, text: string): number {
  sys.stderr(`awk: ${text}\n`);
  return 1;
}

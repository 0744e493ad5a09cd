// The README's five minutes, typed again: every command in its console blocks prints what the page shows. Numbers, ids
// and dates may differ; a line of `…` stands for any lines.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placesOf, programOf } from '@netreel/cli';
import { read, root } from './tree.js';

interface Typed {
  readonly line: number;
  readonly command: string;
  readonly shown: readonly string[];
}

/** Every `$ …` of the console blocks of a page, with what follows it. */
function typedIn(page: string): Typed[] {
  const found: { line: number; command: string; shown: string[] }[] = [];
  let inside = false;
  page.split('\n').forEach((line, place) => {
    if (line.startsWith('```')) inside = line === '```console';
    else if (inside && line.startsWith('$ ')) found.push({ line: place + 1, command: line.slice(2), shown: [] });
    else if (inside) found[found.length - 1]?.shown.push(line);
  });
  return found;
}

/** Without what differs from one run or one version to the next. */
const plain = (text: string): string[] => text.trim().split('\n')
  .map((line) => line.replace(/sha256:[0-9a-f]+…?/g, 'sha:#')
  .replace(/\b(?=[a-z]*\d)[0-9a-z]{8,}\b/g, '#').replace(/\d+/g, '#').replace(/ +/g, ' ').trimEnd());

/** Whether `lines` are as shown; a shown `…` skips as many as needed. */
function fits(shown: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first === '…') return lines.some((_, skipped) => fits(rest, lines.slice(skipped))) || fits(rest, []);
  return lines[0] === first && fits(rest, lines.slice(1));
}

const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

describe('README.md', () => {
  const home = mkdtempSync(join(tmpdir(), 'netreel-readme-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  /** What a `./netreel` line prints; the one pipe that pages use is `| cut -c -N`. */
  async function printed(command: string): Promise<string> {
    const [netreel = '', cut] = command.split(/ \| cut -c -/);
    const words = wordsOf(netreel).slice(1).map((word) => (word.endsWith('.yaml') ? join(root, word) : word));
    const end = words.includes('--') ? words.indexOf('--') : words.length;
    let out = '';
    const write = (text: string): void => { out += text; };
    const program = programOf({ places: placesOf(root, { NETREEL_HOME: home }), out: write, err: write, colour: false,
      notice: write, exit: () => undefined }, words.slice(end + 1));
    await program.parseAsync(words.slice(0, end), { from: 'user' });
    return cut === undefined ? out : out.split('\n').map((line) => line.slice(0, Number(cut))).join('\n');
  }

  it.each(typedIn(read('README.md')))('line $line: $command', async ({ command, shown }) => {
    const lines = plain(await printed(command));
    const wanted = plain(shown.join('\n'));
    if (!fits(wanted, lines)) expect(lines.join('\n')).toBe(wanted.join('\n'));
  });

  it('shows a whole walk', () => {
    expect(typedIn(read('README.md')).map(({ command }) => wordsOf(command)[1])).toEqual(
      expect.arrayContaining(['run', 'ls', 'events', 'at', 'verify']));
  });
});

describe('the check itself', () => {
  it('finds another word, a missing and a surplus line', () => {
    expect(fits(['a', '…', 'c'], ['a', 'x', 'y', 'c'])).toBe(true);
    expect(fits(['a', 'c'], ['a', 'x', 'c'])).toBe(false);
    expect(fits(['a', '…', 'd'], ['a', 'x', 'c'])).toBe(false);
    expect(fits(['a', 'b'], ['a'])).toBe(false);
  });

  it('numbers, ids and dates may differ, words may not', () => {
    const [line] = plain('tour-20260101-120000  held  12.5s 1s7i19cgnuzg7i5wisfc8ulx8 ddd0646b1622 sha256:15104e79…');
    expect(line).toBe('tour-#-# held #.#s # # sha:#');
  });
});

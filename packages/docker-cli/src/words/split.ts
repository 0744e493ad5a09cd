// A command line as a POSIX shell would cut it into words (XCU 2.2, 2.3), without a shell's other powers: what would
// need one (pipes, redirections, substitutions) is a flaw that names its place.

/** What the text cannot say here, and where it stands (counted from 0). */
export interface LineFlaw {
  readonly at: number;
  readonly problem: string;
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['|', 'a pipe'], ['&', '&'], [';', 'a second command'], ['<', 'a redirection'], ['>', 'a redirection'],
  ['(', 'a subshell'], [')', 'a subshell'], ['\n', 'a second line'],
]);

/** The words of a line, or what is wrong with it. */
export function splitCommandLine(text: string): readonly string[] | LineFlaw {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === ' ' || letter === '\t' || (letter === '\n' && text.slice(at).trim() === '')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (letter === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) return { at, problem: 'a single quote is not closed' };
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (letter === '"') {
      const quoted = doubleQuoted(text, at);
      if ('problem' in quoted) return quoted;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (letter === '\\') {
      if (at + 1 >= text.length) return { at, problem: 'nothing follows the backslash' };
      at++;
      if (text[at] !== '\n') word = (word ?? '') + text[at]!;
    } else if (letter === '#' && word === undefined) {
      break;
    } else {
      const flaw = forbidden(text, at);
      if (flaw !== undefined) return flaw;
      word = (word ?? '') + letter;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function forbidden(text: string, at: number): LineFlaw | undefined {
  const letter = text[at]!;
  const operator = OPERATORS.get(letter);
  if (operator !== undefined) return { at, problem: `${operator} needs a shell: quote it or leave it out` };
  return substitution(text, at);
}

/** `$name`, `$(...)` and backquotes stand for something else in a shell, inside double quotes too. */
function substitution(text: string, at: number): LineFlaw | undefined {
  if (text[at] === '`') return { at, problem: 'a command substitution needs a shell: quote it or leave it out' };
  if (text[at] !== '$') return undefined;
  const next = text[at + 1] ?? '';
  if (next === '(') return { at, problem: 'a command substitution needs a shell: quote it or leave it out' };
  if (/[A-Za-z0-9_{@*#?$!-]/.test(next)) return { at, problem: 'a variable needs a shell: quote it or leave it out' };
  return undefined;
}

function doubleQuoted(text: string, start: number): { readonly text: string; readonly end: number } | LineFlaw {
  let inside = '';
  for (let at = start + 1; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '"') return { text: inside, end: at };
    if (letter === '\\' && /["\\$`\n]/.test(text[at + 1] ?? '')) {
      at++;
      if (text[at] !== '\n') inside += text[at]!;
      continue;
    }
    const flaw = substitution(text, at);
    if (flaw !== undefined) return flaw;
    inside += letter;
  }
  return { at: start, problem: 'a double quote is not closed' };
}

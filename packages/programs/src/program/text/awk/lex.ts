// An awk program as words. POSIX awk, Lexical Conventions.

export interface Token {
  readonly kind: 'number' | 'string' | 'regex' | 'name' | 'call' | 'keyword' | 'sign' | 'newline' | 'end';
  readonly text: string;
}

const KEYWORDS: ReadonlySet<string> = new Set(['BEGIN', 'END', 'function', 'func', 'if', 'else', 'while', 'for', 'do',
  'break', 'continue', 'next', 'exit', 'return', 'delete', 'in', 'getline', 'print', 'printf']);
const SIGNS = ['&&', '||', '++', '--', '+=', '-=', '*=', '/=', '%=', '==', '<=', '>=', '!=', '!~', '>>',
  '{', '}', '(', ')', '[', ']', ';', ',', '+', '-', '*', '/', '%', '!', '>', '<', '|', '?', ':', '~', '$', '=', '^'];
const ESCAPES: ReadonlyMap<string, string> = new Map([['n', '\n'], ['t', '\t'], ['r', '\r'], ['\\', '\\'], ['"', '"'],
  ['/', '/'], ['a', '\x07'], ['b', '\b'], ['f', '\f'], ['v', '\v']]);

/** A text says what cannot be read. */
export function lexAwk(source: string): Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  const take = (expression: RegExp): string | undefined => {
    expression.lastIndex = at;
    const match = expression.exec(source);
    if (match === null) return undefined;
    at = expression.lastIndex;
    return match[0];
  };
  for (;;) {
    take(/(?:[ \t\r]|\\\n|#[^\n]*)+/y);
    if (at >= source.length) return [...tokens, { kind: 'end', text: '' }];
    if (source[at] === '\n') {
      at++;
      tokens.push({ kind: 'newline', text: '\n' });
      continue;
    }
    const number = take(/(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
    if (number !== undefined) {
      tokens.push({ kind: 'number', text: number });
      continue;
    }
    const name = take(/[A-Za-z_][A-Za-z0-9_]*/y);
    if (name !== undefined) {
      tokens.push({ kind: KEYWORDS.has(name) ? 'keyword' : source[at] === '(' ? 'call' : 'name', text: name });
      continue;
    }
    const quoted = take(/"(?:[^"\\\n]|\\[^])*"/y);
    if (quoted !== undefined) {
      tokens.push({ kind: 'string', text: unescaped(quoted.slice(1, -1)) });
      continue;
    }
    if (source[at] === '/' && beginsOperand(tokens.at(-1))) {
      const regex = take(/\/(?:[^/\\\n[]|\\[^]|\[(?:\]|\^\])?[^\]\n]*\])*\//y);
      if (regex === undefined) return 'Unexpected end of string';
      tokens.push({ kind: 'regex', text: regex.slice(1, -1).replaceAll('\\/', '/') });
      continue;
    }
    const sign = SIGNS.find((candidate) => source.startsWith(candidate, at));
    if (sign === undefined) return 'Unexpected token';
    at += sign.length;
    tokens.push({ kind: 'sign', text: sign });
  }
}

/** Whether a slash here begins an expression and does not divide. */
function beginsOperand(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'sign') return ![')', ']', '$', '++', '--'].includes(before.text);
  return before.kind === 'keyword' || before.kind === 'newline';
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[^])/g, (whole, escape: string) =>
    (/^[0-7]/.test(escape) ? String.fromCharCode(Number.parseInt(escape, 8)) : ESCAPES.get(escape) ?? whole));
}

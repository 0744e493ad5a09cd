// Basic regular expressions in the words of JavaScript's. POSIX 9.3.

/** In a basic expression ( ) { } | + ? are plain, and special behind a backslash. */
export function basicPattern(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const next = pattern[at + 1];
    if (char === '\\' && next !== undefined) {
      source += '(){}|+?'.includes(next) ? next : `\\${next}`;
      at++;
    } else if (char === '[') {
      const end = bracketEnd(pattern, at);
      source += classes(pattern.slice(at, end));
      at = end - 1;
    } else if ('(){}|+?'.includes(char) || (char === '*' && (source === '' || source === '^'))) {
      source += `\\${char}`;
    } else {
      source += char;
    }
  }
  return source;
}

/** Extended expressions differ in their bracket expressions alone. */
export function extendedPattern(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      source += pattern.slice(at, at + 2);
      at++;
    } else if (pattern[at] === '[') {
      const end = bracketEnd(pattern, at);
      source += classes(pattern.slice(at, end));
      at = end - 1;
    } else {
      source += pattern[at]!;
    }
  }
  return source;
}

/** Where the bracket expression that begins at `at` is over. A ] right behind the [ or [^ belongs to it. */
function bracketEnd(pattern: string, at: number): number {
  const first = pattern[at + 1] === '^' ? at + 2 : at + 1;
  for (let end = first; end < pattern.length; end++) {
    if (pattern.startsWith('[:', end)) {
      const close = pattern.indexOf(':]', end);
      if (close > 0) end = close + 1;
    } else if (pattern[end] === ']' && end > first) {
      return end + 1;
    }
  }
  return pattern.length;
}

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alpha', 'A-Za-z'], ['digit', '0-9'], ['alnum', 'A-Za-z0-9'], ['upper', 'A-Z'], ['lower', 'a-z'], ['space', '\\s'],
  ['blank', ' \\t'], ['punct', '!-\\/:-@\\[-`{-~'], ['xdigit', '0-9A-Fa-f'],
]);

function classes(bracket: string): string {
  return bracket.replace(/\[:([a-z]+):\]/g, (whole, name: string) => CLASSES.get(name) ?? whole).replace(/^\[(\^?)\]/,
    '[$1\\]');
}

/** Every character stands for itself. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

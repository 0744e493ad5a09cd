// Dockerfiles: lines, continuations, comments, flags and JSON forms. Words are looked at later, by each instruction.

/** One instruction as written. */
export interface Instruction {
  readonly keyword: string;
  /** The line without its continuation marks, as `Step 1/2 :` shows it. */
  readonly text: string;
  /** Where it begins and ends, from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** `--from=builder`. */
  readonly flags: ReadonlyMap<string, string>;
  /** What stands behind keyword and flags. */
  readonly rest: string;
  /** `["a", "b"]`; undefined in any other form. */
  readonly json: readonly string[] | undefined;
}

/** Why a Dockerfile cannot be read, in Docker's words. */
export interface Flaw {
  readonly flaw: string;
}

const FLAGS: ReadonlyMap<string, readonly string[]> = new Map([['ADD', ['chown', 'chmod']],
  ['COPY', ['from', 'chown', 'chmod']], ['FROM', ['platform']], ['RUN', []],
  ['HEALTHCHECK', ['interval', 'timeout', 'start-period', 'retries']]]);
const KEYWORDS: ReadonlySet<string> = new Set(['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM',
  'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']);
const WITH_JSON: ReadonlySet<string> = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN', 'SHELL',
  'VOLUME']);

export function isFlaw(value: unknown): value is Flaw {
  return typeof value === 'object' && value !== null && 'flaw' in value;
}

export function parseDockerfile(source: string): readonly Instruction[] | Flaw {
  const lines = source.replace(/^\ufeff/, '').split(/\r?\n/);
  const escape = /^#\s*escape\s*=\s*(\S)\s*$/i.exec(lines[0] ?? '')?.[1] ?? '\\';
  const continues = new RegExp(`${escape === '\\' ? '\\\\' : '`'}[ \\t]*$`);
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const first = at + 1;
    let text = (lines[at++] ?? '').trimStart();
    if (text === '' || text.startsWith('#')) continue;
    while (continues.test(text) && at < lines.length) {
      text = text.replace(continues, '');
      // Comments and empty lines do not end a continuation.
      while (at < lines.length && /^\s*(#|$)/.test(lines[at]!)) at++;
      text += lines[at++] ?? '';
    }
    const read = readInstruction(text.replace(continues, '').trimEnd(), first, at);
    if (isFlaw(read)) return read;
    instructions.push(read);
  }
  return instructions;
}

/** Reads one line, for a Dockerfile and for `docker commit -c`. */
export function readInstruction(text: string, line: number, lastLine: number): Instruction | Flaw {
  const [, word = '', behind = ''] = /^(\S+)\s*([^]*)$/.exec(text) ?? [];
  const keyword = word.toUpperCase();
  if (!KEYWORDS.has(keyword)) return { flaw: `dockerfile parse error line ${line}: unknown instruction: ${keyword}` };
  const flags = new Map<string, string>();
  let rest = behind;
  const known = FLAGS.get(keyword);
  for (let match = known === undefined ? null : /^--([\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest); match !== null;
    match = /^--([\w-]*)(?:=(\S*))?(?:\s+|$)/.exec(rest)) {
    rest = rest.slice(match[0].length);
    if (match[1] === '') break;
    if (!known!.includes(match[1]!)) return { flaw: `dockerfile parse error line ${line}: Unknown flag: ${match[1]}` };
    flags.set(match[1]!, match[2] ?? '');
  }
  const json = WITH_JSON.has(keyword) ? jsonForm(keyword === 'HEALTHCHECK' ? rest.replace(/^CMD\s+/i, '') : rest)
    : undefined;
  if (isFlaw(json)) return json;
  return { keyword, text, line, lastLine, flags, rest, json };
}

function jsonForm(rest: string): readonly string[] | undefined | Flaw {
  if (!rest.startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(rest);
  } catch {
    // No JSON: then it is the shell's.
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === 'string') ? value as string[]
    : { flaw: 'failed to parse Dockerfile: when using JSON array syntax, arrays must be comprised of strings only' };
}

/** Blanks separate words, unless quoted or escaped; quotes stay. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\\' && quote !== "'" && at + 1 < text.length) {
      word += char + text[++at]!;
    } else if (quote === '' && /\s/.test(char)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (char === quote) quote = '';
      else if (quote === '' && (char === '"' || char === "'")) quote = char;
      word += char;
    }
  }
  if (word !== '') words.push(word);
  return words;
}

/** `KEY=VALUE KEY=VALUE`, or the old form `KEY VALUE`. */
export function namedValues({ keyword, rest }: Instruction): readonly (readonly [string, string])[] | Flaw {
  const words = splitWords(rest);
  if (words.length === 0) return [];
  if (!words[0]!.includes('=')) {
    const [, name, value] = /^(\S+)\s+([^]+)$/.exec(rest) ?? [];
    return name === undefined ? { flaw: `failed to parse Dockerfile: ${keyword} must have two arguments` }
      : [[name, value!]];
  }
  const odd = words.find((word) => !word.includes('='));
  if (odd !== undefined) {
    return { flaw: `failed to parse Dockerfile: Syntax error - can't find = in "${odd}". Must be of `
      + 'the form: name=value' };
  }
  return words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
}

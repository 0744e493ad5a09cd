// JSON as Go's decoder reads it, with its complaints: clients are shown these.

import type { Json } from '@netreel/sim';

/** What a text holds, or what Go says of it. */
export type Decoded = { readonly value: Json } | { readonly flaw: string };

const ENDS_EARLY = 'unexpected end of JSON input';
/** Deeper documents are refused, as Go does. */
const DEPTH_MAX = 10_000;

class Complaint extends Error {}

/** The first value of a text; with `whole` nothing may follow it. */
export function decodeJson(text: string, whole: boolean): Decoded {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return new Reader(text).read(whole);
  }
}

/** Slower than JSON.parse, and asked only about what that refuses. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(whole: boolean): Decoded {
    try {
      this.value('looking for beginning of value', 0);
      const end = this.at;
      this.blanks();
      if (whole && this.at < this.text.length) this.complain('after top-level value');
      return { value: JSON.parse(this.text.slice(0, end)) as Json };
    } catch (thrown) {
      if (thrown instanceof Complaint) return { flaw: thrown.message };
      return { flaw: ENDS_EARLY };
    }
  }

  private value(context: string, depth: number): void {
    if (depth > DEPTH_MAX) throw new Complaint('exceeded max depth');
    this.blanks();
    const char = this.peek();
    if (char === '{') return this.object(depth);
    if (char === '[') return this.array(depth);
    if (char === '"') return this.string();
    if (char === 't') return this.literal('true');
    if (char === 'f') return this.literal('false');
    if (char === 'n') return this.literal('null');
    if (char === '-' || (char >= '0' && char <= '9')) return this.number();
    this.complain(context);
  }

  private object(depth: number): void {
    this.at++;
    this.blanks();
    if (this.peek() === '}') {
      this.at++;
      return;
    }
    for (;;) {
      this.blanks();
      if (this.peek() !== '"') this.complain('looking for beginning of object key string');
      this.string();
      this.blanks();
      if (this.peek() !== ':') this.complain('after object key');
      this.at++;
      this.value('looking for beginning of value', depth + 1);
      if (this.ends('}', 'after object key:value pair')) return;
    }
  }

  private array(depth: number): void {
    this.at++;
    this.blanks();
    if (this.peek() === ']') {
      this.at++;
      return;
    }
    for (;;) {
      this.value('looking for beginning of value', depth + 1);
      if (this.ends(']', 'after array element')) return;
    }
  }

  /** Steps over a comma or the end of what is being read; true at the end. */
  private ends(closing: string, context: string): boolean {
    this.blanks();
    const char = this.peek();
    if (char !== ',' && char !== closing) this.complain(context);
    this.at++;
    return char === closing;
  }

  private string(): void {
    this.at++;
    for (;;) {
      const char = this.peek();
      if (char === '"') {
        this.at++;
        return;
      }
      if (char < ' ') this.complain('in string literal');
      this.at++;
      if (char !== '\\') continue;
      const escaped = this.peek();
      if (!'bfnrt\\/"u'.includes(escaped)) this.complain('in string escape code');
      this.at++;
      for (let digits = escaped === 'u' ? 4 : 0; digits > 0; digits--) {
        if (!/[0-9a-fA-F]/.test(this.peek())) this.complain('in \\u hexadecimal character escape');
        this.at++;
      }
    }
  }

  private literal(word: string): void {
    for (const [place, expected] of [...word].entries()) {
      const char = this.peek();
      if (char !== expected) {
        this.complain(place === 0 ? 'looking for beginning of value' : `in literal ${word} (expecting '${expected}')`);
      }
      this.at++;
    }
  }

  private number(): void {
    if (this.peek() === '-') this.at++;
    if (!/\d/.test(this.peek())) this.complain('in numeric literal');
    if (this.peek() === '0') this.at++;
    else this.digits();
    if (this.text[this.at] === '.') {
      this.at++;
      if (!/\d/.test(this.peek())) this.complain('after decimal point in numeric literal');
      this.digits();
    }
    if (!/[eE]/.test(this.text[this.at] ?? '')) return;
    this.at++;
    if (/[+-]/.test(this.peek())) this.at++;
    if (!/\d/.test(this.peek())) this.complain('in exponent of numeric literal');
    this.digits();
  }

  private digits(): void {
    while (/\d/.test(this.text[this.at] ?? '')) this.at++;
  }

  private blanks(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++;
  }

  private peek(): string {
    const char = this.text[this.at];
    if (char === undefined) throw new Complaint(ENDS_EARLY);
    return char;
  }

  private complain(context: string): never {
    const char = this.peek();
    const quoted = char === "'" ? `'\\''` : char === '"' ? `'"'` : `'${JSON.stringify(char).slice(1, -1)}'`;
    throw new Complaint(`invalid character ${quoted} ${context}`);
  }
}

/** What Go calls a value's kind in its complaints. */
export function goKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string': return 'string';
    case 'number': return 'number';
    case 'boolean': return 'bool';
    default: return value === null ? 'null' : 'object';
  }
}

// Variables and quotes in words of a Dockerfile: $NAME, ${NAME}, ${NAME:-text}, ${NAME:+text}, as its own small shell
// has them.

export type Variables = ReadonlyMap<string, string>;

/** A word without its quotes, its variables filled in. */
export function expandWord(word: string, variables: Variables): string {
  return new Expansion(word, variables).until('');
}

/** The words that a text falls into once its variables are filled in. */
export function expandWords(words: readonly string[], variables: Variables): string[] {
  return words.map((word) => expandWord(word, variables));
}

class Expansion {
  private at = 0;

  constructor(private readonly text: string, private readonly variables: Variables) {}

  until(end: string): string {
    let result = '';
    while (this.at < this.text.length && this.text[this.at] !== end) result += this.piece();
    return result;
  }

  private piece(): string {
    const char = this.text[this.at++]!;
    if (char === "'") {
      const close = this.text.indexOf("'", this.at);
      const quoted = this.text.slice(this.at, close < 0 ? undefined : close);
      this.at = close < 0 ? this.text.length : close + 1;
      return quoted;
    }
    if (char === '"') {
      const quoted = this.inQuotes();
      this.at++;
      return quoted;
    }
    if (char === '$') return this.variable();
    return char === '\\' ? this.text[this.at++] ?? '' : char;
  }

  private inQuotes(): string {
    let result = '';
    while (this.at < this.text.length && this.text[this.at] !== '"') {
      const char = this.text[this.at++]!;
      if (char === '$') result += this.variable();
      else if (char === '\\' && /["$\\]/.test(this.text[this.at] ?? '')) result += this.text[this.at++]!;
      else result += char;
    }
    return result;
  }

  private variable(): string {
    const braced = this.text[this.at] === '{';
    const name = (braced ? /^\{(\w+)/ : /^(\w+)/).exec(this.text.slice(this.at))?.[1];
    if (name === undefined) return '$';
    this.at += name.length + (braced ? 1 : 0);
    const value = this.variables.get(name);
    if (!braced) return value ?? '';
    const operator = /^:?[-+]/.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += operator.length;
    const other = this.until('}');
    this.at++;
    const isSet = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
    if (operator.endsWith('-')) return isSet ? value! : other;
    if (operator.endsWith('+')) return isSet ? other : '';
    return value ?? '';
  }
}

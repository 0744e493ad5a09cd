// The little of a shell that the cases are typed in: words, quotes, `$(…)`, pipelines, `for`.

/** A piece of a word. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly commands: readonly Stage[][]; readonly quoted: boolean }
  | { readonly kind: 'sum'; readonly parts: readonly Part[] }
  | { readonly kind: 'variable'; readonly name: string };

export type Word = readonly Part[];

export type Stage = Simple | Loop;

export interface Simple {
  readonly kind: 'simple';
  readonly words: readonly Word[];
  /** `2>&1`, `>/dev/null`, `</dev/null`. */
  readonly redirections: readonly string[];
}

export interface Loop {
  readonly kind: 'for';
  readonly variable: string;
  readonly words: readonly Word[];
  readonly body: readonly Stage[][];
}

const REDIRECTION = /^(2>&1|[12]?>\s*\/dev\/null|<\s*\/dev\/null)/;

/** Thrown for what this reader does not read. */
export class NotRead extends Error {}

export function readLine(line: string): readonly Stage[][] {
  const reader = new Reader(line);
  return reader.list(() => reader.atEnd());
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.skipBlanks();
    return this.at >= this.text.length;
  }

  /** Pipelines, until `ends` finds the end of the list. */
  list(ends: () => boolean): Stage[][] {
    const pipelines: Stage[][] = [];
    while (!ends()) {
      pipelines.push(this.pipeline());
      this.skipBlanks();
      if (this.text[this.at] === ';') this.at++;
    }
    return pipelines;
  }

  private pipeline(): Stage[] {
    const stages = [this.stage()];
    this.skipBlanks();
    while (this.text[this.at] === '|' && this.text[this.at + 1] !== '|') {
      this.at++;
      stages.push(this.stage());
      this.skipBlanks();
    }
    return stages;
  }

  private stage(): Stage {
    this.skipBlanks();
    return this.keyword('for') ? this.loop() : this.simple();
  }

  private loop(): Loop {
    this.skipBlanks();
    const variable = this.match(/^\w+/);
    this.skipBlanks();
    if (!this.keyword('in')) throw new NotRead(`a loop without in: ${this.text}`);
    const words = this.simple().words;
    this.match(/^\s*;\s*do\s/);
    const body = this.list(() => this.keyword('done'));
    return { kind: 'for', variable, words, body };
  }

  private simple(): Simple {
    const words: Word[] = [];
    const redirections: string[] = [];
    for (;;) {
      this.skipBlanks();
      const rest = this.text.slice(this.at);
      const redirection = REDIRECTION.exec(rest)?.[0];
      if (redirection !== undefined) {
        this.at += redirection.length;
        redirections.push(redirection.replace(/\s/g, ''));
      } else if (rest === '' || /^[|;)]/.test(rest)) {
        return { kind: 'simple', words, redirections };
      } else if (/^[&<>(`]/.test(rest)) {
        throw new NotRead(`${rest[0]} in a typed line`);
      } else {
        words.push(this.word());
      }
    }
  }

  private word(): Word {
    const parts: Part[] = [];
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || /[\s|;&<>)]/.test(char)) return parts;
      if (char === "'") {
        const end = this.text.indexOf("'", this.at + 1);
        parts.push({ kind: 'text', text: this.text.slice(this.at + 1, end) });
        this.at = end + 1;
      } else if (char === '"') {
        this.at++;
        parts.push({ kind: 'text', text: '' }, ...this.until('"', true));
        this.at++;
      } else {
        parts.push(this.piece(false));
      }
    }
  }

  private until(end: string, quoted: boolean): Part[] {
    const parts: Part[] = [];
    while (!this.text.startsWith(end, this.at)) {
      if (this.at >= this.text.length) throw new NotRead(`no ${end} behind: ${this.text}`);
      parts.push(this.piece(quoted));
    }
    return parts;
  }

  private piece(quoted: boolean): Part {
    if (this.text.startsWith('$((', this.at)) {
      this.at += 3;
      const parts = this.until('))', false);
      this.at += 2;
      return { kind: 'sum', parts };
    }
    if (this.text.startsWith('$(', this.at)) {
      this.at += 2;
      const commands = this.list(() => {
        this.skipBlanks();
        return this.text[this.at] === ')';
      });
      this.at++;
      return { kind: 'output', commands, quoted };
    }
    if (/^\$[A-Za-z_]/.test(this.text.slice(this.at, this.at + 2))) {
      this.at++;
      return { kind: 'variable', name: this.match(/^\w+/) };
    }
    const char = this.text[this.at++]!;
    if (char !== '\\') return { kind: 'text', text: char };
    const next = this.text[this.at++] ?? '';
    return { kind: 'text', text: quoted && !/["\\$`]/.test(next) ? `\\${next}` : next };
  }

  private keyword(word: string): boolean {
    this.skipBlanks();
    if (!new RegExp(`^${word}(?=[\\s;|)]|$)`).test(this.text.slice(this.at))) return false;
    this.at += word.length;
    return true;
  }

  private match(pattern: RegExp): string {
    const found = pattern.exec(this.text.slice(this.at))?.[0];
    if (found === undefined) throw new NotRead(`${pattern.source} expected in: ${this.text}`);
    this.at += found.length;
    return found;
  }

  private skipBlanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}

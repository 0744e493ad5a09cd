// Text on its way from one process to another, or from a file or terminal into one.

import type { TextSource } from './contract.js';

export class Pipe implements TextSource {
  onReadable: (() => void) | undefined = undefined;
  private text = '';
  private ended = false;
  private abandoned = false;

  /** A source that holds `text` and then ends. */
  static of(text: string): Pipe {
    const pipe = new Pipe();
    pipe.write(text);
    pipe.end();
    return pipe;
  }

  /** False when nobody reads any more. */
  write(text: string): boolean {
    if (this.abandoned) return false;
    if (text === '') return true;
    this.text += text;
    this.onReadable?.();
    return true;
  }

  /** No more text will come. */
  end(): void {
    this.ended = true;
    this.onReadable?.();
  }

  abandon(): void {
    this.abandoned = true;
    this.text = '';
  }

  takeLine(): { readonly line: string } | 'wait' | undefined {
    const cut = this.text.indexOf('\n');
    if (cut >= 0) {
      const line = this.text.slice(0, cut);
      this.text = this.text.slice(cut + 1);
      return { line };
    }
    if (!this.ended) return 'wait';
    if (this.text === '') return undefined;
    const line = this.text;
    this.text = '';
    return { line };
  }

  takeSome(): string | 'wait' | undefined {
    if (this.text === '') return this.ended ? undefined : 'wait';
    const { text } = this;
    this.text = '';
    return text;
  }

  takeAll(): string | 'wait' {
    if (!this.ended) return 'wait';
    const { text } = this;
    this.text = '';
    return text;
  }
}

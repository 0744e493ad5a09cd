// A terminal's line discipline: what is typed is shown, edited and cut into lines before anybody reads it, and some
// keys are signals. termios(3), with the settings a new pseudo-terminal has.

import type { Signal, TerminalView, TextSource } from './contract.js';

const ERASE = '\x7f';
const KILL_LINE = '\x15';
const ERASE_WORD = '\x17';
const END_OF_FILE = '\x04';
const SUSPEND = '\x1a';
const KEYS: ReadonlyMap<string, Signal> = new Map([['\x03', 'SIGINT'], ['\x1c', 'SIGQUIT']]);
/** N_TTY_BUF_SIZE: what is typed beyond, before the line ends, is lost. */
const LINE_MAX = 4095;

/** Between what was typed: Ctrl-D. */
const END = Symbol('end of file');

export interface TerminalPort {
  /** What whoever looks at the terminal sees. */
  readonly show: (text: string) => void;
  readonly signal: (signal: Signal) => void;
}

export class Terminal implements TextSource, TerminalView {
  onReadable: (() => void) | undefined = undefined;
  echo = true;
  lineEditing = true;
  /** The line that is being typed. */
  private line: string[] = [];
  /** What can be read. */
  private readonly typed: (string | typeof END)[] = [];

  constructor(private readonly port: TerminalPort, public rows = 24, public columns = 80) {}

  /** OPOST with ONLCR: a new line begins in the first column. */
  write(text: string): void {
    this.port.show(text.replaceAll('\n', '\r\n'));
  }

  type(text: string): void {
    for (const key of text) this.key(key === '\r' ? '\n' : key);
  }

  resize(rows: number, columns: number): void {
    if (rows === this.rows && columns === this.columns) return;
    this.rows = rows;
    this.columns = columns;
    this.port.signal('SIGWINCH');
  }

  private key(key: string): void {
    const signal = KEYS.get(key);
    if (signal !== undefined || key === SUSPEND) {
      // Nobody here can be stopped from the keyboard: without job control Ctrl-Z is only shown.
      if (this.echo) this.port.show(caret(key));
      if (signal === undefined) return;
      this.line = [];
      this.typed.splice(0);
      this.port.signal(signal);
    } else if (!this.lineEditing) {
      this.show(key);
      this.hand(key);
    } else {
      this.edit(key);
    }
  }

  private edit(key: string): void {
    switch (key) {
      case ERASE:
        this.eraseLast();
        return;
      case ERASE_WORD:
        while (/\s/.test(this.line.at(-1) ?? '')) this.eraseLast();
        while (/\S/.test(this.line.at(-1) ?? '')) this.eraseLast();
        return;
      case KILL_LINE:
        while (this.line.length > 0) this.eraseLast();
        return;
      case END_OF_FILE:
        if (this.line.length === 0) this.typed.push(END);
        else this.typed.push(this.line.splice(0).join(''));
        this.onReadable?.();
        return;
      case '\n':
        this.show(key);
        this.hand(`${this.line.splice(0).join('')}\n`);
        return;
      default:
        if (this.line.length >= LINE_MAX) return;
        this.line.push(key);
        this.show(key);
    }
  }

  private eraseLast(): void {
    const key = this.line.pop();
    if (key === undefined || !this.echo) return;
    this.port.show('\b \b'.repeat(isControl(key) ? 2 : 1));
  }

  private show(key: string): void {
    if (!this.echo) return;
    this.port.show(key === '\n' ? '\r\n' : isControl(key) ? caret(key) : key);
  }

  private hand(text: string): void {
    this.typed.push(text);
    this.onReadable?.();
  }

  // --- TextSource. An end of file is read once; who asks again waits for more. ---

  takeLine(): { readonly line: string } | 'wait' | undefined {
    let text = '';
    for (const [place, piece] of this.typed.entries()) {
      if (piece === END) {
        this.typed.splice(0, place + 1);
        return text === '' ? undefined : { line: text };
      }
      const cut = piece.indexOf('\n');
      if (cut < 0) {
        text += piece;
        continue;
      }
      const rest = piece.slice(cut + 1);
      this.typed.splice(0, place + 1, ...(rest === '' ? [] : [rest]));
      return { line: text + piece.slice(0, cut) };
    }
    return 'wait';
  }

  takeSome(): string | 'wait' | undefined {
    const piece = this.typed.shift();
    return piece === END ? undefined : piece ?? 'wait';
  }

  takeAll(): string | 'wait' {
    const end = this.typed.indexOf(END);
    if (end < 0) return 'wait';
    return this.typed.splice(0, end + 1).slice(0, -1).join('');
  }

  /** Another process may read on. */
  abandon(): void {}
}

function isControl(key: string): boolean {
  return (key < ' ' && key !== '\t') || key === ERASE;
}

/** ECHOCTL: `^C`. */
function caret(key: string): string {
  return `^${String.fromCharCode(key.charCodeAt(0) ^ 0x40)}`;
}

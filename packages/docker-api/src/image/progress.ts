// Progress of pulls, loads and builds: JSON documents, one a line, as the engine streams them.

import type { Json } from '@netreel/sim';
import type { ApiAnswer } from '../http.js';

type Line = { readonly [key: string]: Json | undefined };

export class Progress {
  private readonly lines: string[] = [];

  tell(line: Line): void {
    this.lines.push(`${JSON.stringify(line)}\r\n`);
  }

  /** A failure after the beginning is a line too: the status was sent long ago. */
  fail(message: string, code?: number): void {
    this.tell({ errorDetail: { ...(code === undefined ? {} : { code }), message }, error: message });
  }

  answer(): ApiAnswer {
    return { status: 200, body: null, output: [{ stream: 'stdout', text: this.lines.join('') }] };
  }
}

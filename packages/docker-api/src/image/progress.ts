// Progress of pulls, loads and builds: JSON documents, one a line, sent as they come.

import type { Json } from '@netreel/sim';
import type { Refusal } from '@netreel/engine';
import { NOTHING_MORE, refused } from '../answer.js';
import { DOCUMENTS_HEAD, type ApiCall } from '../call.js';
import type { ApiAnswer } from '../http.js';

type Line = { readonly [key: string]: Json | undefined };

export class Progress {
  private begun = false;

  constructor(private readonly call: ApiCall) {}

  tell(line: Line): void {
    if (!this.begun) this.call.begin(DOCUMENTS_HEAD);
    this.begun = true;
    this.call.write('stdout', `${JSON.stringify(line)}\r\n`);
  }

  /** A failure after the beginning is a line too: the status was sent long ago. */
  fail(message: string, code?: number): void {
    this.tell({ errorDetail: { ...(code === undefined ? {} : { code }), message }, error: message });
  }

  /** The end of it; a refusal before the beginning has a status of its own. */
  end(refusal?: Refusal): ApiAnswer {
    if (refusal !== undefined && !this.begun) return refused(refusal);
    if (refusal !== undefined) this.fail(refusal.message);
    if (!this.begun) this.call.begin(DOCUMENTS_HEAD);
    return NOTHING_MORE;
  }
}

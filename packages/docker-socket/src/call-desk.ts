// Calls that are under way on one host: what clients do becomes records for it, what it answers is told to them.

import type { AnswerHead, ApiAnswer, ApiRequest, OutputChunk } from '@netreel/docker-api';
import type { AnyRecord } from '@netreel/sim';
import type { CallListener, EngineDoor, OpenedCall } from './door.js';

/** Whom a lab keeps waiting: nobody; somebody for time to pass; or it waits itself, for what a person does next. */
export type Waiting = 'nobody' | 'time' | 'person';

interface Entry {
  readonly listener: CallListener;
  /** It watches what happens, and waits for nothing in particular. */
  readonly watches: boolean;
  inputOpen: boolean;
  inputEnded: boolean;
}

export class CallDesk implements EngineDoor {
  private readonly calls = new Map<number, Entry>();

  /** `nextCall` numbers calls over the whole run; `send` has the record admitted. */
  constructor(private readonly nextCall: () => number, private readonly send: (body: AnyRecord) => void) {}

  call(request: ApiRequest, listener: CallListener): OpenedCall {
    const call = this.nextCall();
    const entry: Entry = { listener, watches: isWatch(request), inputOpen: false, inputEnded: false };
    this.calls.set(call, entry);
    this.send({ type: 'ApiCalled', call, line: `${request.method} ${request.path}`, request } as unknown as AnyRecord);
    const open = (): boolean => this.calls.get(call) === entry;
    return {
      given: (text) => { if (open() && text !== '') this.send({ type: 'ApiInputGiven', call, text } as AnyRecord); },
      inputEnded: () => {
        if (!open() || entry.inputEnded) return;
        entry.inputEnded = true;
        this.send({ type: 'ApiInputEnded', call } as AnyRecord);
      },
      abandon: () => {
        if (!open()) return;
        this.calls.delete(call);
        this.send({ type: 'ApiAbandoned', call } as AnyRecord);
      },
    };
  }

  /** The host has answered; records of calls that nobody is here for are none of this desk's. */
  hear(record: AnyRecord): void {
    const { call } = record as unknown as { readonly call: number };
    const entry = this.calls.get(call);
    if (entry === undefined) return;
    const { listener } = entry;
    if (record.type === 'ApiBegun') {
      const { status, framing, duplex, media } = record as unknown as AnswerHead & { readonly media: string };
      entry.inputOpen = duplex;
      listener.begun({ status, framing, duplex, type: media });
    } else if (record.type === 'ApiStreamed') {
      listener.piece(record as unknown as OutputChunk);
    } else if (record.type === 'ApiAnswered') {
      this.calls.delete(call);
      const { status, body, output, content, headers } = record as unknown as ApiAnswer;
      listener.answered({ status, body, output: output ?? [], ...(content ? { content } : {}),
        ...(headers ? { headers } : {}) });
    }
  }

  /** Who waits for what, of all calls. */
  waiting(): Waiting {
    let waiting: Waiting = 'nobody';
    for (const { watches, inputOpen, inputEnded } of this.calls.values()) {
      if (inputOpen && !inputEnded) return 'person';
      if (!watches) waiting = 'time';
    }
    return waiting;
  }

  /** The engine is gone. */
  lose(): void {
    const entries = [...this.calls.values()];
    this.calls.clear();
    for (const { listener } of entries) listener.lost();
  }
}

/**
 * Streams that go on until their reader has had enough; and the wait that `docker run` opens beside its attach: with -d
 * it opens it too, and goes away.
 */
function isWatch({ path, query }: ApiRequest): boolean {
  if (/^\/containers\/[^/]+\/wait$/.test(path)) return ['next-exit', 'removed'].includes(query['condition'] ?? '');
  if (path === '/events') return query['until'] === undefined;
  if (/^\/containers\/[^/]+\/logs$/.test(path)) return query['follow'] === '1' || query['follow'] === 'true';
  return /^\/containers\/[^/]+\/stats$/.test(path) && query['stream'] !== '0' && query['stream'] !== 'false';
}

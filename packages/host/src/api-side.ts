// The Docker API as a node's inputs and events: calls and what clients send in them come in, answers and their pieces
// go out.

import type { AnswerHead, ApiAnswer, ApiCall, ApiRequest, CallInput, DockerApi,
  OutputChunk } from '@netreel/docker-api';
import { type AnyRecord, type Json, startOperation } from '@netreel/sim';

export class ApiSide {
  private readonly open = new Map<number, OpenCall>();

  constructor(private readonly api: DockerApi, private readonly emit: (event: AnyRecord) => void) {}

  called(number: number, request: ApiRequest): void {
    const call = new OpenCall(number, this.emit);
    this.open.set(number, call);
    call.abandon = startOperation(this.api.handle(request, call), (answer) => {
      this.open.delete(number);
      this.answered(number, answer);
    });
  }

  given(number: number, text: string): void {
    this.open.get(number)?.given(text);
  }

  inputEnded(number: number): void {
    this.open.get(number)?.inputEnded();
  }

  /** The client went away. What it only began to ask for is done all the same, as with Docker. */
  abandoned(number: number): void {
    const call = this.open.get(number);
    if (call === undefined || !call.begun) return;
    this.open.delete(number);
    call.abandon();
  }

  private answered(call: number, answer: ApiAnswer): void {
    this.emit({ type: 'ApiAnswered', call, status: answer.status, body: answer.body,
      output: (answer.output ?? []) as unknown as Json, content: answer.content ?? null,
      headers: answer.headers ?? null } as AnyRecord);
  }
}

class OpenCall implements ApiCall {
  abandon: () => void = () => undefined;
  begun = false;
  private readonly early: string[] = [];
  private earlyEnd = false;
  private input: CallInput | undefined;

  constructor(private readonly call: number, private readonly emit: (event: AnyRecord) => void) {}

  begin({ status, framing, duplex, type }: AnswerHead): void {
    this.begun = true;
    this.emit({ type: 'ApiBegun', call: this.call, status, framing, duplex, media: type } as AnyRecord);
  }

  write(stream: OutputChunk['stream'], text: string): void {
    if (text !== '') this.emit({ type: 'ApiStreamed', call: this.call, stream, text } as AnyRecord);
  }

  listen(input: CallInput): void {
    this.input = input;
    for (const text of this.early.splice(0)) input.given(text);
    if (this.earlyEnd) input.ended();
  }

  given(text: string): void {
    if (this.input === undefined) this.early.push(text);
    else this.input.given(text);
  }

  inputEnded(): void {
    if (this.input === undefined) this.earlyEnd = true;
    else this.input.ended();
  }
}

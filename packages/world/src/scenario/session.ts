// One command as a conversation: docker's command line makes several API calls, a host's shell line makes one. The
// scenario carries each call to the host and the answer back, in virtual time.

import type { ApiAnswer, ApiRequest, OutputChunk } from '@netreel/docker-api';
import { type ClientFiles, type CliResult, type Conversation, type LineFlaw, runDocker,
  splitCommandLine } from '@netreel/docker-cli';
import { type AnyRecord, type SimTime, assert } from '@netreel/sim';

/** A call that has to reach the host now. */
export interface PendingCall {
  readonly call: number;
  readonly body: AnyRecord;
  /** How long the client waits before it makes the call. */
  readonly afterNs?: SimTime;
}

export interface CommandResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Session {
  /** Goes on as far as it can; the calls to make now. */
  start(now: SimTime): readonly PendingCall[];
  /** The host answered one of the calls, or began to. */
  answered(answer: AnyRecord, now: SimTime): readonly PendingCall[];
  /** Set once the command has ended. */
  readonly result: CommandResult | undefined;
}

/**
 * Opens the conversation for a line as typed on a host. `nextCall` numbers calls over the whole run; `terminal` says
 * whether a person types, or a script runs.
 */
export function openSession(line: string, nextCall: () => number, terminal = true, apiVersion?: string,
  files?: ClientFiles): Session {
  return /^docker(\s|$)/.test(line) ? new DockerSession(line, nextCall, terminal, apiVersion, files)
    : new ShellSession(line, nextCall);
}

class ShellSession implements Session {
  result: CommandResult | undefined;

  constructor(private readonly line: string, private readonly nextCall: () => number) {}

  start(): readonly PendingCall[] {
    const call = this.nextCall();
    return [{ call, body: { type: 'HostCommanded', call, line: this.line } as AnyRecord }];
  }

  answered(answer: AnyRecord): readonly PendingCall[] {
    const ended = answer as unknown as { exitCode: number; stdout: string; stderr: string };
    this.result = { exit: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
    return [];
  }
}

class DockerSession implements Session {
  result: CommandResult | undefined;
  private client: Conversation<CliResult> | undefined;
  /** The client's own handles of calls it began. */
  private readonly begun = new Map<number, number>();
  private readonly answers = new Map<number, ApiAnswer>();
  /** Of answers that are still coming. */
  private readonly pieces = new Map<number, OutputChunk[]>();
  /** The call whose answer the client waits for; 0 while it waits for none. */
  private awaited = 0;
  private pausedNs: SimTime = 0;

  constructor(private readonly line: string, private readonly nextCall: () => number,
    private readonly terminal: boolean, private readonly apiVersion: string | undefined,
    private readonly files: ClientFiles | undefined) {}

  start(now: SimTime): readonly PendingCall[] {
    const words = splitCommandLine(this.line);
    if (!isWords(words)) {
      this.result = { exit: 2, stdout: '', stderr: `column ${words.at + 1}: ${words.problem}\n` };
      return [];
    }
    this.client = runDocker(words.slice(1), { now, terminal: this.terminal,
      ...(this.apiVersion === undefined ? {} : { apiVersion: this.apiVersion }),
      ...(this.files === undefined ? {} : { files: this.files }) });
    return this.advance(undefined);
  }

  answered(answer: AnyRecord): readonly PendingCall[] {
    if (answer.type === 'ApiBegun') return [];
    if (answer.type === 'ApiStreamed') {
      const { call, stream, text } = answer as unknown as OutputChunk & { call: number };
      const pieces = this.pieces.get(call);
      if (pieces === undefined) this.pieces.set(call, [{ stream, text }]);
      else pieces.push({ stream, text });
      return [];
    }
    const { call, status, body, output, content, headers } = answer as unknown as ApiAnswer & { call: number };
    const pieces = this.pieces.get(call) ?? [];
    this.pieces.delete(call);
    const given: ApiAnswer = { status, body, output: [...pieces, ...output ?? []], ...(content ? { content } : {}),
      ...(headers ? { headers } : {}) };
    if (call !== this.awaited) {
      this.answers.set(call, given);
      return [];
    }
    this.awaited = 0;
    return this.advance(given);
  }

  /** Hands the client what it waits for until it waits for something that is not there yet. */
  private advance(first: ApiAnswer | undefined): readonly PendingCall[] {
    assert(this.client !== undefined, 'the session was not started');
    const calls: PendingCall[] = [];
    let given = first;
    for (;;) {
      const step = this.client.next(given);
      if (step.done === true) {
        this.result = step.value;
        return calls;
      }
      const wanted = step.value;
      given = undefined;
      if (wanted.kind === 'pause') {
        this.pausedNs += wanted.ns;
        continue;
      }
      if (wanted.kind === 'answer') {
        const call = this.begun.get(wanted.handle);
        assert(call !== undefined, `the client asks for the answer of a call it never began: ${wanted.handle}`);
        given = this.answers.get(call);
        if (given !== undefined) continue;
        this.awaited = call;
        return calls;
      }
      const call = this.nextCall();
      calls.push({ call, body: this.called(call, wanted.request), afterNs: this.pausedNs });
      this.pausedNs = 0;
      // Nobody types in a scenario: what takes a stream finds it at its end, as with /dev/null.
      if (wanted.streams?.input === 'stream') calls.push({ call, body: { type: 'ApiInputEnded', call } as AnyRecord });
      if (wanted.kind === 'begin') {
        this.begun.set(wanted.handle, call);
        continue;
      }
      this.awaited = call;
      return calls;
    }
  }

  private called(call: number, request: ApiRequest): AnyRecord {
    return { type: 'ApiCalled', call, line: this.line, request } as unknown as AnyRecord;
  }
}

function isWords(words: readonly string[] | LineFlaw): words is readonly string[] {
  return Array.isArray(words);
}

// The built-in docker command line against a host that lives: its conversation is carried over the host's socket, what
// it writes appears at once, and what is typed goes in.

import { DockerClient, type SentCall } from '@netreel/docker-socket';
import { type ApiStep, type CliContext, runDocker } from '@netreel/docker-cli';
import type { ApiAnswer, ApiRequest } from '@netreel/docker-api';
import { SECOND, epochSeconds } from '@netreel/sim';
import { wallClock } from '@netreel/runtime';
import { TypedInput } from './typed-input.js';

type Asking = Extract<ApiStep, { kind: 'call' | 'begin' }>;

/** Runs one command line; its exit status. */
export async function runRemote(socketPath: string, apiVersion: string, words: readonly string[]): Promise<number> {
  const remote = new RemoteConversation(new DockerClient(socketPath, apiVersion));
  try {
    return await remote.run(words, apiVersion);
  } finally {
    remote.hangUp();
  }
}

class RemoteConversation {
  private readonly begun = new Map<number, SentCall>();
  private readonly open = new Set<SentCall>();
  private readonly input = new TypedInput();

  constructor(private readonly client: DockerClient) {}

  async run(words: readonly string[], apiVersion: string): Promise<number> {
    const context: CliContext = { now: await this.virtualNow(), apiVersion, env: environment(),
      terminal: process.stdin.isTTY === true,
      write: ({ stream, text }) => { process[stream].write(text); } };
    const conversation = runDocker(words, context);
    let given: ApiAnswer | undefined;
    for (;;) {
      const step = conversation.next(given);
      if (step.done === true) return step.value.exit;
      const carried = await Promise.race([this.carry(step.value), this.input.left]);
      if (carried === 'left') {
        process.stderr.write('read escape sequence\n');
        return 0;
      }
      given = carried;
    }
  }

  hangUp(): void {
    this.input.close();
    for (const call of this.open) call.hangUp();
  }

  private async carry(step: ApiStep): Promise<ApiAnswer | undefined> {
    switch (step.kind) {
      case 'pause':
        await wallClock.sleep(step.ns / 1_000_000);
        return undefined;
      case 'answer': return this.begun.get(step.handle)!.answer;
      case 'call': return this.send(step).answer;
      case 'begin': {
        const call = this.send(step);
        this.begun.set(step.handle, call);
        await call.begun;
        return undefined;
      }
    }
  }

  private send({ request, streams }: Asking): SentCall {
    const duplex = /^\/(containers\/[^/]+\/attach|exec\/[^/]+\/start)$/.test(request.path) && streams !== undefined;
    const call = this.client.send(request, streams === undefined ? undefined : { ...streams, duplex });
    this.open.add(call);
    void call.answer.catch(() => undefined).then(() => { this.open.delete(call); });
    if (duplex) this.connect(call, request, streams!.input);
    return call;
  }

  private connect(call: SentCall, { path }: ApiRequest, input: 'terminal' | 'stream' | undefined): void {
    void call.begun.then(() => {
      if (input === undefined) call.inputEnded();
      else this.input.connect(call, input);
      if (input === 'terminal') void this.tellSize(path.replace(/\/(attach|start)$/, '/resize'));
      else if (path.startsWith('/containers/')) this.passSignals(path.replace(/\/attach$/, '/kill'));
    });
    void call.answer.catch(() => undefined).then(() => this.input.close());
  }

  /** A container that is being started has no terminal yet: asks again, ever more slowly. */
  private async tellSize(path: string): Promise<void> {
    const tell = (): Promise<ApiAnswer> => this.client.send({ method: 'POST', path, body: null,
      query: { h: String(process.stdout.rows ?? 24), w: String(process.stdout.columns ?? 80) } }).answer;
    process.stdout.on('resize', () => { void tell().catch(() => undefined); });
    for (let attempt = 1; attempt <= 10; attempt++) {
      if ((await tell().catch(() => ({ status: 0 }))).status === 200) return;
      await wallClock.sleep(10 * attempt);
    }
  }

  private passSignals(path: string): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
      process.on(signal, () => {
        void this.client.send({ method: 'POST', path, query: { signal }, body: null }).answer.catch(() => undefined);
      });
    }
  }

  /** What time it is on the host: ages in tables count from there. */
  private async virtualNow(): Promise<number> {
    const { body } = await this.client.send({ method: 'GET', path: '/info', query: {}, body: null }).answer;
    const time = (body as { SystemTime?: string }).SystemTime ?? '';
    return Math.round((Date.parse(time) / 1000 - epochSeconds()) * SECOND);
  }
}

function environment(): ReadonlyMap<string, string> {
  return new Map(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
}

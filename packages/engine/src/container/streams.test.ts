import { startOperation } from '@netreel/sim';
import type { OutputPiece } from '../tables.js';
import { TestHost } from '../testing.js';

const EXEC = { cmd: ['sh'], env: [], workingDir: '', user: '', tty: false, privileged: false, attachStdin: true,
  attachStdout: true, attachStderr: true };

/** A client whose input a test gives. */
class Typist {
  readonly heard: OutputPiece[] = [];
  input: { given(text: string): void; ended(): void } | undefined;
  write(row: OutputPiece): void { this.heard.push(row); }
  listen(input: Typist['input']): void { this.input = input; }
}

function attached(host: TestHost, reference: string) {
  const client = new Typist();
  return { client, pending: host.begin(host.engine.attachContainer(reference, { history: false, stream: true },
    client)) };
}

describe('a client that stays with a process', () => {
  it('gives its input to the container, and its end with docker run -i', () => {
    const host = new TestHost();
    host.run('box', { openStdin: true, stdinOnce: true });
    const { client, pending } = attached(host, 'box');
    client.input!.given('ls\n');
    client.input!.ended();
    expect(host.inputs).toEqual(['box: ls\n', 'box end']);
    expect(pending.result).toBe(undefined);
    host.must(host.engine.killContainer('box'));
    expect(pending.result).toBeDefined();
  });

  it('is done when its input ends and the container keeps its own open', () => {
    const host = new TestHost();
    host.run('box', { openStdin: true });
    const { client, pending } = attached(host, 'box');
    client.input!.ended();
    expect(pending.result).toBeDefined();
    expect(host.inputs).toEqual([]);
    expect(host.row('box').status).toBe('running');
  });

  it('ends the input of an exec when it goes away, and leaves the process alone', () => {
    const host = new TestHost();
    host.run('box');
    const { id } = host.must(host.engine.createExec('box', EXEC));
    const client = new Typist();
    const goAway = startOperation(host.engine.startExec(id, client), () => undefined);
    client.input!.given('x');
    goAway();
    client.input!.given('too late');
    expect(host.inputs).toEqual(['box exec: x', 'box exec end']);
    expect(host.engine.findExec(id)).toMatchObject({ status: 'running' });
  });

  it('that went away hears nothing any more, and no other client misses a word', () => {
    const host = new TestHost();
    host.create('box', { cmd: ['echo'] });
    const gone = new Typist();
    const goAway = startOperation(host.engine.attachContainer('box', { history: false, stream: true }, gone),
      () => undefined);
    const { client, pending } = attached(host, 'box');
    goAway();
    host.must(host.engine.startContainer('box'));
    host.pass(1_000_000);
    expect(gone.heard).toEqual([]);
    expect(client.heard.map(({ text }) => text)).toEqual(['hello\nworld\n', 'oops\n']);
    expect(pending.result).toBeDefined();
  });
});

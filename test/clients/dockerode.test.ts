// A client library as its users call it, against a host of a live lab: streams, input, events, many at once.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { LiveService, placesOf, readRun, testBed, verifyRun } from '@netreel/cli';
import { fileJournal } from '@netreel/runtime';
import Docker from 'dockerode';

const home = mkdtempSync(join(tmpdir(), 'netreel-clients-'));
let service: LiveService;
let docker: Docker;

beforeAll(async () => {
  service = await LiveService.start(placesOf(home, {}), testBed(1), '', { mode: 'embedded', pace: 'max',
    apiVersion: '1.41' }, () => undefined);
  docker = new Docker({ socketPath: service.state.hosts['host1']!.replace('unix://', '') });
  await (await docker.createContainer({ Image: 'nginx', name: 'web' })).start();
});

afterAll(async () => {
  await service.down();
  const journal = fileJournal(placesOf(home, {}).runs);
  // All that was done here is lived again.
  expect(verifyRun(await readRun(journal, service.state.run)).difference).toBeUndefined();
  await journal.close();
  rmSync(home, { recursive: true });
});

function wholeOf(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (bytes: Buffer) => { text += bytes.toString('latin1'); });
    stream.on('end', () => resolve(text));
    stream.on('close', () => resolve(text));
  });
}

const frame = (stream: number, text: string): string =>
  String.fromCharCode(stream, 0, 0, 0, 0, 0, 0, text.length) + text;

describe('dockerode', () => {
  it('runs a container to its end, and hears all of it', async () => {
    const output = new PassThrough();
    const heard = wholeOf(output);
    const [ended] = await docker.run('busybox', ['sh', '-c', 'echo hi; exit 3'], output);
    output.end();
    expect([ended.StatusCode, await heard]).toEqual([3, 'hi\r\n']);
  });

  it('gives an exec its input, ends it, and reads both streams', async () => {
    const exec = await docker.getContainer('web').exec({ Cmd: ['sh', '-c', 'cat; echo oops >&2'], AttachStdin: true,
      AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin: true });
    const heard = wholeOf(stream);
    stream.write('hello\n');
    stream.end();
    expect(await heard).toBe(frame(1, 'hello\n') + frame(2, 'oops\n'));
    expect(await exec.inspect()).toMatchObject({ Running: false, ExitCode: 0 });
  });

  it('talks to a terminal', async () => {
    const exec = await docker.getContainer('web').exec({ Cmd: ['sh'], Tty: true, AttachStdin: true,
      AttachStdout: true });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
    const heard = wholeOf(stream);
    stream.write('echo $((40+2))\nexit\n');
    expect(await heard).toContain('\r\n42\r\n');
  });

  it('attaches before the start and is the container\'s standard input', async () => {
    const container = await docker.createContainer({ Image: 'busybox', Cmd: ['cat'], OpenStdin: true, StdinOnce: true,
      AttachStdin: true, AttachStdout: true });
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true });
    const heard = wholeOf(stream);
    await container.start();
    stream.write('yes\n');
    stream.end();
    expect(await heard).toBe(frame(1, 'yes\n'));
    expect(await container.wait()).toMatchObject({ StatusCode: 0 });
    await container.remove();
  });

  it('follows a log until its container ends', async () => {
    const container = await docker.createContainer({ Image: 'busybox',
      Cmd: ['sh', '-c', 'echo one; sleep 1; echo two'] });
    await container.start();
    const log = await container.logs({ follow: true, stdout: true });
    await container.wait();
    expect(await wholeOf(log)).toBe(frame(1, 'one\n') + frame(1, 'two\n'));
  });

  it('hears events as they happen, those that it asked for', async () => {
    const events = await docker.getEvents({ filters: { type: ['network'], event: ['create'] } });
    const heard = new Promise<{ Actor: { Attributes: { name: string } } }>((resolve) => {
      events.on('data', (bytes: Buffer) => resolve(JSON.parse(bytes.toString())));
    });
    await docker.createContainer({ Image: 'busybox', name: 'noise' });
    await docker.createNetwork({ Name: 'heard' });
    expect((await heard).Actor.Attributes.name).toBe('heard');
    (events as unknown as PassThrough).destroy();
  });

  it('comes two hundred times at once, and each gets its own answer', async () => {
    const made = await Promise.all(Array.from({ length: 200 }, async (_, index) => {
      const name = `many${index}`;
      const { id } = await docker.createContainer({ Image: 'busybox', name });
      const seen = await docker.listContainers({ all: true, filters: { name: [`^/${name}$`] } });
      return seen.length === 1 && seen[0]!.Id === id;
    }));
    expect(made.filter((right) => right)).toHaveLength(200);
  });

  it('is told of a mistake by status and message', async () => {
    await expect(docker.getContainer('nosuch').inspect()).rejects.toMatchObject({ statusCode: 404,
      json: { message: 'No such container: nosuch' } });
  });
});

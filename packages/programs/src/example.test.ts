// The example of docs/programs.md, taken from the page.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECOND } from '@netreel/sim';
import type { Program } from './contract.js';
import { Processes } from './processes.js';
import { serve } from './program/service/serve.js';
import { catalogue } from './catalogue.js';
import { twoContainers } from './testing.js';

const page = readFileSync(join(__dirname, '../../../docs/programs.md'), 'utf8');
const source = /```ts\n([^]*?)```/.exec(page)![1]!;
// Its types stand in one line; without them it is a script.
const script = source.replace('export ', '').replace('sys: Sys, argv: readonly string[]): Operation<number>',
  'sys, argv)');
const shout = new Function('serve', `${script}; return shout;`)(serve) as Program;

describe('the example', () => {
  it('serves', () => {
    const lab = twoContainers();
    const processes = new Processes(lab.port, new Map([...catalogue, ['shout', shout]]));
    let exitCode: number | undefined;
    const pid = processes.start({ argv: ['shout', '7000'], env: new Map(), netns: 'b', hostname: 'b', files: lab.files,
      init: true, stdin: 'closed', tty: false, privileged: false },
    { write: () => undefined, ended: (code) => { exitCode = code; } })!;
    lab.pass(SECOND);
    expect(lab.run('a', ['sh', '-c', '{ echo hello; sleep 1; } | nc -w 2 172.18.0.3 7000 & sleep 2; kill $!'], {}, 5)
      .stdout).toBe('HELLO\n');
    processes.signal(pid, 'SIGTERM');
    lab.pass(SECOND);
    expect(exitCode).toBe(0);
  });

  it('answers a wrong call', () => {
    const lab = twoContainers();
    const processes = new Processes(lab.port, new Map([['shout', shout]]));
    const written: string[] = [];
    processes.start({ argv: ['shout', 'x'], env: new Map(), netns: 'a', hostname: 'a', files: lab.files, init: true,
      stdin: 'closed', tty: false, privileged: false }, { write: (_stream, text) => { written.push(text); },
      ended: () => undefined });
    lab.pass(1);
    expect(written).toEqual(['shout: a port is wanted\n']);
  });
});

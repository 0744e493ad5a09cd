import type { OutputPiece } from '../tables.js';
import { TestHost } from '../testing.js';

const EXEC = { cmd: ['sh'], env: [], workingDir: '', user: '', tty: false, privileged: false, attachStdin: false,
  attachStdout: true,
  attachStderr: true };

describe('exec', () => {
  it('runs to its end and answers what it wrote', () => {
    const host = new TestHost();
    host.run('box');
    const { id } = host.must(host.engine.createExec('box', { ...EXEC, cmd: ['echo'] }));
    const heard: OutputPiece[] = [];
    host.must(host.engine.startExec(id, { write: (row) => heard.push(row) }));
    expect(heard).toEqual([{ stream: 'stdout', text: 'hello\nworld\n' }, { stream: 'stderr', text: 'oops\n' }]);
    expect(host.engine.findExec(id)).toMatchObject({ status: 'ended', exitCode: 0 });
  });

  it('says on standard output that there is no such program, with 126', () => {
    const host = new TestHost();
    host.run('box');
    const { id } = host.must(host.engine.createExec('box', { ...EXEC, cmd: ['nosuchcommand'] }));
    const heard: OutputPiece[] = [];
    host.must(host.engine.startExec(id, { write: (row) => heard.push(row) }));
    expect(heard).toEqual([{ stream: 'stdout',
      text: 'OCI runtime exec failed: exec ' +
      'failed: unable to start container process: ' +
      'exec: "nosuchcommand": executable file not found in $PATH: unknown\r\n' }]);
    expect(host.engine.findExec(id)).toMatchObject({ exitCode: 126 });
  });

  it('needs a container that runs and is not paused', () => {
    const host = new TestHost();
    const id = host.run('web');
    host.must(host.engine.pauseContainer('web'));
    expect(host.refusal(host.engine.createExec('web',
      EXEC))).toBe('Container web is paused, unpause the container before exec');
    host.must(host.engine.unpauseContainer('web'));
    host.must(host.engine.stopContainer('web', 0));
    expect(host.refusal(host.engine.createExec('web', EXEC))).toBe(`Container ${id} is not running`);
  });

  it('ends with its container', () => {
    const host = new TestHost();
    host.run('box');
    const { id } = host.must(host.engine.createExec('box', EXEC));
    const pending = host.begin(host.engine.startExec(id, { write: () => undefined }));
    expect(pending.result).toBe(undefined);
    host.must(host.engine.killContainer('box'));
    expect(pending.result).toEqual({ value: undefined });
    expect(host.engine.findExec(id)).toMatchObject({ status: 'ended', exitCode: 137 });
  });

  it('has the container\'s variables, then its own', () => {
    const host = new TestHost();
    const box = host.run('box', { env: ['COLOUR=red'], hostname: 'desk', tty: true });
    const { id } = host.must(host.engine.createExec('box', { ...EXEC, env: ['COLOUR=blue'], workingDir: '/tmp' }));
    expect(host.engine.processSettings(box, id)).toEqual({ argv: ['sh'], hostname: 'desk', tty: false,
      openStdin: false, workingDir: '/tmp',
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOSTNAME=desk', 'COLOUR=blue',
        'HOME=/root'] });
  });
});

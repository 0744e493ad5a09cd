import { MILLISECOND, NEVER, SECOND } from '@netreel/sim';
import type { Program } from './contract.js';
import { Processes } from './processes.js';
import { alone, twoContainers } from './testing.js';

describe('the process table', () => {
  it('knows programs by bare name and by path', () => {
    const { processes } = alone();
    for (const name of ['ping', '/bin/ping', '/usr/bin/env', '/usr/sbin/nginx', '/docker-entrypoint.sh',
      'docker-entrypoint.sh', '/bin/bash']) {
      expect([name, processes.has(name)]).toEqual([name, true]);
    }
    for (const name of ['nosuch', '/opt/ping', '', '/bin/']) expect([name, processes.has(name)]).toEqual([name, false]);
    expect(processes.start({ argv: ['nosuch'], env: new Map(), netns: 'alone', hostname: '', files: alone().files,
      init: true,
      stdin: 'closed', tty: false, privileged: false },
        { write: () => undefined, ended: () => undefined })).toBeUndefined();
  });

  it('does nothing of a program, not even its end, before start has returned', () => {
    const lab = alone();
    const ran = lab.start('alone', ['echo', 'hi']);
    expect([ran.stdout, ran.exitCode]).toEqual(['', undefined]);
    lab.pass(0);
    expect([ran.stdout, ran.exitCode]).toEqual(['hi\n', 0]);
  });

  it('sends what a terminal shows one way only', () => {
    const ran = alone().run('alone', ['ls', '/nosuch'], { tty: true });
    expect([ran.stdout, ran.stderr]).toEqual(['ls: /nosuch: No such file or directory\r\n', '']);
  });

  it('leaves a shell waiting at an open input, and ends it at a closed one', () => {
    const lab = alone();
    const open = lab.start('alone', ['sh'], { stdin: 'open', init: true });
    const closed = lab.start('alone', ['sh'], { init: true });
    lab.pass(1000 * SECOND);
    expect([open.exitCode, closed.exitCode]).toEqual([undefined, 0]);
    lab.processes.input(open.pid, 'echo typed; if true\n');
    lab.processes.input(open.pid, 'then exit 4; fi\n');
    lab.pass(1);
    expect([open.stdout, open.exitCode]).toEqual(['typed\n', 4]);
  });

  it('takes a script from its input', () => {
    const ran = alone().run('alone', ['sh'], { stdin: { text: 'read x\nline\necho "got $x"\n' } });
    expect(ran.stdout).toBe('got line\n');
  });
});

describe('signals', () => {
  const signalled = (argv: string[], signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGQUIT' | 'SIGWINCH',
    init: boolean): number | undefined => {
    const lab = alone();
    const ran = lab.start('alone', argv, { init });
    lab.after(SECOND, () => lab.processes.signal(ran.pid, signal));
    lab.pass(2 * SECOND);
    return ran.exitCode;
  };

  it.each([
    [['sleep', '600'], 'SIGTERM', false, 143],
    [['sleep', '600'], 'SIGINT', false, 130],
    [['sleep', '600'], 'SIGKILL', false, 137],
    [['sleep', '600'], 'SIGWINCH', false, undefined],
    [['sleep', '600'], 'SIGTERM', true, undefined],
    [['sleep', 'inf'], 'SIGINT', true, undefined],
    [['sleep', '600'], 'SIGKILL', true, 137],
    [['/docker-entrypoint.sh', 'nginx', '-g', 'daemon off;'], 'SIGQUIT', true, 0],
    [['docker-entrypoint.sh', 'mysqld'], 'SIGTERM', true, 0],
    [['redis-server'], 'SIGTERM', true, 0],
    [['sh', '-c', 'sleep 600'], 'SIGTERM', false, 143],
    [['sh', '-c', 'trap "exit 7" TERM; sleep 600 & wait'], 'SIGTERM', true, 7],
  ] as const)('%j %s init=%s ends with %s', (argv, signal, init, exitCode) => {
    expect(signalled([...argv], signal, init)).toBe(exitCode);
  });

  it('reach everything in the foreground of a terminal from its keyboard', () => {
    const lab = twoContainers();
    const ran = lab.start('a', ['sh', '-c', 'ping 172.18.0.3; echo after'], { tty: true });
    lab.after(1500 * MILLISECOND, () => lab.processes.input(ran.pid, '\x03'));
    lab.pass(2 * SECOND);
    expect(ran.stdout).toContain('2 packets transmitted, 2 packets received');
    expect(ran.exitCode).toBe(130);
  });

  it('end the writer of a pipe that nobody reads', () => {
    const lab = twoContainers();
    const ran = lab.run('a', ['sh', '-c', 'ping 172.18.0.3 | head -n 1; echo done'], {}, 5);
    expect(ran.stdout).toBe('PING 172.18.0.3 (172.18.0.3): 56 data bytes\ndone\n');
    const cut = lab.run('a', ['sh', '-c', 'ping 172.18.0.3 | { read x; echo "$x"; }; echo done'], {}, 5);
    expect(cut.stdout).toBe('PING 172.18.0.3 (172.18.0.3): 56 data bytes\ndone\n');
  });
});

describe('an ending process', () => {
  it('closes its sockets and takes its children along', () => {
    const lab = twoContainers();
    const ran = lab.start('a', ['sh', '-c', 'udpecho 7 & udpecho 8; true']);
    lab.pass(SECOND);
    expect(lab.kernel.tables.sockets.size).toBe(2);
    lab.processes.signal(ran.pid, 'SIGKILL');
    lab.pass(1);
    expect([ran.exitCode, lab.kernel.tables.sockets.size]).toEqual([137, 0]);
  });

  it('abandons the program, whose finally blocks run', () => {
    const lab = alone();
    let cleaned = false;
    const waiting: Program = function* (sys) {
      try {
        yield* sys.waitReadable([], NEVER);
        return 0;
      } finally {
        cleaned = true;
      }
    };
    const processes = new Processes(lab.port, new Map([['waiting', waiting]]));
    const pid = processes.start({ argv: ['waiting'], env: new Map(), netns: 'alone', hostname: '', files: lab.files,
      init: true,
      stdin: 'closed', tty: false, privileged: false }, { write: () => undefined, ended: () => undefined })!;
    lab.pass(1);
    processes.signal(pid, 'SIGKILL');
    expect(cleaned).toBe(true);
  });
});

describe('a paused process', () => {
  it('sleeps on until it is resumed, its children with it', () => {
    const lab = alone();
    const ran = lab.start('alone', ['sh', '-c', 'sleep 1; echo one; sleep 1; echo two']);
    lab.after(500 * MILLISECOND, () => lab.processes.pause(ran.pid));
    lab.after(5 * SECOND, () => lab.processes.resume(ran.pid));
    lab.pass(4 * SECOND);
    expect(ran.stdout).toBe('');
    lab.pass(SECOND);
    expect(ran.stdout).toBe('one\n');
    lab.pass(SECOND);
    expect([ran.stdout, ran.endedAt]).toEqual(['one\ntwo\n', 6 * SECOND]);
  });

  it('heeds only SIGKILL', () => {
    const lab = alone();
    const ran = lab.start('alone', ['sleep', '600']);
    lab.pass(1);
    lab.processes.pause(ran.pid);
    lab.processes.signal(ran.pid, 'SIGTERM');
    lab.pass(SECOND);
    expect(ran.exitCode).toBeUndefined();
    lab.processes.resume(ran.pid);
    lab.pass(1);
    expect(ran.exitCode).toBe(143);
    const other = lab.start('alone', ['sleep', '600']);
    lab.pass(1);
    lab.processes.pause(other.pid);
    lab.processes.signal(other.pid, 'SIGKILL');
    lab.pass(1);
    expect(other.exitCode).toBe(137);
  });
});

describe('a loop that never waits', () => {
  it('lets time pass', () => {
    const lab = alone();
    const ran = lab.start('alone', ['sh', '-c', 'while true; do :; done']);
    lab.pass(SECOND);
    expect(lab.machine.now()).toBe(SECOND);
    lab.processes.signal(ran.pid, 'SIGTERM');
    lab.pass(1);
    expect(ran.exitCode).toBe(143);
  });
});

import { alone } from '../../testing.js';

describe('small programs', () => {
  const spec = { env: new Map([['PATH', '/bin'], ['COLOUR', 'red']]), hostname: 'desk.lab', workdir: '/tmp' };

  it.each([
    ['env', 'PATH=/bin\nCOLOUR=red\n', '', 0],
    ['env COLOUR=blue printenv COLOUR', 'blue\n', '', 0],
    ['env -i A=1 env', 'A=1\n', '', 0],
    ['env nosuch', '', "env: can't execute 'nosuch': No such file or directory\n", 127],
    ['printenv NOPE', '', '', 1],
    ['hostname', 'desk.lab\n', '', 0],
    ['hostname -s', 'desk\n', '', 0],
    ['hostname other', '', 'hostname: sethostname: Operation not permitted\n', 1],
    ['id -u', '0\n', '', 0],
    ['whoami', 'root\n', '', 0],
    ['pwd', '/tmp\n', '', 0],
    ['true', '', '', 0],
    ['false', '', '', 1],
    ['sleep x', '', "sleep: invalid number 'x'\n", 1],
    ['which ping nosuch', '/bin/ping\n', '', 1],
    ['ls /etc', 'hosts\nresolv.conf\n', '', 0],
    ['ls /nosuch', '', 'ls: /nosuch: No such file or directory\n', 1],
    ['cat note /nosuch', 'hi\n', "cat: can't open '/nosuch': No such file or directory\n", 1],
    ['grep -c nameserver /etc/resolv.conf', '1\n', '', 0],
    ['test -f note', '', '', 0],
    ['[ -d note ]', '', '', 1],
  ])('%s', (line, stdout, stderr, exitCode) => {
    const lab = alone();
    lab.files.put('/etc/resolv.conf', 'nameserver 192.168.65.1\n');
    lab.files.put('/tmp/note', 'hi\n');
    const ran = lab.run('alone', line.split(' '), spec);
    expect([ran.stdout, ran.stderr, ran.exitCode]).toEqual([stdout, stderr, exitCode]);
  });

  it('sleeps for the sum of its arguments', () => {
    expect(alone().run('alone', ['sleep', '1m', '1.5', '2s'], {}, 100).endedAt).toBe(63_500_000_000);
  });
});

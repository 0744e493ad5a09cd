// Texts of the cases bridge-tcp-between-containers, netstat-listening and host-mode-port-in-use, and of busybox 1.35
// where no case has them.

import { MILLISECOND, SECOND } from '@netreel/sim';
import { type ProgramsUnderTest, twoContainers } from '../../testing.js';
import { logTime } from './log-time.js';
import { TextReader, bytesOf } from './text-bytes.js';

const PAGE = '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n' +
  '<h1>Welcome to nginx!</h1>\n</body>\n</html>\n';

function serving(...argv: readonly string[]): ProgramsUnderTest {
  const lab = twoContainers();
  lab.start('b', argv);
  lab.pass(SECOND);
  return lab;
}

describe('wget', () => {
  it('fetches a page', () => {
    const ran = serving('nginx', '-g', 'daemon off;').run('a', ['wget', '-qO-', 'http://172.18.0.3']);
    expect(ran).toMatchObject({ stdout: PAGE, stderr: '', exitCode: 0 });
  });

  it('says what it does unless told to be quiet', () => {
    const lab = serving('nginx');
    expect(lab.run('a', ['wget', '-O', '-', 'http://172.18.0.3/index.html']).stderr)
      .toBe('Connecting to 172.18.0.3 (172.18.0.3:80)\nwriting to stdout\n'
        + '-                    100% |********************************|   121  0:00:00 ETA\nwritten to stdout\n');
    expect(lab.run('a', ['sh', '-c', 'cd /tmp; wget -q 172.18.0.3; cat index.html']).stdout).toBe(PAGE);
  });

  it.each([
    [['http://172.18.0.3/missing'], 'wget: server returned error: HTTP/1.1 404 Not Found\n'],
    [['http://172.18.0.3:81'], "wget: can't connect to remote host (172.18.0.3): Connection refused\n"],
    [['http://nosuch'], "wget: bad address 'nosuch'\n"],
    [['-T', '2', 'http://172.18.0.99'], 'wget: download timed out\n'],
    [['http://172.18.0.99'], "wget: can't connect to remote host (172.18.0.99): No route to host\n"],
    [['ftp://172.18.0.3'], 'wget: not an http or ftp url: ftp://172.18.0.3\n'],
  ])('%j: %s', (words, text) => {
    const ran = serving('nginx').run('a', ['wget', '-qO-', ...words]);
    expect(ran).toMatchObject({ stdout: '', stderr: text, exitCode: 1 });
  });

  it('fetches a file of a megabyte from httpd', () => {
    const lab = twoContainers();
    const content = 'ä line of text\n'.repeat(10_000);
    lab.files.put('/srv/big', content);
    lab.start('b', ['httpd', '-f', '-p', '8080', '-h', '/srv']);
    lab.pass(SECOND);
    const ran = lab.run('a', ['wget', '-qO-', 'http://172.18.0.3:8080/big']);
    expect(ran.stdout === content).toBe(true);
    expect(lab.run('a', ['wget', '-qO-', 'http://172.18.0.3:8080/../etc/hosts']).exitCode).toBe(1);
    expect(lab.kernel.pool.taken).toBe(0);
  });
});

describe('curl', () => {
  it('shows a page, its head, or writes it to a file', () => {
    const lab = serving('nginx');
    expect(lab.run('a', ['curl', '-s', '172.18.0.3']).stdout).toBe(PAGE);
    expect(lab.run('a', ['curl', '-sI', 'http://172.18.0.3/']).stdout).toMatch(
      /^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.23\.4\r\n[^]*\r\n\r\n$/);
    expect(lab.run('a', ['sh', '-c', 'curl -so /tmp/page 172.18.0.3 && cat /tmp/page']).stdout).toBe(PAGE);
  });

  it.each([
    [['-sS', '172.18.0.3:81'], 7,
      /^curl: \(7\) Failed to connect to 172\.18\.0\.3 port 81 after \d+ ms: Couldn't connect/],
    [['-sS', 'http://nosuch'], 6, /^curl: \(6\) Could not resolve host: nosuch\n$/],
    [['-sS', '-m', '1', '172.18.0.99'], 28, /^curl: \(28\) Connection timed out after 1\d{3} milliseconds\n$/],
    [['-s', '172.18.0.3:81'], 7, /^$/], [[], 2, /^curl: try /],
  ] as const)('%j ends with %i', (words, exitCode, text) => {
    const ran = serving('nginx').run('a', ['curl', ...words]);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.stderr).toMatch(text);
  });
});

describe('nc', () => {
  it('brings what was piped in, and what comes back', () => {
    expect(serving('redis-server').run('a', ['sh', '-c', "printf 'PING\\r\\n' | nc 172.18.0.3 6379"]))
      .toMatchObject({ stdout: '+PONG\r\n', exitCode: 0 });
    const database = twoContainers();
    database.start('b', ['mysqld'], { env: new Map([['MYSQL_VERSION', '5.7.8']]) });
    database.pass(SECOND);
    expect(database.run('a', ['nc', '-w', '2', '172.18.0.3', '3306']))
      .toMatchObject({ stdout: 'mysql 5.7.8\n', exitCode: 0 });
  });

  it.each([
    ['172.18.0.3', "nc: can't connect to remote host (172.18.0.3): Connection refused\n"],
    ['172.18.0.99', 'nc: timed out\n'], ['nosuch', "nc: bad address 'nosuch'\n"],
  ])('%s: %s', (host, text) => {
    expect(twoContainers().run('a', ['nc', '-w', '2', host, '81'])).toMatchObject({ stderr: text, exitCode: 1 });
  });

  it('listens for one connection, and for more with -ll', () => {
    const lab = twoContainers();
    const one = lab.start('b', ['nc', '-l', '-p', '9000']);
    const more = lab.start('b', ['nc', '-ll', '-p', '9001', '-e', 'echo', 'you']);
    lab.pass(SECOND);
    expect(lab.run('a', ['sh', '-c', 'echo hello | nc 172.18.0.3 9000']).exitCode).toBe(0);
    expect(one).toMatchObject({ stdout: 'hello\n', exitCode: 0 });
    expect(lab.run('a', ['nc', '172.18.0.3', '9000']).exitCode).toBe(1);
    expect(lab.run('a', ['nc', '172.18.0.3', '9001']).exitCode).toBe(0);
    expect(lab.run('a', ['nc', '172.18.0.3', '9001']).exitCode).toBe(0);
    expect(more.exitCode).toBeUndefined();
  });

  it('its connection ends with the process', () => {
    const lab = serving('redis-server');
    const ran = lab.start('a', ['nc', '172.18.0.3', '6379'], { stdin: 'open' });
    lab.pass(SECOND);
    const states = (): (string | undefined)[] => [...lab.kernel.tables.sockets.values()].map(({ state }) => state);
    expect(states()).toEqual(['LISTEN', 'ESTABLISHED', 'ESTABLISHED']);
    lab.processes.signal(ran.pid, 'SIGKILL');
    lab.pass(SECOND);
    expect(states()).toEqual(['LISTEN', 'TIME-WAIT']);
  });
});

describe('servers', () => {
  it('a port that is taken ends nginx with its own words', () => {
    const lab = serving('nginx');
    const second = lab.run('b', ['nginx']);
    expect(second).toMatchObject({ exitCode: 1,
      stdout: 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n' });
  });

  it('nginx writes down who asked for what', () => {
    const lab = twoContainers();
    const server = lab.start('b', ['nginx']);
    lab.pass(SECOND);
    lab.run('a', ['wget', '-qO-', '172.18.0.3']);
    lab.run('a', ['wget', '-qO-', '172.18.0.3/missing']);
    const [first, second] = server.stdout.split('\n');
    expect(first).toBe('172.18.0.2 - - [01/Jan/2024:00:00:01 +0000] "GET / HTTP/1.1" 200');
    expect(second).toContain('"GET /missing HTTP/1.1" 404');
    const day = 24 * 3600 * SECOND;
    expect([59, 60, 366].map((days) => logTime(days * day + 3_661 * SECOND))).toEqual(['29/Feb/2024:01:01:01 +0000',
      '01/Mar/2024:01:01:01 +0000', '01/Jan/2025:01:01:01 +0000']);
  });

  it('netstat shows who listens, and connections', () => {
    const lab = serving('nginx');
    expect(lab.run('b', ['netstat', '-ltn']).stdout.replace(/ +$/gm, '')).toBe(
      'Active Internet connections (only servers)\n' +
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State\n' +
      'tcp        0      0 :::80                   :::*                    LISTEN\n');
    lab.start('a', ['nc', '172.18.0.3', '80'], { stdin: 'open' });
    lab.pass(100 * MILLISECOND);
    expect(lab.run('b', ['netstat', '-tn'], {}, 1).stdout).toMatch(
      /\ntcp        0      0 172\.18\.0\.3:80           172\.18\.0\.2:\d{5}  +ESTABLISHED/);
  });

  it('a server that stops lets its port go', () => {
    const lab = twoContainers();
    const first = lab.start('b', ['nginx']);
    lab.pass(SECOND);
    lab.processes.signal(first.pid, 'SIGQUIT');
    lab.pass(SECOND);
    expect(first.exitCode).toBe(0);
    lab.start('b', ['nginx']);
    lab.pass(SECOND);
    expect(lab.run('a', ['wget', '-qO-', '172.18.0.3']).stdout).toBe(PAGE);
  });
});

describe('text in pieces', () => {
  it('survives a cut at any byte', () => {
    const text = 'aä€😀z';
    const bytes = bytesOf(text);
    expect(bytes).toEqual(new TextEncoder().encode(text));
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new TextReader();
      expect(reader.read(bytes.subarray(0, cut)) + reader.read(bytes.subarray(cut))).toBe(text);
    }
  });
});

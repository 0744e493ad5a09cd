// Conversations as the real servers hold them: Redis 7.0, MySQL 5.7, PostgreSQL 15.

import { SECOND } from '@netreel/sim';
import { type ProgramsUnderTest, twoContainers } from '../../testing.js';

function serving(argv: readonly string[], env: ReadonlyMap<string, string> = new Map()): ProgramsUnderTest {
  const lab = twoContainers();
  lab.start('b', argv, { env });
  lab.pass(SECOND);
  return lab;
}

describe('redis', () => {
  const lab = serving(['redis-server']);
  const tell = (...words: readonly string[]): string => lab.run('a', ['redis-cli', '-h', '172.18.0.3', ...words], {}, 1)
    .stdout;

  it.each([
    ['PING', 'PONG'], ['ECHO hey', 'hey'], ['SET k v', 'OK'], ['GET k', 'v'], ['GET none', ''], ['EXISTS k none', '1'],
    ['INCR n', '1'], ['INCRBY n 41', '42'], ['DECR n', '41'], ['INCR k', 'ERR value is not an integer or out of range'],
    ['APPEND k w', '2'], ['STRLEN k', '2'], ['TYPE k', 'string'], ['KEYS *', 'k\nn'], ['DBSIZE', '2'], ['DEL k', '1'],
    ['RPUSH l a b c', '3'], ['LRANGE l 0 -1', 'a\nb\nc'], ['LPOP l', 'a'], ['LLEN l', '2'],
    ['GET l', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
    ['HSET h f 1 g 2', '2'], ['HGETALL h', 'f\n1\ng\n2'], ['HDEL h f', '1'], ['SADD s x y x', '2'], ['SCARD s', '2'],
    ['SET k v NX', 'OK'], ['SET k w NX', ''], ['SET k w XX GET', 'v'],
      ['SET k', "ERR wrong number of arguments for 'set'"
      + ' command'], ['NOSUCH a b', "ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' "],
    ['SET k v WHAT', 'ERR syntax error'], ['SELECT 3', 'ERR DB index is out of range'], ['FLUSHALL', 'OK'],
  ])('%s: %s', (command, answer) => {
    expect(tell(...command.split(' '))).toBe(`${answer}\n`);
  });

  it('forgets what has expired', () => {
    tell('SET', 'brief', 'x', 'EX', '10');
    expect(tell('TTL', 'brief')).toMatch(/^(10|9)\n$/);
    lab.pass(10 * SECOND);
    expect([tell('GET', 'brief'), tell('TTL', 'brief')]).toEqual(['\n', '-2\n']);
  });

  it('tells about itself', () => {
    expect(tell('INFO')).toContain('redis_version:7.0.10\r\n');
  });

  it('shows types at a terminal, and takes commands from it', () => {
    const ran = lab.start('a', ['redis-cli', '-h', '172.18.0.3'], { tty: true, stdin: 'open' });
    for (const line of ['set a "x y"\r', 'get a\r', 'incr c\r', 'get none\r', 'keys none\r', 'exit\r']) {
      lab.pass(SECOND);
      lab.processes.input(ran.pid, line);
    }
    lab.pass(SECOND);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout.split('\r\n').filter((line) => !line.includes('>'))).toEqual(['OK', '"x y"', '(integer) 1',
      '(nil)',
      '(empty array)', '']);
  });

  it('answers one line after the other, and what is no protocol with an error', () => {
    const nc = (text: string): string =>
      lab.run('a', ['sh', '-c', `printf '${text}' | nc 172.18.0.3 6379`], {}, 2).stdout;
    expect(nc('PING\\r\\n*1\\r\\n$4\\r\\nPING\\r\\nQUIT\\r\\n')).toBe('+PONG\r\n+PONG\r\n+OK\r\n');
    expect(nc('*1\\r\\n$x\\r\\n')).toBe('-ERR Protocol error: invalid bulk length\r\n');
  });

  it('is missed by its client in the real one\'s words', () => {
    expect(lab.run('a', ['redis-cli', '-h', '172.18.0.2', 'ping'])).toMatchObject({ exitCode: 1, stdout: '',
      stderr: 'Could not connect to Redis at 172.18.0.2:6379: Connection refused\n' });
  });
});

describe('mysql', () => {
  it('greets with a handshake of protocol 10', () => {
    const lab = serving(['mysqld'], new Map([['MYSQL_VERSION', '5.7.42-1debian10']]));
    const greeting = lab.run('a', ['nc', '172.18.0.3', '3306'], {}, 2).stdout;
    expect(greeting.slice(4, 12)).toBe('\n5.7.42\0');
    expect(greeting).toMatch(/mysql_native_password\0$/);
  });

  it('is alive to mysqladmin, or is not', () => {
    const lab = serving(['mysqld'], new Map([['MYSQL_VERSION', '5.7.42']]));
    expect(lab.run('a', ['mysqladmin', '-h', '172.18.0.3', 'ping'])).toMatchObject({ stdout: 'mysqld is alive\n',
      exitCode: 0 });
    const dead = lab.run('a', ['mysqladmin', '-h172.18.0.2', 'ping']);
    expect(dead.exitCode).toBe(1);
    expect(dead.stderr).toContain("error: 'Can't connect to MySQL server on '172.18.0.2' (111)'");
  });
});

describe('postgres', () => {
  const lab = serving(['postgres']);

  it('says whether it accepts connections', () => {
    expect(lab.run('a', ['pg_isready', '-h', '172.18.0.3'])).toMatchObject({ exitCode: 0,
      stdout: '172.18.0.3:5432 - accepting connections\n' });
    expect(lab.run('a', ['pg_isready', '-h', '172.18.0.2'])).toMatchObject({ exitCode: 2,
      stdout: '172.18.0.2:5432 - no response\n' });
  });

  it('asks for a proof and believes none', () => {
    const startup = '\\0\\0\\0\\023\\0\\003\\0\\0user\\0amy\\0\\0\\0';
    const { stdout } = lab.run('a', ['sh', '-c', `printf '${startup}p\\0\\0\\0\\004' | nc 172.18.0.3 5432`], {}, 2);
    expect(stdout).toContain('SCRAM-SHA-256');
    expect(stdout).toContain('C28P01\0Mpassword authentication failed for user "amy"');
  });
});

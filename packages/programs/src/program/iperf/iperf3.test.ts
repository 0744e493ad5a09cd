// Lines as iperf3 3.12 printed them; amounts that depend on the line are left out.

import { SECOND } from '@netreel/sim';
import { type ProgramsUnderTest, twoContainers } from '../../testing.js';

const RULE = '- - - - - - - - - - - - - - - - - - - - - - - - -';

function measured(...words: readonly string[]): { client: string[]; server: string[]; exitCode: number | undefined;
  lab: ProgramsUnderTest } {
  const lab = twoContainers();
  const server = lab.start('b', ['iperf3', '-s', '-1']);
  lab.pass(SECOND);
  const ran = lab.run('a', ['iperf3', '-c', '172.18.0.3', ...words], {}, 20);
  expect(ran.stderr + server.stderr).toBe('');
  expect(server.exitCode).toBe(0);
  const lines = (text: string): string[] => text.replace(/port \d{5}/g, 'port <p>').split('\n');
  return { client: lines(ran.stdout), server: lines(server.stdout), exitCode: ran.exitCode, lab };
}

describe('iperf3 over TCP', () => {
  it('tells of every second, and at the end of both sides', () => {
    const { client, server, exitCode, lab } = measured('-t', '2', '-b', '10M');
    expect(exitCode).toBe(0);
    const window = /( {4}0) {3}.{11} {7}$/;
    const masked = client.map((line) => line.replace(window, '    0   <cwnd>'));
    expect(masked).toEqual([
      'Connecting to host 172.18.0.3, port 5201',
      '[  5] local 172.18.0.2 port <p> connected to 172.18.0.3 port 5201',
      '[ ID] Interval           Transfer     Bitrate         Retr  Cwnd',
      '[  5]   0.00-1.00   sec  1.25 MBytes  10.5 Mbits/sec    0   <cwnd>',
      '[  5]   1.00-2.00   sec  1.25 MBytes  10.5 Mbits/sec    0   <cwnd>',
      RULE,
      '[ ID] Interval           Transfer     Bitrate         Retr',
      '[  5]   0.00-2.00   sec  2.50 MBytes  10.5 Mbits/sec    0             sender',
      '[  5]   0.00-2.00   sec  2.50 MBytes  10.5 Mbits/sec                  receiver',
      '', 'iperf Done.', '']);
    expect(server.slice(3, 6)).toEqual(['Accepted connection from 172.18.0.2, port <p>',
      '[  5] local 172.18.0.3 port 5201 connected to 172.18.0.2 port <p>',
      '[ ID] Interval           Transfer     Bitrate']);
    expect(server.slice(-3)).toEqual(['[ ID] Interval           Transfer     Bitrate',
      '[  5]   0.00-2.00   sec  2.50 MBytes  10.5 Mbits/sec                  receiver', '']);
    expect(lab.kernel.pool.taken).toBe(0);
  });

  it('ends after so many bytes, over several streams', () => {
    const { client, exitCode } = measured('-n', '1M', '-P', '2');
    expect(exitCode).toBe(0);
    expect(client.filter((line) => line.includes('sender')).map((line) => [line.slice(0, 5), line.slice(25, 36)]))
      .toEqual([['[  5]', ' 512 KBytes'], ['[  7]', ' 512 KBytes'], ['[SUM]', '1.00 MBytes']]);
    expect(client.filter((line) => line.includes('receiver'))).toHaveLength(3);
  });

  it('lets the server send', () => {
    const { client, server } = measured('-t', '1', '-R', '-b', '10M', '-M', '500');
    expect(client[1]).toBe('Reverse mode, remote host 172.18.0.3 is sending');
    expect(client).toContain('[  5]   0.00-1.00   sec  1.25 MBytes  10.5 Mbits/sec    0             sender');
    expect(server).toContain('[ ID] Interval           Transfer     Bitrate         Retr  Cwnd');
  });
});

describe('iperf3 over UDP', () => {
  it('counts datagrams and those that were lost', () => {
    const { client, server } = measured('-u', '-t', '1', '-l', '32768', '-P', '1');
    expect(client.slice(2, 8)).toEqual([
      '[ ID] Interval           Transfer     Bitrate         Total Datagrams',
      '[  5]   0.00-1.00   sec   128 KBytes  1.05 Mbits/sec  4  ',
      RULE,
      '[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams',
      '[  5]   0.00-1.00   sec   128 KBytes  1.05 Mbits/sec  0.000 ms  0/4 (0%)  sender',
      '[  5]   0.00-1.00   sec   128 KBytes  1.05 Mbits/sec  0.000 ms  0/4 (0%)  receiver']);
    expect(server).toContain('[  5]   0.00-1.00   sec   128 KBytes  1.05 Mbits/sec  0.000 ms  0/4 (0%)  receiver');
  });
});

describe('iperf3 that goes wrong', () => {
  it.each([
    [['-c', '172.18.0.3'], 'iperf3: error - unable to connect to server: Connection refused\n'],
    [['-c', 'nosuch'], /^iperf3: error - unable to connect to server: /],
    [['-z'], /^iperf3: invalid option -- 'z'\nUsage: iperf3 \[-s\|-c host\] \[options\]\n/],
    [[], /^iperf3: parameter error - must either be a client \(-c\) or server \(-s\)\n\nUsage: iperf3 /],
    [['-s', '-c', 'x'], /^iperf3: parameter error - cannot be both server and client\n\nUsage: /],
  ])('%j', (words, text) => {
    const ran = twoContainers().run('a', ['iperf3', ...words]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toEqual(typeof text === 'string' ? text : expect.stringMatching(text));
  });

  it('is interrupted, and both say so', () => {
    const lab = twoContainers();
    const server = lab.start('b', ['iperf3', '-s']);
    lab.pass(SECOND);
    const client = lab.start('a', ['iperf3', '-c', '172.18.0.3', '-b', '1M']);
    lab.pass(2 * SECOND);
    lab.processes.signal(client.pid, 'SIGINT');
    lab.pass(SECOND);
    expect(client).toMatchObject({ exitCode: 1, stderr: 'iperf3: interrupt - the client has terminated\n' });
    expect(server.stderr).toBe('iperf3: the client has terminated\n');
    lab.processes.signal(server.pid, 'SIGINT');
    lab.pass(SECOND);
    expect(server).toMatchObject({ exitCode: 1 });
    expect(server.stdout).toContain('Server listening on 5201 (test #2)\n');
  });
});

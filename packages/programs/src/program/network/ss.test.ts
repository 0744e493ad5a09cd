// What ss of iproute2 6.1 printed about the same sockets, recorded in a network namespace; the backlog is the greatest.

import { parseIpv4 } from '@netreel/wire';
import { alone } from '../../testing.js';

const LOCAL = parseIpv4('127.0.0.1')!;

/** Listens at 127.0.0.1:8080 and 0.0.0.0:6379, has UDP at port 53 and a connection from port 40000 to 8080. */
function run(words: readonly string[]): { stdout: string; stderr: string; exitCode: number | undefined } {
  const lab = alone();
  const sockets = lab.kernel.sockets('alone');
  const local = sockets.tcpListener();
  local.bind(LOCAL, 8080);
  local.listen(5);
  const everywhere = sockets.tcpListener();
  everywhere.bind(0, 6379);
  everywhere.listen(5);
  sockets.udp().bind(0, 53);
  const client = sockets.tcp();
  client.bind(LOCAL, 40000);
  client.connect(LOCAL, 8080);
  lab.pass(1_000_000);
  const { stdout, stderr, exitCode } = lab.run('alone', ['ss', ...words], {}, 1);
  return { stdout, stderr, exitCode };
}

const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

describe('ss', () => {
  it.each<[string, string]>([
    ['-tn', lines('State Recv-Q Send-Q Local Address:Port  Peer Address:Port Process',
      'ESTAB 0      0          127.0.0.1:40000    127.0.0.1:8080        ',
      'ESTAB 0      0          127.0.0.1:8080     127.0.0.1:40000       ')],
    ['-tln', lines('State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
      'LISTEN 0      4096       127.0.0.1:8080      0.0.0.0:*          ',
      'LISTEN 0      4096               *:6379            *:*          ')],
    ['-uln', lines('State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
      'UNCONN 0      0            0.0.0.0:53        0.0.0.0:*          ')],
    ['-u', lines('Recv-Q Send-Q Local Address:Port Peer Address:PortProcess')],
    ['-x', lines('Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess')],
    ['-ul', lines('State  Recv-Q Send-Q Local Address:Port   Peer Address:PortProcess',
      'UNCONN 0      0            0.0.0.0:domain      0.0.0.0:*          ')],
    ['-tuln sport = :53', lines('Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
      'udp   UNCONN 0      0            0.0.0.0:53        0.0.0.0:*          ')],
    ['-Htln', lines('LISTEN 0 4096 127.0.0.1:8080 0.0.0.0:*', 'LISTEN 0 4096         *:6379       *:*')],
    ['-4tln', lines('State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
      'LISTEN 0      4096       127.0.0.1:8080      0.0.0.0:*          ')],
    ['-6tln', lines('State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
      'LISTEN 0      4096               *:6379            *:*          ')],
    ['-tan state established dport = :8080', lines(
      'Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess',
      '0      0          127.0.0.1:40000    127.0.0.1:8080       ')],
    ['-tan ( sport gt :8000 and not sport = :40000 ) or dport = :8080', lines(
      'State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process',
      'LISTEN 0      4096       127.0.0.1:8080       0.0.0.0:*           ',
      'ESTAB  0      0          127.0.0.1:40000    127.0.0.1:8080        ',
      'ESTAB  0      0          127.0.0.1:8080     127.0.0.1:40000       ')],
    ['-V', 'ss utility, iproute2-6.1.0\n'],
    ['-s', lines('Total: 5', 'TCP:   4 (estab 2, closed 0, orphaned 0, timewait 0)', '',
      'Transport Total     IP        IPv6', 'RAW\t  0         0         0         ',
      'UDP\t  1         1         0         ', 'TCP\t  4         3         1         ',
      'INET\t  5         4         1         ', 'FRAG\t  0         0         0         ', '')],
  ])('ss %s', (words, stdout) => {
    expect(run(words.split(' ')).stdout).toEqual(stdout);
  });

  it.each<[string, string, number]>([
    ['-tan state bogus', 'ss: wrong state name: bogus\n', 255],
    ['-tan foo', 'Error: an inet prefix is expected rather than "foo".\nCannot parse dst/src address.\n', 1],
  ])('refuses ss %s', (words, stderr, exitCode) => {
    expect(run(words.split(' '))).toEqual({ stdout: '', stderr, exitCode });
  });
});

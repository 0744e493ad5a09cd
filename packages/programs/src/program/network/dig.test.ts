// What dig and host of BIND 9.18 printed about the same names, recorded from a server on a loopback interface; answers
// here are longer by what that server's names were compressed.

import { type DnsRecord, parseIpv4 } from '@netreel/wire';
import { DnsListener } from '../../dns/listener.js';
import { type ProgramsUnderTest, twoContainers } from '../../testing.js';

const SERVER = '172.18.0.3';
const at = (name: string) => ({ name, ttlSeconds: 600 });
const ZONE: readonly DnsRecord[] = [
  { ...at('web.lab'), type: 'A', address: parseIpv4('172.18.0.2')! },
  { ...at('web.lab'), type: 'A', address: parseIpv4('172.18.0.3')! },
  { ...at('web.lab'), type: 'AAAA', address: 'fd00::2' },
  { ...at('web.lab'), type: 'MX', preference: 10, target: 'mail.lab' },
  { ...at('web.lab'), type: 'TXT', text: 'hello world' },
  { ...at('web.lab'), type: 'NS', target: 'ns.lab' },
  { ...at('www.lab'), type: 'CNAME', target: 'web.lab' },
  { ...at('2.0.18.172.in-addr.arpa'), type: 'PTR', target: 'web.lab' },
];
const FAILURES = new Map([['refused.lab', 'REFUSED'], ['fail.lab', 'SERVFAIL']] as const);

/** `a` asks the server in `b`, which knows `ZONE` and says nothing of silent.lab. */
function served(): ProgramsUnderTest {
  const lab = twoContainers();
  const socket = lab.kernel.sockets('b').udp();
  socket.bind(0, 53);
  const streams = lab.kernel.sockets('b').tcpListener();
  streams.bind(0, 53);
  const listener: DnsListener = new DnsListener(lab.port, socket, (query) => {
    const { name, question: { type } } = query;
    if (name === 'silent.lab') return;
    const own = ZONE.filter((record) => record.name === name);
    const alias = own.find((record) => record.type === 'CNAME');
    const targets = alias?.type === 'CNAME' ? ZONE.filter((record) => record.name === alias.target) : [];
    const known = [...own, ...targets].filter((record) => type === 'ANY' || record.type === type
      || record.type === 'CNAME');
    const failure = FAILURES.get(name as 'refused.lab');
    listener.reply(query, failure ?? (own.length === 0 ? 'NXDOMAIN' : 'NOERROR'), known);
  }, streams);
  lab.files.put('/etc/resolv.conf', `nameserver ${SERVER}\noptions ndots:0\n`);
  return lab;
}

function run(words: string): { stdout: string; stderr: string; exitCode: number | undefined } {
  const { stdout, stderr, exitCode } = served().run('a', words.split(' '));
  const steady = stdout.replace(/id: \d+/g, 'id: 1').replace(/time: \d+ msec/g, 'time: 0 msec')
    .replace(/in \d+ ms/g, 'in 0 ms').replace(/WHEN: \w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}/g, 'WHEN: now');
  return { stdout: steady, stderr, exitCode };
}

const greeting = (words: string): string =>
  `\n; <<>> DiG 9.18.49-1~deb12u1-Debian <<>>${words}\n;; global options: +cmd\n`;
const head = (status: string, answers: number): string => `;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, ` +
  `status: ${status}, id: 1\n;; flags: qr rd ra; QUERY: 1, ANSWER: ${answers}, AUTHORITY: 0, ADDITIONAL: 0\n\n`;
const statistics = (bytes: number, over = 'UDP'): string => `;; Query time: 0 msec\n` +
  `;; SERVER: ${SERVER}#53(${SERVER}) (${over})\n;; WHEN: now\n;; MSG SIZE  rcvd: ${bytes}\n\n`;
const ADDRESSES = 'web.lab.\t\t600\tIN\tA\t172.18.0.2\nweb.lab.\t\t600\tIN\tA\t172.18.0.3\n';
const TIMED_OUT = `;; communications error to ${SERVER}#53: timed out\n`;
const DIG_USAGE = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

describe('dig', () => {
  it.each<[string, string, string, number]>([
    ['dig web.lab', `${greeting(' web.lab')}${head('NOERROR', 2)};; QUESTION SECTION:\n;web.lab.\t\t\tIN\tA\n\n` +
      `;; ANSWER SECTION:\n${ADDRESSES}\n${statistics(71)}`, '', 0],
    ['dig nosuch.lab', `${greeting(' nosuch.lab')}${head('NXDOMAIN', 0)};; QUESTION SECTION:\n` +
      `;nosuch.lab.\t\t\tIN\tA\n\n${statistics(28)}`, '', 0],
    ['dig -x 172.18.0.2', `${greeting(' -x 172.18.0.2')}${head('NOERROR', 1)};; QUESTION SECTION:\n` +
      ';2.0.18.172.in-addr.arpa.\tIN\tPTR\n\n;; ANSWER SECTION:\n' +
      `2.0.18.172.in-addr.arpa. 600\tIN\tPTR\tweb.lab.\n\n${statistics(85)}`, '', 0],
    ['dig refused.lab +noall +comments', head('REFUSED', 0), '', 0],
    ['dig fail.lab +noall +comments', head('SERVFAIL', 0), '', 0],
    ['dig +short web.lab', '172.18.0.2\n172.18.0.3\n', '', 0],
    ['dig web.lab bogus +short', '172.18.0.2\n172.18.0.3\n', '', 0],
    ['dig -q web.lab -t mx +short', '10 mail.lab.\n', '', 0],
    ['dig www.lab +noall +answer', `www.lab.\t\t600\tIN\tCNAME\tweb.lab.\n${ADDRESSES}`, '', 0],
    ['dig web.lab TXT +noall +answer', 'web.lab.\t\t600\tIN\tTXT\t"hello world"\n', '', 0],
    ['dig web.lab aaaa +noall +answer', 'web.lab.\t\t600\tIN\tAAAA\tfd00::2\n', '', 0],
    ['dig web.lab +noall +answer +nottlid +nocl', 'web.lab.\t\tA\t172.18.0.2\nweb.lab.\t\tA\t172.18.0.3\n', '', 0],
    ['dig web.lab +multiline +noall +answer', 'web.lab.\t\t600 IN A 172.18.0.2\nweb.lab.\t\t600 IN A 172.18.0.3\n',
      '', 0],
    ['dig a-very-long-name.of-a-host.example.lab +noall +question', ';a-very-long-name.of-a-host.example.lab.\tIN A\n',
      '', 0],
    ['dig +nocomments web.lab', `${greeting(' +nocomments web.lab')};web.lab.\t\t\tIN\tA\n` +
      `${ADDRESSES}${statistics(71)}`, '', 0],
    ['dig web.lab +tcp +noall +stats', statistics(71, 'TCP'), '', 0],
    ['dig web.lab ANY +noall +stats', statistics(195, 'TCP'), '', 0],
    ['dig web.lab +noall +stats www.lab +noall +question', `${statistics(71)};www.lab.\t\t\tIN\tA\n`, '', 0],
    ['dig silent.lab +time=1 +tries=2', `${TIMED_OUT}${TIMED_OUT}${greeting(' silent.lab +time=1 +tries=2')}` +
      ';; no servers could be reached\n', '', 9],
    ['dig +short silent.lab +time=1 +tries=1', `${TIMED_OUT};; no servers could be reached\n`, '', 9],
    ['dig @127.0.0.1 web.lab +tries=1', ';; communications error to 127.0.0.1#53: connection refused\n\n' +
      '; <<>> DiG 9.18.49-1~deb12u1-Debian <<>> @127.0.0.1 web.lab +tries=1\n; (1 server found)\n' +
      ';; global options: +cmd\n;; no servers could be reached\n', '', 9],
    ['dig @127.0.0.1 web.lab +tries=1 +tcp', ';; Connection to 127.0.0.1#53(127.0.0.1) for web.lab failed: ' +
      'connection refused.\n;; no servers could be reached\n', '', 9],
    ['dig @nosuch web.lab', '', "dig: couldn't get address for 'nosuch': not found\n", 1],
    ['dig a..b', '', "dig: 'a..b' is not a legal name (empty label)\n", 10],
    ['dig web.lab +foo', '', `Invalid option: +foo\n${DIG_USAGE}`, 1],
    ['dig -Z', '', `Invalid option: -Z\n${DIG_USAGE}`, 1],
    ['dig web.lab +time=x', "invalid timeout 'x': not a valid number\n", "dig: Couldn't parse timeout\n", 10],
    ['dig -t bogus web.lab +noall', '', ';; Warning, ignoring invalid type bogus\n', 0],
    ['dig -v', '', 'DiG 9.18.49-1~deb12u1-Debian\n', 0],
  ])('%s', (words, stdout, stderr, exitCode) => {
    expect(run(words)).toEqual({ stdout, stderr, exitCode });
  });
});

describe('host', () => {
  const ALL = 'web.lab has address 172.18.0.2\nweb.lab has address 172.18.0.3\nweb.lab has IPv6 address fd00::2\n' +
    'web.lab mail is handled by 10 mail.lab.\n';
  it.each<[string, string, string, number]>([
    ['host web.lab', ALL, '', 0],
    ['host www.lab', `www.lab is an alias for web.lab.\n${ALL}`, '', 0],
    ['host -T web.lab', ALL, '', 0],
    ['host web.lab 172.18.0.3', 'Using domain server:\nName: 172.18.0.3\nAddress: 172.18.0.3#53\nAliases: \n\n' + ALL,
      '', 0],
    ['host nosuch.lab', 'Host nosuch.lab not found: 3(NXDOMAIN)\n', '', 1],
    ['host refused.lab', 'Host refused.lab not found: 5(REFUSED)\n', '', 1],
    ['host fail.lab', 'Host fail.lab not found: 2(SERVFAIL)\n', '', 1],
    ['host 172.18.0.2', '2.0.18.172.in-addr.arpa domain name pointer web.lab.\n', '', 0],
    ['host 172.18.0.9', 'Host 9.0.18.172.in-addr.arpa. not found: 3(NXDOMAIN)\n', '', 1],
    ['host -t txt web.lab', 'web.lab descriptive text "hello world"\n', '', 0],
    ['host -t soa web.lab', 'web.lab has no SOA record\n', '', 0],
    ['host -t ns web.lab', 'web.lab name server ns.lab.\n', '', 0],
    ['host -v nosuch.lab', 'Trying "nosuch.lab"\nHost nosuch.lab not found: 3(NXDOMAIN)\n' +
      'Received 28 bytes from 172.18.0.3#53 in 0 ms\n'.repeat(2), '', 1],
    ['host -v -t mx web.lab', `Trying "web.lab"\n${head('NOERROR', 1).replace(';; Got answer:\n', '')}` +
      ';; QUESTION SECTION:\n;web.lab.\t\t\tIN\tMX\n\n;; ANSWER SECTION:\nweb.lab.\t\t600\tIN\tMX\t10 mail.lab.\n\n' +
      'Received 56 bytes from 172.18.0.3#53 in 0 ms\n', '', 0],
    ['host -W 1 -R 1 silent.lab', `${TIMED_OUT}${TIMED_OUT};; no servers could be reached\n`, '', 1],
    ['host -W 1 -R 2 web.lab 127.0.0.1', ';; communications error to 127.0.0.1#53: connection refused\n'.repeat(3) +
      ';; no servers could be reached\n', '', 1],
    ['host -t bogus web.lab', '', 'host: invalid type: bogus\n\n', 2],
    ['host web.lab nosuch', '', "host: couldn't get address for 'nosuch': not found\n", 1],
  ])('%s', (words, stdout, stderr, exitCode) => {
    expect(run(words)).toEqual({ stdout, stderr, exitCode });
  });
});

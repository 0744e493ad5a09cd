import { SECOND } from '@netreel/sim';
import { decodeDns, encodeDns, parseIpv4 } from '@netreel/wire';
import { ProgramsUnderTest, twoContainers } from '../testing.js';
import { DnsServer } from './dns-server.js';
import { EmbeddedDns } from './embedded-dns.js';

const ip = (text: string): number => parseIpv4(text)!;

/** `a` asks 127.0.0.11, which forwards to 172.18.0.1 in `host`, where outside.lab and router.lab are known. */
function named(options: { upstream?: boolean; upstreams?: string[] } = {}): { lab: ProgramsUnderTest;
  servers: (EmbeddedDns | DnsServer)[] } {
  const lab = twoContainers();
  const { port, kernel } = lab;
  const servers: (EmbeddedDns | DnsServer)[] = [];
  if (options.upstream !== false) {
    const outer = kernel.sockets('host').udp();
    outer.bind(0, 53);
    servers.push(new DnsServer({ ...port, socket: outer, zone: new Map([['outside.lab', ip('203.0.113.10')]]) }));
  }
  const socket = kernel.sockets('a').udp();
  socket.bind(ip('127.0.0.11'), 53);
  const listener = kernel.sockets('a').tcpListener();
  listener.bind(ip('127.0.0.11'), 53);
  const known = new Map([['server', ['172.18.0.2']], ['pool', ['172.18.0.2', '172.18.0.3', '172.18.0.4']],
    ['big', Array.from({ length: 60 }, (_, index) => `10.0.0.${index + 1}`)]]);
  servers.push(new EmbeddedDns({
    ...port, socket, listener,
    names: {
      resolve: (name) => {
        const addresses = known.get(name);
        return addresses === undefined ? 'unknown' : { addresses: addresses.map(ip) };
      },
      reverse: (address) => (address === ip('172.18.0.3') ? 'client.lab' : undefined),
    },
    upstreams: (options.upstreams ?? ['172.18.0.1']).map(ip), openUpstream: () => kernel.sockets('host').udp(),
    random: port.random('dns'),
  }));
  lab.files.put('/etc/resolv.conf', 'nameserver 127.0.0.11\noptions ndots:0\n');
  return { lab, servers };
}

const HEAD = 'Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\n';

describe('nslookup and the embedded name server', () => {
  it.each([
    ['-type=a server', `${HEAD}Non-authoritative answer:\nName:\tserver\nAddress: 172.18.0.2\n\n`, 0],
    ['-type=a SERVER', `${HEAD}Non-authoritative answer:\nName:\tSERVER\nAddress: 172.18.0.2\n\n`, 0],
    ['-type=aaaa server', `${HEAD}Non-authoritative answer:\n\n`, 0],
    ['-type=mx server', `${HEAD}Non-authoritative answer:\n\n`, 0],
    ['-type=a nosuch', `${HEAD}** server can't find nosuch: NXDOMAIN\n\n`, 1],
    ['nosuch', `${HEAD}** server can't find nosuch: NXDOMAIN\n\n** server can't find nosuch: NXDOMAIN\n\n`, 1],
    ['-type=a outside.lab', `${HEAD}Non-authoritative answer:\nName:\toutside.lab\nAddress: 203.0.113.10\n\n`, 0],
    ['172.18.0.3', `${HEAD}Non-authoritative answer:\n3.0.18.172.in-addr.arpa\tname = client.lab\n\n`, 0],
    ['172.18.0.9', `${HEAD}** server can't find 9.0.18.172.in-addr.arpa: NXDOMAIN\n\n`, 1],
  ])('nslookup %s', (words, stdout, exitCode) => {
    const ran = named().lab.run('a', ['nslookup', ...words.split(' ')]);
    expect([ran.stdout, ran.stderr, ran.exitCode]).toEqual([stdout, '', exitCode]);
  });

  it('asks both types for a name, and the server that is named', () => {
    const { lab } = named();
    expect(lab.run('a', ['nslookup', 'server']).stdout.split('Non-authoritative answer:')).toHaveLength(3);
    expect(lab.run('a', ['nslookup', '-type=a', 'outside.lab',
      '172.18.0.1']).stdout).toContain('Server:\t\t172.18.0.1\n');
    const bad = lab.run('a', ['nslookup', 'server', 'nowhere']);
    expect([bad.stderr, bad.exitCode]).toEqual(["nslookup: bad address 'nowhere'\n", 1]);
  });

  it('gives several addresses in changing order', () => {
    const { lab } = named();
    const firsts = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const { stdout } = lab.run('a', ['nslookup', '-type=a', 'pool']);
      expect(stdout.match(/^Address: .*$/gm)!.sort()).toEqual(['Address: 172.18.0.2', 'Address: 172.18.0.3',
        'Address: 172.18.0.4']);
      firsts.add(/^Address: (.*)$/m.exec(stdout)![1]!);
    }
    expect([...firsts].sort()).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4']);
  });

  it('times out after five seconds where nobody answers', () => {
    const { lab } = named();
    const ran = lab.run('a', ['nslookup', '-type=a', 'server', '172.18.0.77']);
    expect(ran.stdout).toBe(';; connection timed out; no servers could be reached\n\n');
    expect([ran.exitCode, ran.endedAt]).toEqual([1, 5 * SECOND]);
  });

  it('says at once that nobody listens', () => {
    const ran = twoContainers().run('a', ['nslookup', '-type=a', 'server', '127.0.0.1'], {}, 10);
    expect(ran.stderr).toContain('Connection refused');
    expect(ran.exitCode).toBe(1);
  });
});

describe('the embedded name server', () => {
  function ask(lab: ProgramsUnderTest, payload: Uint8Array, wait = 1): ReturnType<typeof decodeDns> | undefined {
    const socket = lab.kernel.sockets('a').udp();
    socket.sendTo(ip('127.0.0.11'), 53, payload);
    lab.pass(wait * SECOND);
    const datagram = socket.receive();
    return datagram === undefined ? undefined : decodeDns(datagram.payload);
  }
  const question = (name: string, type: string): Uint8Array =>
    encodeDns({ id: 77, response: false, authoritative: false, truncated: false,
    recursionDesired: true, recursionAvailable: false, rcode: 'NOERROR', questions: [{ name, type }], answers: [] });

  it('answers with a TTL of 600 seconds and the id of the question', () => {
    expect(ask(named().lab, question('Server', 'A'))).toMatchObject({ ok: true,
      packet: { id: 77, rcode: 'NOERROR', recursionAvailable: true,
      questions: [{ name: 'Server', type: 'A' }],
        answers: [{ type: 'A', name: 'Server', ttlSeconds: 600, address: ip('172.18.0.2') }] } });
  });

  it('hands an answer from outside back with the id of the question', () => {
    expect(ask(named().lab, question('outside.lab', 'A'))).toMatchObject({ ok: true,
      packet: { id: 77, answers: [{ ttlSeconds: 60 }] } });
  });

  it('marks an answer that does not fit into 512 bytes', () => {
    const answer = ask(named().lab, question('big', 'A'));
    expect(answer).toMatchObject({ ok: true, packet: { truncated: true, rcode: 'NOERROR' } });
    expect(answer!.ok && answer!.packet.answers.length).toBeLessThan(60);
  });

  it('RFC 1035 4.2.2, RFC 7766: takes several questions over one TCP connection, in whatever pieces', () => {
    const { lab } = named();
    const socket = lab.kernel.sockets('a').tcp();
    socket.connect(ip('127.0.0.11'), 53);
    lab.pass(SECOND);
    const framed = ['big', 'server', 'outside.lab'].flatMap((name) => {
      const asked = question(name, 'A');
      return [asked.length >> 8, asked.length & 255, ...asked];
    });
    for (const [from, to] of [[0, 1], [1, 40], [40, framed.length]] as const) {
      socket.send(Uint8Array.from(framed.slice(from, to)));
      lab.pass(SECOND);
    }
    const got = [...socket.receive(65536) ?? []];
    const counts: number[] = [];
    for (let at = 0; at < got.length; at += 2 + got[at]! * 256 + got[at + 1]!) {
      const answer = decodeDns(Uint8Array.from(got.slice(at + 2, at + 2 + got[at]! * 256 + got[at + 1]!)));
      expect(answer).toMatchObject({ ok: true, packet: { id: 77, truncated: false } });
      counts.push(answer.ok ? answer.packet.answers.length : -1);
    }
    expect(counts).toEqual([60, 1, 1]);
    lab.pass(10 * SECOND);
    expect(socket.receive()).toEqual(new Uint8Array());
  });

  it('refuses what is no question, and keeps quiet about answers and scraps', () => {
    const { lab } = named();
    const broken = question('server', 'A').slice(0, 15);
    expect(ask(lab, broken)).toMatchObject({ ok: true, packet: { id: 77, rcode: 'FORMERR' } });
    expect(ask(lab, Uint8Array.of(1, 2, 3))).toBeUndefined();
    const answer = question('server', 'A');
    answer[2]! |= 0x80;
    expect(ask(lab, answer)).toBeUndefined();
    const update = question('server', 'A');
    update[2]! |= 5 << 3;
    expect(ask(lab, update)).toMatchObject({ ok: true, packet: { rcode: 'NOTIMP' } });
  });

  it('fails after three rounds of four seconds when nobody outside answers', () => {
    const { lab } = named({ upstreams: ['172.18.0.77'] });
    expect(ask(lab, question('outside.lab', 'A'), 11)).toBeUndefined();
    expect(ask(lab, question('outside.lab', 'A'), 13)).toMatchObject({ ok: true, packet: { rcode: 'SERVFAIL' } });
  });

  it('goes to the next server at once when one refuses', () => {
    const { lab } = named({ upstreams: ['172.18.0.2', '172.18.0.1'] });
    expect(ask(lab, question('outside.lab', 'A'), 1)).toMatchObject({ ok: true,
      packet: { answers: [{ address: ip('203.0.113.10') }] } });
  });

  it('lets go of its sockets when it is closed', () => {
    const { lab, servers } = named({ upstreams: ['172.18.0.77'] });
    ask(lab, question('outside.lab', 'A'));
    for (const server of servers) server.close();
    lab.pass(20 * SECOND);
    expect([...lab.kernel.tables.sockets.values()].filter(({ port }) => port === 53)).toEqual([]);
  });
});

describe('the resolver', () => {
  it('finds names for ping through 127.0.0.11, the hosts file first', () => {
    const { lab } = named();
    expect(lab.run('a', ['ping', '-c', '1',
      'server']).stdout).toMatch(/^PING server \(172\.18\.0\.2\): 56 data bytes\n64 bytes/);
    lab.files.put('/etc/hosts', '172.18.0.3 server other\n');
    expect(lab.run('a', ['ping', '-c', '1', 'OTHER']).stdout).toMatch(/^PING OTHER \(172\.18\.0\.3\)/);
    const bad = lab.run('a', ['ping', '-c', '1', 'nosuch']);
    expect([bad.stderr, bad.exitCode]).toEqual(["ping: bad address 'nosuch'\n", 1]);
  });

  it('tries twice for five seconds', () => {
    const lab = twoContainers();
    lab.files.put('/etc/resolv.conf', 'nameserver 172.18.0.77\n');
    const ran = lab.run('a', ['ping', '-c', '1', 'server']);
    expect([ran.stderr, ran.endedAt]).toEqual(["ping: bad address 'server'\n", 10 * SECOND]);
  });

  it('obeys timeout and attempts, and goes on to the next server', () => {
    const { lab } = named();
    lab.files.put('/etc/resolv.conf',
      'nameserver 172.18.0.77\nnameserver 127.0.0.11\noptions timeout:1 attempts:1\n');
    const ran = lab.run('a', ['ping', '-c', '1', 'server']);
    expect(ran.exitCode).toBe(0);
    expect(Math.floor(ran.endedAt / SECOND)).toBe(1);
  });

  it('appends the search list by ndots', () => {
    const { lab } = named();
    const asked = (conf: string, name: string): string[] => {
      lab.files.put('/etc/resolv.conf', `nameserver 127.0.0.11\n${conf}`);
      const names: string[] = [];
      const { sockets } = lab.port;
      const spied = { ...lab.port, sockets: (netns: string) => {
        const factory = sockets(netns);
        return { ...factory, icmp: () => factory.icmp(), udp: () => {
          const socket = factory.udp();
          const { sendTo } = socket;
          socket.sendTo = (address, port, payload) => {
            const message = decodeDns(payload);
            if (message.ok && message.packet.questions[0]!.type === 'A') names.push(message.packet.questions[0]!.name);
            return sendTo.call(socket, address, port, payload);
          };
          return socket;
        } };
      } };
      const watched = new (lab.processes.constructor as new (port: typeof spied) => typeof lab.processes)(spied);
      watched.start({ argv: ['ping', '-c', '1', name], env: new Map(), netns: 'a', hostname: 'a', files: lab.files,
        init: false,
        stdin: 'closed', tty: false, privileged: false }, { write: () => undefined, ended: () => undefined });
      lab.pass(15 * SECOND);
      return names;
    };
    expect(asked('search corp.test\noptions ndots:0\n', 'nosuch')).toEqual(['nosuch', 'nosuch.corp.test']);
    expect(asked('search corp.test\n', 'nosuch')).toEqual(['nosuch.corp.test', 'nosuch']);
    expect(asked('search corp.test\n', 'no.such')).toEqual(['no.such', 'no.such.corp.test']);
    expect(asked('search corp.test\n', 'nosuch.')).toEqual(['nosuch']);
  });

  it('names neighbours for arp', () => {
    const { lab } = named();
    lab.run('a', ['ping', '-c', '1', '172.18.0.3'], {}, 1.5);
    expect(lab.run('a', ['arp']).stdout).toBe('client.lab (172.18.0.3) at 02:42:ac:12:00:03 [ether]  on eth0\n');
  });
});

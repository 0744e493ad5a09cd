// nc of netcat-openbsd 1.219, as Debian 12 has it: -l -k -u -z -v -w -N -q -n -p -s.

import type { TcpSocket, UdpSocket } from '@netreel/kernel';
import { NEVER, type Operation, SECOND } from '@netreel/sim';
import { type Address, type Ipv4, formatAddress, formatIpv4, parseIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { resolve, reverseLookUp } from '../../dns/resolver.js';
import { type ParsedOptions, errorText, parseOptions } from '../../usage.js';
import { connectTo } from './stream.js';
import { feed, showAll } from './talk.js';
import { TextReader, bytesOf } from './text-bytes.js';

const USAGE = 'usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]\n'
  + '\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]\n'
  + '\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]\n'
  + '\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]\n\t  [destination] [port]\n';

/** Ports that people know by name. */
const SERVICES: Readonly<Record<number, string>> = { 21: 'ftp', 22: 'ssh', 23: 'telnet', 25: 'smtp', 53: 'domain',
  80: 'http', 110: 'pop3', 123: 'ntp', 143: 'imap2', 443: 'https', 3306: 'mysql', 5432: 'postgresql', 6379: 'redis',
  8080: 'http-alt' };

export function* ncOpenbsd(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = parseOptions(argv, '46CDdFhklNnrStUuvZz', 'bIiMmOPpqsTVWwXx');
  const wrong = typeof parsed === 'string';
  if (wrong || parsed.rest.length === 0 || (parsed.flags.has('z') && parsed.flags.has('l'))) {
    if (wrong) sys.stderr(`${argv[0]!}: ${parsed}\n`);
    if (!wrong && parsed.flags.has('h')) {
      sys.stderr(`OpenBSD netcat (Debian patchlevel 1.219-1)\n${USAGE}`);
      return 0;
    }
    sys.stderr(USAGE);
    return 1;
  }
  const netcat = new Netcat(sys, parsed);
  if (parsed.flags.has('l')) return yield* netcat.listen();
  return yield* netcat.connect();
}

class Netcat {
  private readonly verbose: boolean;

  constructor(private readonly sys: Sys, private readonly parsed: ParsedOptions) {
    this.verbose = parsed.flags.has('v');
  }

  private fail(text: string): number {
    this.sys.stderr(`nc: ${text}\n`);
    return 1;
  }

  private get waitNs(): number {
    const seconds = this.parsed.values.get('w');
    return seconds === undefined ? NEVER : Number(seconds) * SECOND;
  }

  private until(): number {
    return this.waitNs >= NEVER ? NEVER : this.sys.now() + this.waitNs;
  }

  *connect(): Operation<number> {
    const { sys, parsed: { rest, flags, values } } = this;
    const [host, ports] = rest;
    if (ports === undefined) return this.fail('missing port number') && this.usage();
    const range = /^(\d+)(?:-(\d+))?$/.exec(ports);
    const [low, high] = [Number(range?.[1] ?? 0), Number(range?.[2] ?? range?.[1] ?? 0)];
    if (range === null || low < 1 || high > 65535) return this.fail(`port number invalid: ${ports}`);
    const found = yield* resolve(sys, host!);
    if (!found.ok) {
      return this.fail(`getaddrinfo for host "${host!}" port ${ports}: ${found.failure === 'try-again'
        ? 'Temporary failure in name resolution' : 'Name or service not known'}`);
    }
    const address = found.addresses[0]!;
    let exitCode = 1;
    for (let port = low; port <= high; port++) {
      if (flags.has('u')) {
        exitCode = yield* this.datagrams(address, port);
        continue;
      }
      const local = sys.tcpSocket();
      const source = parseIpv4(values.get('s') ?? '') ?? 0;
      const bound = values.has('s') || values.has('p') ? local.bind(source, Number(values.get('p') ?? 0)) : undefined;
      if (bound !== undefined) return this.fail(`bind failed: ${errorText(bound)}`);
      const socket = yield* connectTo(sys, address, port, this.until(), local);
      if (typeof socket === 'string') {
        const why = socket === 'timeout' ? 'timed out: Operation now in progress' : `failed: ${errorText(socket)}`;
        if (this.verbose) sys.stderr(`nc: connect to ${host!} port ${port} (tcp) ${why}\n`);
        continue;
      }
      if (this.verbose) sys.stderr(`Connection to ${host!} ${port} port [tcp/${SERVICES[port] ?? '*'}] succeeded!\n`);
      exitCode = 0;
      if (!flags.has('z')) yield* this.talk(socket);
      socket.close();
    }
    return exitCode;
  }

  private usage(): number {
    this.sys.stderr(USAGE);
    return 1;
  }

  private *talk(socket: TcpSocket): Operation<void> {
    const { sys, parsed: { flags, values } } = this;
    let quitAt = NEVER;
    const quit = values.get('q');
    feed(sys, socket, 'nc', flags.has('N') || quit !== undefined, () => {
      if (quit !== undefined && Number(quit) >= 0) quitAt = sys.now() + Number(quit) * SECOND;
    });
    yield* showAll(sys, socket, () => (quitAt < this.until() ? quitAt : this.until()));
  }

  *listen(): Operation<number> {
    const { sys, parsed: { rest, flags, values } } = this;
    const word = values.get('p') ?? rest.at(-1)!;
    if (!/^\d+$/.test(word)) return this.fail(`port number invalid: ${word}`);
    const place = rest.length > 1 ? parseIpv4(rest[0]!) ?? 0 : 0;
    if (flags.has('u')) return yield* this.receive(place, Number(word));
    const listener = sys.tcpListener();
    const refused = listener.bind(place, Number(word)) ?? listener.listen(1);
    if (refused !== undefined) return this.fail(errorText(refused));
    if (this.verbose) sys.stderr(`Listening on ${formatIpv4(place)} ${word}\n`);
    for (;;) {
      yield* sys.waitReadable([listener], NEVER);
      if (listener.takeError() !== undefined) return 1;
      const socket = listener.accept();
      if (socket === undefined) continue;
      sys.own(socket);
      if (!flags.has('k')) listener.close();
      if (this.verbose) {
        const from = socket.remoteAddress;
        const name = flags.has('n') || typeof from !== 'number' ? undefined : yield* reverseLookUp(sys, from);
        sys.stderr(`Connection received on ${name ?? formatAddress(from)} ${socket.remotePort}\n`);
      }
      yield* this.talk(socket);
      socket.close();
      sys.disown(socket);
      if (!flags.has('k')) return 0;
    }
  }

  /** `-u`: what is read goes out line by line as it comes, what comes back is shown. */
  private *datagrams(address: Ipv4, port: number): Operation<number> {
    const { sys } = this;
    const socket = sys.udpSocket();
    const refused = socket.connect(address, port);
    if (refused !== undefined) return this.fail(errorText(refused));
    if (this.parsed.flags.has('z')) return yield* this.probe(socket, address, port);
    this.send(socket, address, port);
    return yield* this.show(socket, () => undefined);
  }

  /** An empty datagram tells whether somebody answers that nobody listens. */
  private *probe(socket: UdpSocket, address: Ipv4, port: number): Operation<number> {
    for (let tries = 0; tries < 4; tries++) {
      socket.sendTo(address, port, Uint8Array.of(88));
      yield* this.sys.waitReadable([socket], this.sys.now() + SECOND / 4);
      if (socket.takeError() !== undefined) return 1;
    }
    if (this.verbose) {
      this.sys.stderr(`Connection to ${formatIpv4(address)} ${port} port [udp/${SERVICES[port] ?? '*'}] succeeded!\n`);
    }
    return 0;
  }

  private send(socket: UdpSocket, address: Address, port: number): void {
    this.sys.fork(function* feeder(child: Sys): Operation<number> {
      for (let text = yield* child.readSome(); text !== undefined; text = yield* child.readSome()) {
        socket.sendTo(address, port, bytesOf(text));
      }
      return 0;
    }, ['nc']);
  }

  private *receive(address: Ipv4, port: number): Operation<number> {
    const socket = this.sys.udpSocket();
    const refused = socket.bind(address, port);
    if (refused !== undefined) return this.fail(errorText(refused));
    if (this.verbose) this.sys.stderr(`Bound on ${formatIpv4(address)} ${port}\n`);
    let answering = false;
    return yield* this.show(socket, (source, sourcePort) => {
      if (!answering) this.send(socket, source, sourcePort);
      answering = true;
    });
  }

  private *show(socket: UdpSocket, from: (source: Address, port: number) => void): Operation<number> {
    const reader = new TextReader();
    for (;;) {
      const until = this.until();
      const ready = yield* this.sys.waitReadable([socket], until);
      const error = socket.takeError();
      if (error !== undefined) return 1;
      for (let datagram = socket.receive(); datagram !== undefined; datagram = socket.receive()) {
        from(datagram.source, datagram.sourcePort);
        this.sys.stdout(reader.read(datagram.payload));
      }
      if (!ready && this.sys.now() >= until) return 0;
    }
  }
}

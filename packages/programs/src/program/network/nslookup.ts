// nslookup: asks a name server and prints all that it says. Text and waiting of busybox 1.35.

import type { UdpSocket } from '@netreel/kernel';
import { type Operation, SECOND } from '@netreel/sim';
import { DNS_PORT, type DnsMessage, type DnsRecord, type Ipv4, decodeDns, formatIpv4, isDnsName,
  parseIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { readResolvConf } from '../../dns/resolv-conf.js';
import { question, resolve, reverseName } from '../../dns/resolver.js';
import { errorText, usage } from '../../usage.js';

const TIMEOUT_NS = 5 * SECOND;
const RETRY_NS = TIMEOUT_NS / 2;
const TYPES: ReadonlySet<string> = new Set(['a', 'aaaa', 'any', 'cname', 'mx', 'ns', 'ptr', 'soa', 'srv', 'txt']);

interface Query {
  readonly id: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  answered: boolean;
}

interface Server { readonly name: string; readonly address: Ipv4 }

export function* nslookup(sys: Sys, argv: readonly string[]): Operation<number> {
  const types: string[] = [];
  const words: string[] = [];
  for (const word of argv.slice(1)) {
    const type = /^-(?:type|querytype|ty|q)=(.*)$/.exec(word)?.[1];
    if (type !== undefined) {
      if (!TYPES.has(type.toLowerCase())) {
        sys.stderr(`nslookup: invalid query type "${type}"\n`);
        return 1;
      }
      types.push(type.toUpperCase());
    } else if (!word.startsWith('-')) {
      words.push(word);
    }
  }
  const [host, serverName] = words;
  if (host === undefined || words.length > 2) return usage(sys,
    'nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]');
  const servers = yield* chooseServers(sys, serverName);
  if (servers === undefined) {
    sys.stderr(`nslookup: bad address '${serverName}'\n`);
    return 1;
  }
  return yield* new LookUp(sys, queriesFor(sys, host, types)).run(servers);
}

function* chooseServers(sys: Sys, name: string | undefined): Operation<Server[] | undefined> {
  if (name === undefined) {
    return readResolvConf(sys.files).servers.map((address) => ({ name: formatIpv4(address), address }));
  }
  const found = yield* resolve(sys, name);
  return found.ok ? [{ name, address: found.addresses[0]! }] : undefined;
}

function queriesFor(sys: Sys, host: string, types: readonly string[]): Query[] {
  const queries: Query[] = [];
  const add = (name: string, type: string): void => {
    const plain = name.endsWith('.') ? name.slice(0, -1) : name;
    if (!isDnsName(plain)) return;
    const id = (sys.random.below(0x1_0000) & ~0x3f) + queries.length;
    queries.push({ id, name: plain, bytes: question(id, plain, type), answered: false });
  };
  const address = parseIpv4(host);
  if (types.length === 0 && address !== undefined) {
    add(reverseName(address), 'PTR');
    return queries;
  }
  const { search } = readResolvConf(sys.files);
  for (const type of types.length === 0 ? ['A', 'AAAA'] : types) {
    // busybox goes by the dots in a name alone, whatever ndots says.
    if (type === 'PTR' || search.length === 0 || host.includes('.')) add(host, type);
    else for (const domain of search) add(`${host}.${domain}`, type);
  }
  return queries;
}

class LookUp {
  private exitCode = 0;

  constructor(private readonly sys: Sys, private readonly queries: readonly Query[]) {}

  *run(servers: readonly Server[]): Operation<number> {
    for (const server of servers) {
      const outcome = yield* this.ask(server);
      if (outcome === 'unreachable') return 1;
      if (outcome > 0) {
        return this.exitCode;
      }
    }
    this.sys.stdout(';; connection timed out; no servers could be reached\n\n');
    return 1;
  }

  /** How many answers came; below 0 when nothing can be sent there. */
  private *ask(server: Server): Operation<number | 'unreachable'> {
    const { sys, queries } = this;
    const socket = sys.udpSocket();
    const refused = socket.connect(server.address, DNS_PORT);
    if (refused !== undefined) {
      sys.stderr(`nslookup: can't connect to remote host (${formatIpv4(server.address)}): ${errorText(refused)}\n`);
      return 'unreachable';
    }
    const end = sys.now() + TIMEOUT_NS;
    let replies = 0;
    while (replies < queries.length && sys.now() < end) {
      for (const query of queries) {
        if (query.answered) continue;
        const failed = socket.sendTo(server.address, DNS_PORT, query.bytes);
        if (failed !== undefined) {
          sys.stderr(`nslookup: write to '${server.name}': ${errorText(failed)}\n`);
          socket.close();
          return -1;
        }
      }
      replies += yield* this.listen(socket, server, replies, sys.now() + RETRY_NS);
    }
    socket.close();
    return replies;
  }

  private *listen(socket: UdpSocket, server: Server, before: number, until: number): Operation<number> {
    const { sys, queries } = this;
    let count = 0;
    // As often as there are questions, a server that failed is asked again at once.
    let again = 2 * queries.length;
    while (before + count < queries.length) {
      const ready = yield* sys.waitReadable([socket], until);
      if (!ready && sys.now() >= until) break;
      const failed = socket.takeError();
      if (failed !== undefined) sys.stderr(`nslookup: read: ${errorText(failed)}\n`);
      const datagram = socket.receive();
      const message = datagram === undefined ? undefined : decodeDns(datagram.payload);
      if (message === undefined || !message.ok || !message.packet.response) continue;
      const { packet } = message;
      const query = queries.find((candidate) => candidate.id === packet.id && !candidate.answered);
      if (query === undefined) continue;
      if (packet.rcode === 'SERVFAIL' && again > 0) {
        again--;
        socket.sendTo(server.address, DNS_PORT, query.bytes);
        continue;
      }
      query.answered = true;
      if (before + count === 0) {
        sys.stdout(`Server:\t\t${server.name}\nAddress:\t${formatIpv4(server.address)}:${DNS_PORT}\n\n`);
      }
      count++;
      this.print(query, packet);
    }
    return count;
  }

  private print(query: Query, message: DnsMessage): void {
    const { sys } = this;
    if (message.rcode !== 'NOERROR') {
      sys.stdout(`** server can't find ${query.name}: ${message.rcode}\n`);
      this.exitCode = 1;
    } else {
      if (!message.authoritative) sys.stdout('Non-authoritative answer:\n');
      for (const record of message.answers) sys.stdout(`${describe(record)}\n`);
    }
    sys.stdout('\n');
  }
}

function describe(record: DnsRecord): string {
  switch (record.type) {
    case 'A': return `Name:\t${record.name}\nAddress: ${formatIpv4(record.address)}`;
    case 'AAAA': return `Name:\t${record.name}\nAddress: ${record.address}`;
    case 'CNAME': return `${record.name}\tcanonical name = ${record.target}`;
    case 'NS': return `${record.name}\tnameserver = ${record.target}`;
    case 'PTR': return `${record.name}\tname = ${record.target}`;
    case 'MX': return `${record.name}\tmail exchanger = ${record.preference} ${record.target}`;
    case 'TXT': return `${record.name}\ttext = "${record.text}"`;
  }
}

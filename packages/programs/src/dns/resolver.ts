// The C library's resolver: the hosts file, then the servers of resolv.conf over UDP. RFC 1035 section 7,
// resolv.conf(5);
// the order of servers, tries and timeouts is glibc's.

import { type Operation, SECOND, type SimTime } from '@netreel/sim';
import type { UdpSocket } from '@netreel/kernel';
import { DNS_PORT, type DnsMessage, type Ipv4, decodeDns, encodeDns, formatIpv4, isDnsName,
  parseIpv4 } from '@netreel/wire';
import type { Sys } from '../contract.js';
import { type ResolverOptions, addressInHosts, nameInHosts, readResolvConf } from './resolv-conf.js';

export type LookUp =
  | { readonly ok: true; readonly addresses: readonly Ipv4[] }
  /** Nobody knows it; it exists without an address; or nobody who could know it answered. */
  | { readonly ok: false; readonly failure: 'not-found' | 'no-address' | 'try-again' };

/** The addresses of `name`: as getaddrinfo(3) for both families, or for IPv4 alone. */
export function* resolve(sys: Sys, name: string, families: 'any' | 'inet' = 'any'): Operation<LookUp> {
  const literal = parseIpv4(name);
  if (literal !== undefined) return { ok: true, addresses: [literal] };
  const known = addressInHosts(sys.files, name);
  if (known !== undefined) return { ok: true, addresses: [known] };
  if (!isDnsName(name)) return { ok: false, failure: 'not-found' };
  const options = readResolvConf(sys.files);
  const types = families === 'any' ? ['A', 'AAAA'] : ['A'];
  let failure: 'not-found' | 'no-address' | 'try-again' = 'not-found';
  for (const candidate of candidates(name, options)) {
    const replies = yield* ask(sys, options, candidate, types);
    if (replies === undefined) {
      failure = 'try-again';
      continue;
    }
    const addresses = replies.flatMap((reply) =>
      reply.answers.flatMap((answer) => (answer.type === 'A' ? [answer.address] : [])));
    if (addresses.length > 0) return { ok: true, addresses };
    if (failure === 'not-found' && replies.some((reply) => reply.rcode === 'NOERROR')) failure = 'no-address';
  }
  return { ok: false, failure };
}

/** The name of an address, from the hosts file or by a PTR question; undefined when it has none. */
export function* reverseLookUp(sys: Sys, address: Ipv4): Operation<string | undefined> {
  const known = nameInHosts(sys.files, address);
  if (known !== undefined) return known;
  const replies = yield* ask(sys, readResolvConf(sys.files), reverseName(address), ['PTR']);
  for (const answer of replies?.[0]?.answers ?? []) if (answer.type === 'PTR') return answer.target;
  return undefined;
}

/** `3.0.18.172.in-addr.arpa` for 172.18.0.3 (RFC 1035 section 3.5). */
export function reverseName(address: Ipv4): string {
  return `${formatIpv4(address).split('.').reverse().join('.')}.in-addr.arpa`;
}

/** The address of `3.0.18.172.in-addr.arpa`; undefined when the name is no such. */
export function addressOfReverseName(name: string): Ipv4 | undefined {
  const match = /^((?:\d{1,3}\.){3}\d{1,3})\.in-addr\.arpa$/.exec(name);
  return match === null ? undefined : parseIpv4(match[1]!.split('.').reverse().join('.'));
}

function candidates(name: string, options: ResolverOptions): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const searched = options.search.map((domain) => (domain === '.' ? name : `${name}.${domain}`));
  const dots = name.split('.').length - 1;
  return dots >= options.ndots ? [name, ...searched] : [...searched, name];
}

/** One reply a type, from the first server that answers all; undefined when none did. */
function* ask(sys: Sys, options: ResolverOptions, name: string, types: readonly string[]): Operation<DnsMessage[]
  | undefined> {
  const { servers } = options;
  for (let attempt = 0; attempt < options.attempts; attempt++) {
    for (const [place, server] of servers.entries()) {
      // res_send: the wait doubles from server to server and is shared by all of them, one second at least.
      const shared = Math.floor((options.timeoutNs * (1 << place)) / (place === 0 ? 1
        : servers.length) / SECOND) * SECOND;
      const replies = yield* askServer(sys, server, name, types, shared < SECOND ? SECOND : shared);
      if (replies !== undefined) return replies;
    }
  }
  return undefined;
}

/** Undefined when the server did not answer in time, refused, or failed: the next one may do better. */
function* askServer(sys: Sys, server: Ipv4, name: string, types: readonly string[],
  timeoutNs: number): Operation<DnsMessage[] | undefined> {
  const socket = sys.udpSocket();
  if (socket.connect(server, DNS_PORT) !== undefined) {
    socket.close();
    return undefined;
  }
  const firstId = sys.random.below(0x1_0000);
  const sent = types.every((type, index) =>
    socket.sendTo(server, DNS_PORT, question((firstId + index) & 0xffff, name, type)) === undefined);
  const replies = sent ? yield* collect(sys, socket, firstId, types.length, sys.now() + timeoutNs) : undefined;
  socket.close();
  return replies;
}

export function question(id: number, name: string, type: string): Uint8Array {
  return encodeDns({ id, response: false, authoritative: false, truncated: false, recursionDesired: true,
    recursionAvailable: false,
    rcode: 'NOERROR', questions: [{ name, type }], answers: [] });
}

function* collect(sys: Sys, socket: UdpSocket, firstId: number, count: number, until: SimTime): Operation<DnsMessage[]
  | undefined> {
  const replies: (DnsMessage | undefined)[] = new Array<undefined>(count).fill(undefined);
  while (replies.includes(undefined)) {
    if (!(yield* sys.waitReadable([socket], until)) && sys.now() >= until) return undefined;
    if (socket.takeError() !== undefined) return undefined;
    const datagram = socket.receive();
    if (datagram === undefined) continue;
    const message = decodeDns(datagram.payload);
    if (!message.ok || !message.packet.response) continue;
    const place = (message.packet.id - firstId) & 0xffff;
    if (place >= count) continue;
    const { rcode } = message.packet;
    if (rcode === 'SERVFAIL' || rcode === 'REFUSED' || rcode === 'NOTIMP') return undefined;
    replies[place] = message.packet;
  }
  return replies as DnsMessage[];
}

// ping: echo requests, one a second. Text, waiting and exit status as busybox 1.35; -M as iputils.

import type { Errno, IcmpNotice, IcmpSocket } from '@netreel/kernel';
import { ICMP_TYPE, type Ipv4, formatIpv4, parseIpv4 } from '@netreel/wire';
import { MICROSECOND, NEVER, type Operation, SECOND, type SimTime } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { resolve } from '../../dns/resolver.js';
import { linkMtuTowards } from '../../interface/routes.js';
import { errorText, usage } from '../../usage.js';
import { type PingOptions, readPingOptions } from './ping-options.js';

const ICMP_FRAGMENTATION_NEEDED = 4;
/** Room in the payload for the time of sending: without it no round trip is known. */
const STAMP_BYTES = 4;

interface Tally {
  transmitted: number;
  received: number;
  duplicates: number;
  errors: number;
  minUs: number;
  maxUs: number;
  sumUs: number;
}

export function* ping(sys: Sys, argv: readonly string[]): Operation<number> {
  const options = readPingOptions(argv);
  if (typeof options === 'string') {
    sys.stderr(`ping: ${options}\n`);
    return options.startsWith('invalid option') || options.startsWith('option requires')
      ? usage(sys, 'ping [OPTIONS] HOST') : 1;
  }
  if (options === undefined) return usage(sys, 'ping [OPTIONS] HOST');
  const source = sourceAddress(sys, options.from);
  if (source === undefined) {
    sys.stderr(`ping: bad address '${options.from}'\n`);
    return 1;
  }
  const found = options.family === 'inet6' ? undefined : yield* resolve(sys, options.host, options.family);
  if (found === undefined || !found.ok) {
    sys.stderr(`ping: bad address '${options.host}'\n`);
    return 1;
  }
  const pinger = new Pinger(sys, options, found.addresses[0]!, source);
  return yield* pinger.run();
}

/** 0: whatever the route says. Undefined when `from` is neither an address nor an interface. */
function sourceAddress(sys: Sys, from: string | undefined): Ipv4 | undefined {
  if (from === undefined) return 0;
  const literal = parseIpv4(from);
  if (literal !== undefined) return literal;
  const link = sys.net.links().find((candidate) => candidate.name === from);
  return link === undefined ? undefined : link.addresses[0]?.address ?? 0;
}

class Pinger {
  private readonly socket: IcmpSocket;
  private readonly sentAt = new Map<number, SimTime>();
  private readonly tally: Tally = { transmitted: 0, received: 0, duplicates: 0, errors: 0, minUs: NEVER, maxUs: 0,
    sumUs: 0 };
  private interrupted = false;
  private pathMtu = 0;

  constructor(private readonly sys: Sys, private readonly options: PingOptions, private readonly target: Ipv4,
    source: Ipv4) {
    this.socket = sys.icmpSocket();
    this.socket.source = source;
    this.socket.dontFragment = options.discovery === 'do' || options.discovery === 'want';
    if (options.ttl !== undefined) this.socket.ttl = options.ttl;
    sys.catchSignal('SIGINT', () => { this.interrupted = true; });
  }

  *run(): Operation<number> {
    const { sys, options } = this;
    const from = options.from !== undefined && parseIpv4(options.from) !== undefined ? ` from ${options.from}` : '';
    sys.stdout(`PING ${options.host} (${formatIpv4(this.target)})${from}: ${options.sizeBytes} data bytes\n`);
    const deadline = options.deadlineNs === 0 ? NEVER : sys.now() + options.deadlineNs;
    for (;;) {
      const refused = this.send();
      if (refused !== undefined) {
        sys.stderr(`ping: sendto: ${errorText(refused)}\n`);
        return 1;
      }
      const last = this.tally.transmitted === options.count;
      yield* this.listen(sys.now() + (last ? this.lastWaitNs() : options.intervalNs), last);
      if (last || this.interrupted || sys.now() >= deadline) break;
    }
    this.socket.close();
    return this.summary();
  }

  private send(): Errno | undefined {
    const { tally, options, sys } = this;
    const sequence = tally.transmitted & 0xffff;
    const payload = new Uint8Array(options.sizeBytes).fill(options.pattern);
    const refused = this.socket.sendEcho(this.target, sequence, payload);
    if (refused === 'EMSGSIZE' && options.discovery !== undefined) {
      // iputils goes on: what does not fit now may fit after a route has changed.
      const linkMtu = linkMtuTowards(sys.net, this.target);
      const mtu = this.pathMtu !== 0 && this.pathMtu < linkMtu ? this.pathMtu : linkMtu;
      sys.stderr(`ping: local error: message too long, mtu=${mtu}\n`);
      tally.errors++;
    } else if (refused !== undefined) {
      return refused;
    } else {
      this.sentAt.set(sequence, sys.now());
    }
    tally.transmitted++;
    return undefined;
  }

  /** After the last request: two round trips when anybody answered, in whole seconds; else the whole patience. */
  private lastWaitNs(): number {
    const { received, maxUs } = this.tally;
    if (received === 0) return this.options.patienceNs;
    const seconds = Math.floor(maxUs / (512 * 1024));
    return (seconds === 0 ? 1 : seconds) * SECOND;
  }

  /** Takes what comes in until then; after the last request only until everything has been answered. */
  private *listen(until: SimTime, last: boolean): Operation<void> {
    const { sys, socket, tally, options } = this;
    for (;;) {
      if (last && tally.received + tally.errors >= options.count) return;
      const ready = yield* sys.waitReadable([socket], until);
      if (this.interrupted) return;
      for (let notice = socket.receive(); notice !== undefined; notice = socket.receive()) this.noticed(notice);
      // The namespace is gone: nothing will ever come.
      if (socket.takeError() !== undefined) this.interrupted = true;
      if (this.interrupted || (!ready && sys.now() >= until)) return;
    }
  }

  private noticed(notice: IcmpNotice): void {
    if (notice.type === ICMP_TYPE.echoReply) this.answered(notice);
    else if (this.options.discovery !== undefined) this.failed(notice);
    // busybox looks for its identifier where an ICMP error has other things, and so never shows one.
  }

  private answered(notice: IcmpNotice): void {
    const { tally, sys, options } = this;
    const sentAt = this.sentAt.get(notice.sequence);
    const timed = options.sizeBytes >= STAMP_BYTES && sentAt !== undefined;
    const us = timed ? Math.floor((sys.now() - sentAt) / MICROSECOND) : 0;
    if (timed) {
      tally.sumUs += us;
      if (us < tally.minUs) tally.minUs = us;
      if (us > tally.maxUs) tally.maxUs = us;
    }
    if (notice.duplicate) tally.duplicates++;
    else tally.received++;
    if (options.quiet) return;
    sys.stdout(`${notice.sizeBytes} bytes from ${formatIpv4(notice.source)}: seq=${notice.sequence} ttl=${notice.ttl}` +
      `${timed ? ` time=${milliseconds(us)} ms` : ''}${notice.duplicate ? ' (DUP!)' : ''}\n`);
  }

  private failed(notice: IcmpNotice): void {
    const { sys, options, tally } = this;
    tally.errors++;
    const tooBig = notice.type === ICMP_TYPE.unreachable && notice.code === ICMP_FRAGMENTATION_NEEDED;
    if (tooBig) this.pathMtu = notice.mtu;
    if (options.quiet) return;
    const what = tooBig ? `Frag needed and DF set (mtu = ${notice.mtu})`
      : notice.type === ICMP_TYPE.timeExceeded ? 'Time to live exceeded'
        : `Destination Unreachable, code ${notice.code}`;
    sys.stdout(`From ${formatIpv4(notice.source)} icmp_seq=${notice.sequence} ${what}\n`);
  }

  private summary(): number {
    const { sys, options, tally } = this;
    const { transmitted, received } = tally;
    const lost = transmitted === 0 ? 0 : Math.floor(((transmitted - received) * 100) / transmitted);
    const more = [
      ...(tally.duplicates === 0 ? [] : [`${tally.duplicates} duplicates`]),
      ...(tally.errors === 0 ? [] : [`+${tally.errors} errors`]),
    ];
    const sent = `${transmitted} packets transmitted`;
    const counts = [sent, `${received} packets received`, ...more, `${lost}% packet loss`];
    sys.stdout(`\n--- ${options.host} ping statistics ---\n${counts.join(', ')}\n`);
    if (tally.minUs !== NEVER) {
      const average = Math.floor(tally.sumUs / (received + tally.duplicates));
      sys.stdout(`round-trip min/avg/max = ${[tally.minUs, average, tally.maxUs].map(milliseconds).join('/')} ms\n`);
    }
    return received === 0 || (options.deadlineNs !== 0 && received < options.count) ? 1 : 0;
  }
}

function milliseconds(us: number): string {
  return `${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, '0')}`;
}

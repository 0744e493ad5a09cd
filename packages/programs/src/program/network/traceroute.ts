// traceroute: probes with a growing time to live. Text of busybox 1.35; the probes are echo requests, as with
// `traceroute -I`
// elsewhere, because a UDP socket does not tell which router answered.

import { ICMP_TYPE, type Ipv4, formatIpv4 } from '@netreel/wire';
import { MICROSECOND, type Operation, SECOND } from '@netreel/sim';
import type { IcmpSocket } from '@netreel/kernel';
import type { Sys } from '../../contract.js';
import { resolve, reverseLookUp } from '../../dns/resolver.js';
import { type ParsedOptions, errorText, busyboxOptions, usage } from '../../usage.js';

/** IP, UDP and the probe's own words, as busybox counts them. */
const PROBE_BYTES = 46;
const ECHO_HEADERS_BYTES = 28;

export function* traceroute(sys: Sys, argv: readonly string[]): Operation<number> {
  const parsed = busyboxOptions(sys, argv, '46Fnlrv', 'fmqpstwiz');
  if (typeof parsed === 'number') return parsed;
  if (parsed.rest[0] === undefined) return usage(sys, 'traceroute');
  const host = parsed.rest[0];
  const found = yield* resolve(sys, host);
  if (!found.ok) {
    sys.stderr(`traceroute: bad address '${host}'\n`);
    return 1;
  }
  const target = found.addresses[0]!;
  const hops = number(parsed, 'm', 30);
  sys.stdout(`traceroute to ${host} (${formatIpv4(target)}), ${hops} hops max, ${PROBE_BYTES} byte packets\n`);
  const socket = sys.icmpSocket();
  let sequence = 0;
  for (let ttl = number(parsed, 'f', 1); ttl <= hops; ttl++) {
    socket.ttl = ttl;
    sys.stdout(`${String(ttl).padStart(2)}`);
    let arrived = false;
    let before: Ipv4 | undefined;
    for (let probe = 0; probe < number(parsed, 'q', 3); probe++) {
      const answer = yield* ask(sys, socket, target, sequence++, number(parsed, 'w', 3) * SECOND);
      if (typeof answer === 'string') {
        sys.stdout('\n');
        sys.stderr(`traceroute: sendto: ${answer}\n`);
        return 1;
      }
      if (answer === undefined) {
        sys.stdout('  *');
        continue;
      }
      if (answer.source !== before) sys.stdout(`  ${yield* nameOf(sys, answer.source, parsed.flags.has('n'))}`);
      before = answer.source;
      const us = Math.floor(answer.tookNs / MICROSECOND);
      sys.stdout(`  ${Math.floor(us / 1000)}.${String(us % 1000).padStart(3, '0')} ms${answer.mark}`);
      arrived ||= answer.final;
    }
    sys.stdout('\n');
    if (arrived) return 0;
  }
  return 0;
}

interface Answer { readonly source: Ipv4; readonly tookNs: number; readonly final: boolean; readonly mark: string }

/** A text when the probe could not be sent; undefined when nobody answered. */
function* ask(sys: Sys, socket: IcmpSocket, target: Ipv4, sequence: number, patienceNs: number): Operation<Answer
  | string | undefined> {
  const sentAt = sys.now();
  const refused = socket.sendEcho(target, sequence, new Uint8Array(PROBE_BYTES - ECHO_HEADERS_BYTES));
  if (refused !== undefined) return errorText(refused);
  for (;;) {
    const ready = yield* sys.waitReadable([socket], sentAt + patienceNs);
    if (!ready && sys.now() >= sentAt + patienceNs) return undefined;
    const gone = socket.takeError();
    if (gone !== undefined) return errorText(gone);
    const notice = socket.receive();
    if (notice === undefined || notice.sequence !== sequence) continue;
    const unreachable = notice.type === ICMP_TYPE.unreachable;
    return { source: notice.source, tookNs: sys.now() - sentAt, final: notice.type !== ICMP_TYPE.timeExceeded,
      mark: unreachable ? [' !N', ' !H', ' !P', ' !P', ' !F'][notice.code] ?? ` !<${notice.code}>` : '' };
  }
}

function* nameOf(sys: Sys, address: Ipv4, numeric: boolean): Operation<string> {
  if (numeric) return formatIpv4(address);
  return `${(yield* reverseLookUp(sys, address)) ?? formatIpv4(address)} (${formatIpv4(address)})`;
}

function number(parsed: ParsedOptions, option: string, otherwise: number): number {
  const text = parsed.values.get(option);
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : otherwise;
}

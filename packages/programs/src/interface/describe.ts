// How `ip` and `ifconfig` write an interface. Text of busybox 1.35.

import type { AddressRow, LinkRow } from '@netreel/kernel';
import { broadcastOf, formatIpv4, formatMac, isLoopbackIpv4, maskOf } from '@netreel/wire';
import type { NetView } from '../contract.js';
import { isRunning, linkFlags, linkNumber, lowerLink, queueLength } from './state.js';

const NAME_COLUMNS = 10;
const INDENT = ' '.repeat(NAME_COLUMNS);

/** `eth0@if7`, or `veth0@eth1` when the other end is in the same namespace. */
function ipName(net: NetView, link: LinkRow): string {
  const lower = lowerLink(link);
  if (lower === 0) return link.name;
  const row = net.link(lower);
  return `${link.name}@${row !== undefined && row.netns === net.netns ? row.name : `if${lower}`}`;
}

/** The line that both `ip link` and `ip addr` begin with. */
export function ipHead(net: NetView, link: LinkRow): string {
  const master = link.master === 0 ? '' : ` master ${net.link(link.master)?.name ?? `if${link.master}`}`;
  const queue = queueLength(link) === 0 ? '' : ` qlen ${queueLength(link)}`;
  const head = `${linkNumber(link)}: ${ipName(net, link)}: <${linkFlags(net, link)}>`;
  return `${head} mtu ${link.mtu} qdisc noqueue${master}${queue}`;
}

/** `link/ether …` without its indentation. */
export function ipHardware(link: LinkRow): string {
  return link.kind === 'loopback' ? `link/loopback ${formatMac(0)} brd ${formatMac(0)}`
    : `link/ether ${formatMac(link.mac)} brd ff:ff:ff:ff:ff:ff`;
}

/** `inet …` without its indentation. */
export function ipInet(link: LinkRow, { address, prefix }: AddressRow): string {
  const broadcast = hasBroadcast(link, prefix) ? ` brd ${formatIpv4(broadcastOf(address, prefix))}` : '';
  const scope = isLoopbackIpv4(address) ? 'host' : 'global';
  return `inet ${formatIpv4(address)}/${prefix}${broadcast} scope ${scope} ${link.name}`;
}

/** The link-local address that IPv6 makes of a MAC (RFC 4291 appendix A); undefined where IPv6 is off or the link
 * does not work. */
export function linkLocal(net: NetView, link: LinkRow): string | undefined {
  if (net.linkLocal !== true || !isRunning(link) || link.kind === 'loopback') return undefined;
  // A bridge's port speaks for nobody but its bridge; an interface identifier has the universal bit turned round.
  const digits = formatMac(link.mac).split(':').map((byte) => Number.parseInt(byte, 16));
  const words = [((digits[0]! ^ 2) << 8) | digits[1]!, (digits[2]! << 8) | 0xff, 0xfe00 | digits[3]!, (digits[4]! << 8)
    | digits[5]!];
  return `fe80::${words.map((word) => word.toString(16)).join(':')}`;
}

/** One block of `ifconfig`, without the empty line behind it. */
export function ifconfigBlock(net: NetView, link: LinkRow): string {
  const lines: string[] = [];
  const hardware = link.kind === 'loopback' ? 'Local Loopback'
    : `Ethernet  HWaddr ${formatMac(link.mac).toUpperCase()}`;
  lines.push(`${link.name.padEnd(NAME_COLUMNS - 1)} Link encap:${hardware}  `);
  const primary = link.addresses[0];
  if (primary !== undefined) {
    const broadcast = hasBroadcast(link, primary.prefix)
      ? `  Bcast:${formatIpv4(broadcastOf(primary.address, primary.prefix))}` : '';
    const mask = formatIpv4(maskOf(primary.prefix));
    lines.push(`${INDENT}inet addr:${formatIpv4(primary.address)}${broadcast}  Mask:${mask}`);
  }
  const local = linkLocal(net, link);
  if (local !== undefined) lines.push(`${INDENT}inet6 addr: ${local}/64 Scope:Link`);
  lines.push(`${INDENT}${[
    ...(link.up ? ['UP'] : []), ...(link.kind === 'loopback' ? ['LOOPBACK'] : ['BROADCAST']),
    ...(isRunning(link) ? ['RUNNING'] : []), ...(link.kind === 'loopback' ? [] : ['MULTICAST']),
  ].join(' ')}  MTU:${link.mtu}  Metric:1`);
  const counters = net.counters(link);
  lines.push(
    `${INDENT}RX packets:${counters.rxPackets} errors:0 dropped:${counters.rxDropped} overruns:0 frame:0`,
    `${INDENT}TX packets:${counters.txPackets} errors:0 dropped:${counters.txDropped} overruns:0 carrier:0`,
    `${INDENT}collisions:0 txqueuelen:${queueLength(link)} `,
    `${INDENT}RX bytes:${bytes(counters.rxBytes)}  TX bytes:${bytes(counters.txBytes)}`,
    '');
  return lines.join('\n');
}

/** `2848 (2.7 KiB)`: tenths, cut off. */
function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let tenths = count * 10;
  let unit = 0;
  while (tenths >= 10240 && unit < units.length - 1) {
    tenths = Math.floor(tenths / 1024);
    unit++;
  }
  return `${count} (${Math.floor(tenths / 10)}.${tenths % 10} ${units[unit]!})`;
}

function hasBroadcast(link: LinkRow, prefix: number): boolean {
  return link.kind !== 'loopback' && prefix < 31;
}

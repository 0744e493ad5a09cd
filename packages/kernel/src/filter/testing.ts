// A router with rules between two namespaces, for the tests of this folder. Not exported.

import { encodeEthernet, encodeIpv4, ETHERTYPE, internetChecksum, pseudoHeaderSum, PROTOCOL, write16, write32,
  type Ipv4 } from '@netreel/wire';
import { A, A_MAC, FAR, inject, ip, routedNamespaces } from '../ipv4/testing.js';
import { done, linkOf, type KernelUnderTest } from '../testing.js';
import { TCP_CHECKSUM_AT, TCP_FLAGS_AT } from './tcp-state.js';
import type { FlowRow, TableName } from './tables.js';

export const LEFT = ip('10.0.0.1');
export const RIGHT = ip('10.0.1.1');
export { A, FAR, ip };

/** {@link routedNamespaces} with rules on the router: `nat POSTROUTING -o right -j MASQUERADE`. */
export function filtered(...rules: readonly string[]): KernelUnderTest {
  const host = routedNamespaces();
  for (const line of rules) {
    const [table, chain, ...words] = line.split(' ');
    done(host.kernel.appendRule('r', table as TableName, chain!, words.join(' ')) ?? {});
  }
  return host;
}

/** The ends keep silent on TCP: forged segments are not answered with resets. */
export function deafEnds(host: KernelUnderTest): void {
  for (const end of ['a', 'b']) done(host.kernel.appendRule(end, 'filter', 'INPUT', '-p tcp -j DROP') ?? {});
}

export function flowsOf(host: KernelUnderTest): FlowRow[] {
  return [...host.kernel.tables.filters.get('r')?.flows.values() ?? []];
}

/** A TCP segment without data, its checksum right. */
export function segment(source: Ipv4, sourcePort: number, target: Ipv4, targetPort: number, flags: number): Uint8Array {
  const bytes = new Uint8Array(20);
  write16(bytes, 0, sourcePort);
  write16(bytes, 2, targetPort);
  write32(bytes, 4, 1);
  bytes[12] = 0x50;
  bytes[TCP_FLAGS_AT] = flags;
  write16(bytes, TCP_CHECKSUM_AT, internetChecksum(bytes, 0, 20, pseudoHeaderSum(source, target, PROTOCOL.tcp, 20)));
  return bytes;
}

/** A TCP segment arrives at the router from `a` (on `left`) or from `b` (on `right`). */
export function arrives(host: KernelUnderTest, side: 'left' | 'right', source: Ipv4, sourcePort: number, target: Ipv4,
  targetPort: number, flags: number): void {
  const link = linkOf(host.kernel, 'r', side);
  const payload = encodeIpv4({ tos: 0, identification: 1, dontFragment: true, moreFragments: false, fragmentOffset: 0,
    ttl: 64, protocol: PROTOCOL.tcp, source, target, options: new Uint8Array(0),
    payload: segment(source, sourcePort, target, targetPort, flags) });
  inject(host, 'r', side, encodeEthernet({ target: link.mac, source: A_MAC, type: ETHERTYPE.ipv4, payload }));
}


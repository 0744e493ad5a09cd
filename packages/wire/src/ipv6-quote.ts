// The head of a packet that an ICMPv6 error carries back to its sender. RFC 4443 section 2.4 (c): it is cut anywhere.

import { read16 } from './bytes.js';
import { formatProtocol, PROTOCOL } from './ipv4.js';
import { readIpv6 } from './ipv6-address.js';
import type { Ipv6 } from './ipv6-address.js';
import { walkHeaders, IPV6_FRAGMENT, fragmentOffset6 } from './ipv6-extension.js';
import { IPV6 } from './ipv6.js';

/** What an error tells about the packet it quotes. */
export interface Ipv6Quote {
  readonly source: Ipv6;
  readonly target: Ipv6;
  readonly protocol: number;
  /** Where the first bytes behind the quoted headers stand: eight at least. */
  readonly at: number;
}

/** Reads the packet at `start`; undefined when what is left of it does not say whose it was. */
export function readIpv6Quote(buffer: Uint8Array, start: number, end: number): Ipv6Quote | undefined {
  if (end - start < IPV6.LENGTH || buffer[start]! >>> 4 !== 6) return undefined;
  let walk = walkHeaders(buffer, start, end);
  if (walk.kind === 'fragment') {
    // Only a first fragment shows what it carries.
    if (fragmentOffset6(buffer, walk.at) !== 0) return undefined;
    walk = walkHeaders(buffer, start, end, walk.at + IPV6_FRAGMENT.LENGTH, walk.at);
  }
  if (walk.kind !== 'payload' || end - walk.at < 8) return undefined;
  return { source: readIpv6(buffer, start + IPV6.SOURCE), target: readIpv6(buffer, start + IPV6.TARGET),
    protocol: walk.protocol, at: walk.at };
}

/** `fd00::3` and `udp port 53`, as far as they can be read. */
export function describeIpv6Quote(quoted: Uint8Array): { readonly target: string; readonly port: string } {
  const quote = readIpv6Quote(quoted, 0, quoted.length);
  if (quote === undefined) return { target: '?', port: 'port ?' };
  const hasPorts = quote.protocol === PROTOCOL.udp || quote.protocol === PROTOCOL.tcp;
  const port = hasPorts ? `${formatProtocol(quote.protocol)} port ${read16(quoted, quote.at + 2)}`
    : `protocol ${quote.protocol} port`;
  return { target: quote.target, port };
}

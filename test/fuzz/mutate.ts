// How frames are spoilt: bytes and bits, lengths that cannot be, ends cut off; and how some are made right again, so
// that the layers behind a checksum see them too.

import type { RandomStream } from '../../packages/sim/src/index.js';
import {
  ETHERNET, ICMP, IPV4, PROTOCOL, TCP, UDP, VXLAN, internetChecksum, ipv4HeaderBytes, pseudoHeaderSum, read16, read32,
  sealIpv4Header, write16,
} from '../../packages/wire/src/index.js';

const IP_AT = ETHERNET.LENGTH;
const TRANSPORT_AT = IP_AT + IPV4.LENGTH;
const INNER_AT = TRANSPORT_AT + UDP.LENGTH + VXLAN.LENGTH;
/** Where absurd values do most harm: version and header length, total length, fragment, data offset, UDP's length. */
const TENDER = [IP_AT, IP_AT + 2, IP_AT + 3, IP_AT + 6, IP_AT + 7, IP_AT + 9, TRANSPORT_AT + 12, TRANSPORT_AT + 13,
  TRANSPORT_AT + 4, TRANSPORT_AT + 5, TRANSPORT_AT, TRANSPORT_AT + 1, TRANSPORT_AT + 20, TRANSPORT_AT + 21];
const EXTREMES = [0, 1, 0x0f, 0x40, 0x45, 0x4f, 0x7f, 0x80, 0xf0, 0xff];

/** Works on `bytes`; answers how many of them are left. */
export function mutate(random: RandomStream, bytes: Uint8Array, length: number): number {
  let left = length;
  for (let changes = random.below(4); changes > 0; changes--) {
    const at = random.below(left);
    switch (random.below(7)) {
      case 0: bytes[at] = random.below(256); break;
      case 1: bytes[at]! ^= 1 << random.below(8); break;
      case 2: bytes[at] = EXTREMES[random.below(EXTREMES.length)]!; break;
      case 3: case 4: {
        const tender = TENDER[random.below(TENDER.length)]!;
        if (tender < left) bytes[tender] = EXTREMES[random.below(EXTREMES.length)]!;
        break;
      }
      case 5: bytes.copyWithin(at, random.below(left), left); break;
      default: if (random.chance(1, 3)) left = Math.max(1, at);
    }
  }
  if (random.chance(3, 4)) {
    if (left > INNER_AT + IP_AT && bytes[IP_AT + IPV4.PROTOCOL] === PROTOCOL.udp) reseal(bytes, INNER_AT + IP_AT, left);
    reseal(bytes, IP_AT, left);
  }
  return left;
}

/** Makes the checksums of the IPv4 packet at `at` right, as far as it is one. */
function reseal(bytes: Uint8Array, at: number, end: number): void {
  if (end - at < IPV4.LENGTH || bytes[at]! >>> 4 !== 4) return;
  const headerBytes = ipv4HeaderBytes(bytes, at);
  const stop = at + read16(bytes, at + IPV4.TOTAL_LENGTH);
  const transport = at + headerBytes;
  if (headerBytes < IPV4.LENGTH || transport > end || stop > end || stop < transport) return;
  sealIpv4Header(bytes, at);
  const protocol = bytes[at + IPV4.PROTOCOL]!;
  const sum = transport + (protocol === PROTOCOL.tcp ? TCP.CHECKSUM : protocol === PROTOCOL.udp ? UDP.CHECKSUM
    : ICMP.CHECKSUM);
  if (sum + 2 > stop || (protocol !== PROTOCOL.tcp && protocol !== PROTOCOL.udp && protocol !== PROTOCOL.icmp)) return;
  write16(bytes, sum, 0);
  const pseudo = protocol === PROTOCOL.icmp ? 0
    : pseudoHeaderSum(read32(bytes, at + IPV4.SOURCE), read32(bytes, at + IPV4.TARGET), protocol, stop - transport);
  write16(bytes, sum, internetChecksum(bytes, transport, stop, pseudo));
}

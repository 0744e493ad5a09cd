// What packets of both families have in common.

import { ETHERNET, HEADROOM } from '@netreel/wire';

/** Free bytes in front of a new packet: its Ethernet header, and the outer headers of a tunnel further down. */
export const PACKET_HEADROOM = HEADROOM + ETHERNET.LENGTH;
/** net.ipv4.ip_default_ttl and net.ipv6.conf.default.hop_limit. */
export const DEFAULT_TTL = 64;

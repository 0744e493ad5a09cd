// Where a packet for one destination goes: what both families' routing answers.

import type { Address, Ipv4 } from '@netreel/wire';
import type { Device } from '../contract.js';
import type { LinkRow } from '../tables.js';

/** What a destination is to this namespace. */
export type PathKind = 'unicast' | 'local' | 'broadcast' | 'multicast' | 'unreachable';

/** The answer for one destination. Without device and link where nothing can be sent. */
export class Path<A extends Address = Ipv4> {
  constructor(
    readonly target: A,
    readonly kind: PathKind,
    readonly link: LinkRow | undefined,
    readonly device: Device | undefined,
    /** Whose MAC is needed: a gateway or the target itself. */
    readonly nextHop: A,
    /** The address to send from; the unspecified one when the namespace has none. */
    readonly source: A,
  ) {}
}

// What becomes of the headers of one direction of a flow: each side gets the address and port that answers of the other
// direction expect. Worked out once a flow.

import { type Ipv4, PROTOCOL } from '@netreel/wire';
import type { Side } from './rewrite.js';
import type { Tuple } from './tables.js';

/** What a side becomes; of an echo `port` is the identifier. */
export interface Change { readonly address: Ipv4; readonly port: number }

/** Undefined where `side` stays as it is. `backwards` is the direction of answers. */
export function changeOf(before: Tuple, after: Tuple, side: Side, backwards: boolean): Change | undefined {
  const isEcho = before.protocol === PROTOCOL.icmp;
  const address = side === 'source' ? after.source : after.target;
  const port = side === 'source' || isEcho ? after.sourcePort : after.targetPort;
  const sameAddress = address === (side === 'source' ? before.source : before.target);
  const samePort = port === (side === 'source' || isEcho ? before.sourcePort : before.targetPort);
  // An echo has one identifier for both sides: it changes with the side that was translated, the sender's.
  const isOther = isEcho && (side === 'source') === backwards;
  if (sameAddress && (samePort || isOther)) return undefined;
  // Its target is rewritten first: by then the identifier of an answer has been put back.
  return { address, port: isOther && side === 'target' ? before.sourcePort : port };
}

// Connections a second: connect, send, close, one after the other, some at a time, across one bridge.

import { measureConnections, streamLab } from '../lab/streams.mjs';

const RECORDINGS = ['recording off', 'table events recorded'];

export const variants = RECORDINGS;
export const notes = Object.fromEntries(variants.map((variant) =>
  [variant, 'connect, 100 B sent, closed by the server, then by the client; every state of both ends is an event']));

export function run(variant, { quick }) {
  const lab = streamLab(false, variant !== 'recording off');
  return measureConnections(lab, { together: 16, warmUp: quick ? 500 : 5000, count: quick ? 2000 : 40_000,
    payloadBytes: 100 });
}

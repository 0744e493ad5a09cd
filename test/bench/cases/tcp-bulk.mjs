// One TCP connection that sends as fast as it can, across one bridge and through the tunnel between two hosts.

import { MILLISECOND, measureBulk, streamLab } from '../lab/streams.mjs';

const WAYS = ['one bridge', 'overlay'];
const RECORDINGS = ['recording off', 'table events recorded'];

export const variants = WAYS.flatMap((way) => RECORDINGS.map((recording) => `${way}, ${recording}`));
export const notes = Object.fromEntries(variants.map((variant) =>
  [variant, 'MB of payload a second of wall time, from send() to receive(); one core; no loss']));

export function run(variant, { quick }) {
  const recording = !variant.endsWith('recording off');
  const lab = streamLab(variant.startsWith('overlay'), recording);
  return measureBulk(lab, { warmUpNs: (quick ? 50 : 300) * MILLISECOND, bytes: quick ? 20_000_000 : 300_000_000 });
}

// UDP between two hosts of four containers each, through VXLAN: veth, bridge, vxlan, underlay, vxlan, bridge, veth.

import { RandomStream } from '../../../packages/sim/dist/index.js';
import { BenchLab } from '../lab/hosts.mjs';
import { A_HOST, addressOf, joinByOverlay } from '../lab/overlay.mjs';
import { PUBLISHED, RECORDINGS, measurePackets } from '../lab/packets.mjs';

const PARTNERS = 4;
const NS3_US = { 64: 30.9, 1400: 29.1 };
const SIZES = [64, 1400];

export const variants = SIZES.flatMap((size) => RECORDINGS.map((recording) => `${size} B, ${recording}`));
export const notes = Object.fromEntries(variants.map((variant) =>
  [variant, `4+4 containers, 3 link hops; every frame that crosses is recorded as an envelope, when recording is on.`
    + ` ${PUBLISHED}: ${NS3_US[Number.parseInt(variant, 10)]}`]));

export function run(variant, { quick }) {
  const payloadBytes = Number.parseInt(variant, 10);
  const lab = new BenchLab(2, { recording: !variant.endsWith('recording off'), bitsPerSecond: 10_000_000_000 });
  joinByOverlay(lab);
  const random = new RandomStream(7, 'partners');
  const containers = lab.hosts.flatMap((host, index) => Array.from({ length: A_HOST }, (_, container) => {
    const partners = Array.from({ length: A_HOST }, (_, other) => addressOf(1 - index, other));
    // All of the other side's containers, each sender in an order of its own.
    for (let at = PARTNERS - 1; at > 0; at--) {
      const place = random.below(at + 1);
      [partners[at], partners[place]] = [partners[place], partners[at]];
    }
    return { host, netns: `c${container}`, partners };
  }));
  return measurePackets(lab, containers,
    { payloadBytes, intervalNs: 20_000, warmUp: 150_000, count: quick ? 100_000 : 500_000,
    traced: variant.endsWith('hop traces'), ns3Us: NS3_US[payloadBytes] });
}

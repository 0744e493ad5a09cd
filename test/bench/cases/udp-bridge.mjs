// UDP between K=16 containers on one bridge: veth, bridge, veth. Four random partners each, steady state.

import { RandomStream } from '../../../packages/sim/dist/index.js';
import { BenchLab, attach, done } from '../lab/hosts.mjs';
import { PUBLISHED, RECORDINGS, measurePackets } from '../lab/packets.mjs';

const CONTAINERS = 16;
const PARTNERS = 4;
const SUBNET = 0x0a00_0000;

export const variants = RECORDINGS;
export const notes =
  Object.fromEntries(variants.map((variant) => [variant, `64 B of payload, K=16, 2 link hops. ${PUBLISHED}: 17.5`]));

export function run(variant, { quick }) {
  const lab = new BenchLab(1, { recording: variant !== 'recording off' });
  const [host] = lab.hosts;
  done(host.kernel.addBridge({ netns: 'host', name: 'br0' }));
  done(host.kernel.setUp(host.kernel.linkByName('host', 'br0')));
  const random = new RandomStream(7, 'partners');
  const containers = Array.from({ length: CONTAINERS }, (_, index) => {
    attach(host.kernel, 'host', 'br0', `c${index}`, SUBNET + 2 + index, 1500);
    const partners = new Set();
    while (partners.size < PARTNERS) {
      const other = random.below(CONTAINERS);
      if (other !== index) partners.add(SUBNET + 2 + other);
    }
    return { host, netns: `c${index}`, partners: [...partners] };
  });
  return measurePackets(lab, containers,
    { payloadBytes: 64, intervalNs: 20_000, warmUp: 200_000, count: quick ? 200_000 : 1_000_000,
    traced: variant === 'hop traces', ns3Us: 17.5 });
}

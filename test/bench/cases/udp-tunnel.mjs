// UDP between two hosts of four containers each, through VXLAN: veth, bridge, vxlan, underlay, vxlan, bridge, veth.

import { RandomStream } from '../../../packages/sim/dist/index.js';
import { BenchLab, attach, done } from '../lab/hosts.mjs';
import { PUBLISHED, RECORDINGS, measurePackets } from '../lab/packets.mjs';

const A_HOST = 4;
const PARTNERS = 4;
const SUBNET = 0x0a00_0000;
const VNI = 4096;
const MTU = 1450;
const NS3_US = { 64: 30.9, 1400: 29.1 };
const SIZES = [64, 1400];

export const variants = SIZES.flatMap((size) => RECORDINGS.map((recording) => `${size} B, ${recording}`));
export const notes = Object.fromEntries(variants.map((variant) =>
  [variant, `4+4 containers, 3 link hops; every frame that crosses is recorded as an envelope, when recording is on.`
    + ` ${PUBLISHED}: ${NS3_US[Number.parseInt(variant, 10)]}`]));

function addressOf(host, container) {
  return SUBNET + 2 + host * A_HOST + container;
}

/**
 * As Docker's overlay driver builds it: bridge and vxlan device in a namespace of their own, rows for all that is
 * remote.
 */
function build(lab) {
  const macs = lab.hosts.map(({ kernel }, host) => {
    done(kernel.addNetns('overlay'));
    const bridge = done(kernel.addBridge({ netns: 'overlay', name: 'br0', mtu: MTU }));
    done(kernel.setUp(bridge));
    const local = kernel.link(lab.hosts[host].nic).addresses[0].address;
    const vxlan =
      done(kernel.addVxlan(
        { netns: 'overlay', name: 'vxlan0', vni: VNI, local, underlayNetns: 'host', mtu: MTU, proxy: true }));
    done(kernel.setMaster(vxlan, bridge));
    done(kernel.setUp(vxlan));
    return Array.from({ length: A_HOST }, (_, container) =>
      attach(kernel, 'overlay', 'br0', `c${container}`, addressOf(host, container), MTU).mac);
  });
  lab.hosts.forEach(({ kernel }, host) => {
    const other = 1 - host;
    const remote = lab.hosts[other].kernel.link(lab.hosts[other].nic).addresses[0].address;
    const vxlan = kernel.linkByName('overlay', 'vxlan0');
    macs[other].forEach((mac, container) => {
      done(kernel.addNeighbour(vxlan, addressOf(other, container), mac));
      done(kernel.addFdb(vxlan, mac, remote));
    });
  });
}

export function run(variant, { quick }) {
  const payloadBytes = Number.parseInt(variant, 10);
  const lab = new BenchLab(2, { recording: !variant.endsWith('recording off'), bitsPerSecond: 10_000_000_000 });
  build(lab);
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

// Two hosts joined by an overlay, as Docker's driver builds it: bridge and vxlan device in a namespace of their own,
// rows for all that is remote.

import { attach, done } from './hosts.mjs';

export const A_HOST = 4;
const SUBNET = 0x0a00_0000;
const VNI = 4096;
const MTU = 1450;

export function addressOf(host, container) {
  return SUBNET + 2 + host * A_HOST + container;
}

/** Containers `c0` to `c3` on each host of `lab`. */
export function joinByOverlay(lab) {
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

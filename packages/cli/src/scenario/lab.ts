// The nodes and the underlay of a scenario: hosts at 192.168.65.11, .12 … in the order of the file, the router at .1,
// the overlay coordinator beside them.

import { type LabSpec, type NodeSpec, defineLab } from '@netreel/sim';
import type { ScenarioShape } from './shape.js';

/** 192.168.65.0/24 */
const SUBNET = 0xc0a84100;
const PREFIX = 24;
const ROUTER = SUBNET + 1;
const COORDINATOR = SUBNET + 2;
const FIRST_HOST = SUBNET + 11;
/** Of virtual machines: the NICs of hosts are not Docker's to number. */
const MAC_PREFIX = 0x525400000000;

const macOf = (address: number): number => MAC_PREFIX + (address & 0xffffff);

export function labOf(shape: ScenarioShape, hosts: readonly string[]): LabSpec {
  const node = (name: string, kind: NodeSpec['kind'], address: number): NodeSpec =>
    ({ name, kind, address, mac: macOf(address) });
  return defineLab({
    name: shape.name,
    seed: shape.seed,
    nodes: [
      node('router', 'router', ROUTER),
      node('overlay', 'overlay', COORDINATOR),
      ...hosts.map((name, place) => node(name, 'host', FIRST_HOST + place)),
    ],
    underlay: {
      latencyNs: shape.underlay.latency, bitsPerSecond: shape.underlay.bandwidth, mtu: shape.underlay.mtu,
      subnet: SUBNET, prefix: PREFIX, gateway: ROUTER,
      pairs: shape.underlay.links.map(({ between, latency }) => ({ between, latencyNs: latency })),
    },
  });
}

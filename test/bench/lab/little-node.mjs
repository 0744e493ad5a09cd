// A node that does a little in each window: one event, one frame to its neighbour. What a window costs besides the work
// in it.

import { defineLab } from '../../../packages/sim/dist/index.js';

export const LATENCY_NS = 200_000;
const FRAME_BYTES = 106;

export function littleLab(count) {
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: `host${index + 1}`, kind: 'host', address: 0xc0a8_410b + index, mac: 0x0200_0000_0001 + index,
  }));
  return defineLab({ name: 'bench', seed: 7, nodes, underlay: { latencyNs: LATENCY_NS, bitsPerSecond: 0, mtu: 1500,
    subnet: 0xc0a8_4100, prefix: 24, gateway: 0, pairs: [] } });
}

class LittleNode {
  constructor(machine) {
    this.machine = machine;
    this.learned = 0;
    this.frame = { buffer: new Uint8Array(FRAME_BYTES).fill(7), start: 0, end: FRAME_BYTES };
  }

  boot() {
    this.fire();
  }

  onInput() {}

  onEnvelope() {}

  evolve() {
    this.learned++;
  }

  fire() {
    const { machine } = this;
    const { length } = machine.lab.nodes;
    machine.emit({ type: 'FdbLearned', bridge: 3, mac: 0x0242_ac11_0000 + (this.learned & 0xffff), port: 5 });
    if (length > 1) machine.send((machine.index + 1) % length, { type: 'FrameCrossed', frame: this.frame });
    machine.schedule(machine.now() + LATENCY_NS, this, undefined);
  }
}

export const littleFactory = { become: (machine) => machine.become(new LittleNode(machine)), release: () => undefined };

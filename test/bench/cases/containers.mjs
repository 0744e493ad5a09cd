// Containers created and started through the Engine API of one host, each with its namespace, veth, address, route and
// process.

import { NodeMaker } from '../../../packages/host/dist/index.js';
import { chainHash, genesisHash, historyCodec } from '../../../packages/protocol/dist/index.js';
import { defineLab } from '../../../packages/sim/dist/index.js';
import { World } from '../../../packages/world/dist/index.js';
import { ContainerMaker } from '../lab/engine-calls.mjs';
import { measure } from '../measure.mjs';

/** A bridge of Linux takes 1023 ports; docker0's /16 would hold more. */
const COUNT = 1000;
const TOGETHER = 20;
/** Answers are events, so that there is no life without recording: but what is recorded need not be written. */
export const variants = ['not encoded', 'encoded and chained'];
export const notes = Object.fromEntries(variants.map((variant) => [variant,
  `${COUNT} containers on docker0 of one host, ${TOGETHER} at a time; heapBytesEach: heap and array buffers in use`
    + ' after a full collection']));

function heapBytes() {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function life(encoded, count) {
  const lab =
    defineLab(
      { name: 'bench', seed: 7, nodes: [{ name: 'host1', kind: 'host', address: 0xc0a8_410b, mac: 0x0200_0000_0001 }],
    underlay: { latencyNs: 200_000, bitsPerSecond: 0, mtu: 1500, subnet: 0xc0a8_4100, prefix: 24, gateway: 0xc0a8_4101,
      pairs: [] } });
  const maker = new NodeMaker();
  let chain = genesisHash('host1');
  const sink = (commit) => {
    chain = chainHash(chain, historyCodec.encodeCommit(commit));
  };
  const world = new World(lab, { become: (machine) => maker.become(machine), ...(encoded ? { sink } : {}) });
  return { world, maker, operator: new ContainerMaker(count, TOGETHER) };
}

function lived(variant, count) {
  const { world, maker, operator } = life(variant === 'encoded and chained', count);
  const before = heapBytes();
  const { result, cpuUs, wallUs } = measure(() => world.run(operator));
  if (result !== 'done') throw new Error(`${operator.started} of ${count} containers started, then ${result}`);
  const heapBytesEach = (heapBytes() - before) / count;
  if (maker.nodes.get(0).kernel.tables.netns.size < count) throw new Error('containers without a namespace');
  return { startedPerSecond: count / wallUs * 1e6, startedPerCpuSecond: count / cpuUs * 1e6, cpuUsEach: cpuUs / count,
    heapBytesEach };
}

export async function run(variant, { quick }) {
  // The first host warms the code up; the second one is measured.
  lived(variant, quick ? 100 : 300);
  // What is left of the first one when the second one begins would be taken off the second one's heap.
  for (let turn = 0; turn < 3; turn++) {
    heapBytes();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return lived(variant, quick ? 300 : COUNT);
}

// A long history to look back over: a host with some thousand neighbours and forwarding rows that come and go for as
// long as one likes, in the mix of a real run. Written a batch at a time: ten million events fit in no heap.

import { historyCodec } from '../../../packages/protocol/dist/index.js';
import { defineLab } from '../../../packages/sim/dist/index.js';

const NETNS = 'host';
const ROWS = 1_000;
const WINDOW_NS = 200_000;

/** The rows that all others belong to. */
const FIRST = [
  { type: 'NetnsAdded', netns: NETNS },
  ...[[3, 'bridge'], [7, 'veth']].map(([link, kind]) => ({ type: 'LinkAdded', link, netns: NETNS, name: `link${link}`,
    kind, mac: link, mtu: 1500, peer: 0, parent: 0, vni: 0, local: 0, port: 0 })),
];

function body(index) {
  if (index < FIRST.length) return FIRST[index];
  const row = (index * 7) % ROWS;
  const mac = 0x0242_ac11_0000 + row;
  const address = 0xac11_0000 + row;
  switch (index % 6) {
    case 0: case 1: return { type: 'FdbLearned', bridge: 3, mac, port: 5 + (index % 40) };
    case 2: return { type: 'NeighbourChanged', link: 7, address, mac, state: index % 4 === 2 ? 'REACHABLE' : 'STALE' };
    case 3: return { type: 'FdbAged', bridge: 3, mac };
    case 4: {
      const route = { netns: NETNS, destination: 0, prefix: 0, gateway: 0xac11_0001, link: 7, metric: 0 };
      return index % 12 === 4 ? { type: 'RouteAdded', ...route, source: 0 } : { type: 'RouteDeleted', ...route };
    }
    default: return index % 12 === 5
      ? { type: 'SocketBound', netns: NETNS, socket: row, protocol: 'udp', address, port: 32_768 + row }
      : { type: 'SocketClosed', socket: ((index - 6) * 7) % ROWS };
  }
}

/** A lab of one host, whose history this is. */
export const churnLab = defineLab({ name: 'churn', seed: 7,
  nodes: [{ name: 'host1', kind: 'host', address: 1, mac: 1 }],
  underlay: { latencyNs: WINDOW_NS, bitsPerSecond: 0, mtu: 1500, subnet: 0, prefix: 0, gateway: 0, pairs: [] } });

/** When event `index` happens. */
export const churnAt = (index, perCommit) =>
  1_000_000_000 + Math.floor(index / perCommit) * WINDOW_NS + (index % perCommit) * 37;

/** Commits of `count` events from event `first` on, as bytes for a journal. */
export function* churnCommits(first, count, perCommit) {
  for (let start = first; start < first + count; start += perCommit) {
    const number = start / perCommit + 1;
    const from = churnAt(start, perCommit);
    const records = [];
    for (let index = start; index < start + perCommit; index++) {
      records.push({ kind: 'event', sequence: index + 1, at: churnAt(index, perCommit), causeNode: 0,
        causeSequence: index, body: body(index) });
    }
    yield { number, from, bytes: historyCodec.encodeCommit({ node: 'host1', number, from, until: from + WINDOW_NS,
      records }) };
  }
}

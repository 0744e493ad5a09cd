import { SECOND } from '@netreel/sim';
import { GossipBench, vtepOf } from '../../test/gossip-bench.js';
import { evolveGossip } from '../gossip/evolve.js';
import { derivedRows } from './rows.js';

const MAC = 0x0242_0000_0000;

function three(): GossipBench {
  const bench = new GossipBench(3);
  for (const node of [0, 1, 2]) {
    bench.join(node);
    bench.announce(node, `e${node}`, 10 + node);
    bench.run(SECOND);
  }
  return bench;
}

describe('rows of the tunnel device', () => {
  it('name all endpoints and tunnel ends of the other hosts, sorted', () => {
    expect(derivedRows(three().hosts[1]!.tables, 'ov', 1)).toEqual({
      neighbours: [{ address: 10, mac: MAC + 10 }, { address: 12, mac: MAC + 12 }],
      forwarding: [{ mac: MAC + 10, remote: vtepOf(0) }, { mac: MAC + 12, remote: vtepOf(2) }],
      flood: [vtepOf(0), vtepOf(2)],
    });
  });

  it('are none on a host that is not on the network', () => {
    const bench = three();
    bench.gossip(1).leaveNetwork('ov');
    bench.run(SECOND);
    expect(derivedRows(bench.hosts[1]!.tables, 'ov', 1)).toEqual({ neighbours: [], forwarding: [], flood: [] });
    expect(derivedRows(bench.hosts[0]!.tables, 'ov', 0).flood).toEqual([vtepOf(2)]);
    expect(derivedRows(bench.hosts[0]!.tables, 'nosuch', 0).flood).toEqual([]);
  });

  it('follow an address that moved although its old row is still there', () => {
    const bench = three();
    // Its id sorts before that of the old row.
    bench.announce(2, 'a-moved', 11);
    bench.run(SECOND);
    const rows = derivedRows(bench.hosts[0]!.tables, 'ov', 0);
    expect(rows.neighbours).toEqual([{ address: 11, mac: MAC + 11 }, { address: 12, mac: MAC + 12 }]);
    expect(rows.forwarding).toContainEqual({ mac: MAC + 11, remote: vtepOf(2) });
    // Host 1 itself does the same with an address of its own.
    expect(derivedRows(bench.hosts[1]!.tables, 'ov', 1).forwarding).toContainEqual({ mac: MAC + 11,
      remote: vtepOf(2) });
  });

  it('do not depend on the order in which rows came', () => {
    const { tables, events } = three().hosts[0]!;
    const before = derivedRows(tables, 'ov', 0);
    for (const event of [...events].reverse()) if (event.type === 'PeerEndpointLearned') {
      tables.networks.get('ov')!.endpoints.delete(event.endpoint);
      evolveGossip(tables, event);
    }
    expect(derivedRows(tables, 'ov', 0)).toEqual(before);
  });
});

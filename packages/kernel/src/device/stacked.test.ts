import { MILLISECOND } from '@netreel/sim';
import { BROADCAST_MAC, ETHERNET, read16 } from '@netreel/wire';
import { type KernelUnderTest, done, ethernetFrame, hostsUnderTest, linkOf, macOfHost, transmit,
  watchFrames } from '../testing.js';
import type { LinkRow } from '../tables.js';
import type { MacvlanMode } from './macvlan.js';

const inward = (seen: readonly string[]): string[] =>
  seen.filter((line) => line.startsWith('in ')).map((line) => line.split(' ')[1]!);

describe('VLANs on a NIC', () => {
  let hosts: readonly KernelUnderTest[];
  const vlan: Record<string, LinkRow> = {};

  beforeEach(() => {
    hosts = hostsUnderTest(2);
    for (const [place, numbers] of [[0, [10, 20]], [1, [10]]] as const) {
      const { kernel } = hosts[place]!;
      for (const number of numbers) {
        const link = done(kernel.addVlan({ netns: 'host', name: `eth0.${number}`, number,
          parent: linkOf(kernel, 'host', 'eth0') }));
        done(kernel.setUp(link));
        vlan[`${place}/${number}`] = link;
      }
    }
  });

  const runOn = (): void => hosts[0]!.run(hosts[0]!.machine.now() + MILLISECOND);

  it('IEEE 802.1Q 9.6: put a tag behind the MACs, and take it away again', () => {
    const { kernel, sent } = hosts[0]!;
    const seen = watchFrames(hosts[1]!.kernel);
    transmit(kernel, vlan['0/10']!, ethernetFrame(kernel, macOfHost(1), vlan['0/10']!.mac));
    runOn();
    const { bytes } = sent[0]!;
    expect([read16(bytes, ETHERNET.TYPE), read16(bytes, ETHERNET.TYPE + 2)]).toEqual([0x8100, 10]);
    expect(inward(seen)).toEqual(['host/eth0', 'host/eth0.10']);
    expect(hosts[1]!.kernel.pool.taken).toBe(0);
  });

  it('leave a tag that none of them has to the NIC, whose stack knows no such type', () => {
    const { kernel } = hosts[0]!;
    const seen = watchFrames(hosts[1]!.kernel);
    transmit(kernel, vlan['0/20']!, ethernetFrame(kernel, BROADCAST_MAC, vlan['0/20']!.mac));
    runOn();
    expect(inward(seen)).toEqual(['host/eth0']);
    expect(hosts[1]!.kernel.drops()).toContainEqual({ where: 'host/eth0', reason: 'unknown-ethertype', count: 1 });
  });

  it('carry frames of full length, tag and all', () => {
    const { kernel, sent } = hosts[0]!;
    const seen = watchFrames(hosts[1]!.kernel);
    transmit(kernel, vlan['0/10']!, ethernetFrame(kernel, macOfHost(1), vlan['0/10']!.mac, 1500));
    runOn();
    expect([sent[0]!.bytes.length, inward(seen)]).toEqual([1518, ['host/eth0', 'host/eth0.10']]);
  });

  it('have the carrier of their NIC, its MAC, a number of their own, and end with it', () => {
    const { kernel } = hosts[0]!;
    const nic = linkOf(kernel, 'host', 'eth0');
    expect([vlan['0/10']!.mac, vlan['0/10']!.vlan, vlan['0/10']!.carrier]).toEqual([nic.mac, 10, true]);
    done(kernel.setCarrier(nic, false));
    expect(vlan['0/10']!.carrier).toBe(false);
    expect(kernel.addVlan({ netns: 'host', name: 'again', parent: nic, number: 10 }))
      .toEqual({ refused: 'RTNETLINK answers: File exists' });
    expect(kernel.addVlan({ netns: 'host', name: 'odd', parent: nic, number: 4095 }))
      .toEqual({ refused: 'RTNETLINK answers: Invalid argument' });
    done(kernel.deleteLink(vlan['0/20']!));
    done(kernel.deleteNetns('host'));
    expect([...kernel.tables.links.values()]).toEqual([]);
  });
});

describe('macvlan devices of other modes', () => {
  let host: KernelUnderTest;
  const child: Record<string, LinkRow> = {};

  const given = (mode: MacvlanMode, names: readonly string[]): void => {
    host = hostsUnderTest(1)[0]!;
    for (const name of names) {
      done(host.kernel.addNetns(name));
      child[name] = done(host.kernel.addMacvlan({ netns: name, name: 'eth0', mode,
        parent: linkOf(host.kernel, 'host', 'eth0') }));
      done(host.kernel.setUp(child[name]));
    }
    host.run(MILLISECOND);
    host.sent.length = 0;
  };

  it.each(['private', 'vepa'] as const)('%s: reach each other only by a line that sends back', (mode) => {
    given(mode, ['m1', 'm2']);
    const seen = watchFrames(host.kernel);
    for (const target of [child['m2']!.mac, BROADCAST_MAC]) {
      transmit(host.kernel, child['m1']!, ethernetFrame(host.kernel, target, child['m1']!.mac));
    }
    host.run(2 * MILLISECOND);
    expect([inward(seen), host.sent.length]).toEqual([[], 2]);
  });

  it('passthru: is alone, and takes what is for nobody here', () => {
    given('passthru', ['m1']);
    const nic = linkOf(host.kernel, 'host', 'eth0');
    done(host.kernel.addNetns('m2'));
    for (const mode of ['bridge', 'passthru'] as const) {
      expect(host.kernel.addMacvlan({ netns: 'm2', name: 'eth0', parent: nic, mode }))
        .toEqual({ refused: 'RTNETLINK answers: Invalid argument' });
    }
    const seen = watchFrames(host.kernel);
    for (const target of [nic.mac, macOfHost(9), child['m1']!.mac]) {
      host.kernel.deliver(nic, ethernetFrame(host.kernel, target, macOfHost(7)));
    }
    expect(inward(seen).filter((place) => place === 'm1/eth0')).toHaveLength(3);
  });
});

describe('macvlan devices on other devices', () => {
  it('stand on a bridge: its ports reach them, its own stack does not', () => {
    const host = hostsUnderTest(1)[0]!;
    const { kernel } = host;
    for (const name of ['port', 'mac']) done(kernel.addNetns(name));
    const bridge = done(kernel.addBridge({ netns: 'host', name: 'br0' }));
    done(kernel.setUp(bridge));
    const port = done(kernel.addVeth({ netns: 'port', name: 'eth0' }, { netns: 'host', name: 'veth1' }));
    done(kernel.setMaster(port.peer, bridge));
    for (const link of [port, port.peer]) done(kernel.setUp(link));
    const mac = done(kernel.addMacvlan({ netns: 'mac', name: 'eth0', parent: bridge }));
    expect(mac.carrier).toBe(true);
    done(kernel.setUp(mac));
    const seen = watchFrames(kernel);
    transmit(kernel, port, ethernetFrame(kernel, mac.mac, port.mac));
    transmit(kernel, mac, ethernetFrame(kernel, port.mac, mac.mac));
    transmit(kernel, mac, ethernetFrame(kernel, bridge.mac, mac.mac));
    host.run(MILLISECOND);
    expect(inward(seen).filter((place) => !place.includes('veth'))).toEqual(['host/br0', 'mac/eth0', 'port/eth0']);
  });

  it('stand on a dummy device: among themselves alone', () => {
    const host = hostsUnderTest(1)[0]!;
    const { kernel } = host;
    const dummy = done(kernel.addDummy({ netns: 'host', name: 'dm-1' }));
    done(kernel.setUp(dummy));
    const rows = ['m1', 'm2'].map((name) => {
      done(kernel.addNetns(name));
      const row = done(kernel.addMacvlan({ netns: name, name: 'eth0', parent: dummy }));
      done(kernel.setUp(row));
      return row;
    });
    const seen = watchFrames(kernel);
    transmit(kernel, rows[0]!, ethernetFrame(kernel, rows[1]!.mac, rows[0]!.mac));
    transmit(kernel, rows[0]!, ethernetFrame(kernel, macOfHost(7), rows[0]!.mac));
    host.run(MILLISECOND);
    expect(inward(seen)).toEqual(['m2/eth0']);
    expect(kernel.pool.taken).toBe(0);
    done(kernel.deleteLink(dummy));
    expect(kernel.linkByName('m1', 'eth0')).toBeUndefined();
  });
});

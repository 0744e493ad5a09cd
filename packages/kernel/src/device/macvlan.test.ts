import { MILLISECOND, SECOND } from '@netreel/sim';
import { BROADCAST_MAC } from '@netreel/wire';
import {
  type KernelUnderTest, done, ethernetFrame, hostsUnderTest, linkOf, macOfHost, transmit, watchFrames,
} from '../testing.js';
import type { LinkRow } from '../tables.js';

describe('macvlan devices on a NIC', () => {
  let host: KernelUnderTest;
  let nic: LinkRow;
  const child: Record<string, LinkRow> = {};

  beforeEach(() => {
    host = hostsUnderTest(1)[0]!;
    nic = linkOf(host.kernel, 'host', 'eth0');
    for (const name of ['m1', 'm2']) {
      done(host.kernel.addNetns(name));
      child[name] = done(host.kernel.addMacvlan({ netns: name, name: 'eth0', parent: nic }));
      done(host.kernel.setUp(child[name]));
    }
    host.run(SECOND);
    host.sent.length = 0;
  });

  const inward = (seen: readonly string[]): string[] =>
    seen.filter((line) => line.startsWith('in ')).map((line) => line.split(' ')[1]!);
  const runOn = (): void => host.run(host.machine.now() + MILLISECOND);

  it('reach each other without the line', () => {
    const seen = watchFrames(host.kernel);
    transmit(host.kernel, child['m1']!, ethernetFrame(host.kernel, child['m2']!.mac, child['m1']!.mac));
    runOn();
    expect(inward(seen)).toEqual(['m2/eth0']);
    expect(host.sent).toEqual([]);
  });

  it('reach the line, and not the NIC that carries them', () => {
    const seen = watchFrames(host.kernel);
    for (const target of [nic.mac, macOfHost(7), BROADCAST_MAC]) {
      transmit(host.kernel, child['m1']!, ethernetFrame(host.kernel, target, child['m1']!.mac));
    }
    runOn();
    expect(host.sent).toHaveLength(3);
    expect(inward(seen)).toEqual(['m2/eth0']);
  });

  it('take what is for them from the line, and share what is for all', () => {
    const seen = watchFrames(host.kernel);
    host.kernel.deliver(nic, ethernetFrame(host.kernel, child['m2']!.mac, macOfHost(7)));
    expect(inward(seen)).toEqual(['host/eth0', 'm2/eth0']);
    seen.length = 0;
    host.kernel.deliver(nic, ethernetFrame(host.kernel, BROADCAST_MAC, macOfHost(7)));
    expect(inward(seen)).toEqual(['host/eth0', 'm1/eth0', 'm2/eth0']);
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('have the carrier of their NIC, and end with it', () => {
    expect(child['m1']!.carrier).toBe(true);
    done(host.kernel.setCarrier(nic, false));
    expect(child['m1']!.carrier).toBe(false);
    done(host.kernel.setCarrier(nic, true));
    done(host.kernel.setDown(nic));
    expect(child['m1']!.carrier).toBe(false);
    done(host.kernel.setDown(child['m1']!));
    expect(host.kernel.setUp(child['m1']!)).toEqual({ refused: 'RTNETLINK answers: Network is down' });
    done(host.kernel.deleteNetns('host'));
    expect(host.kernel.linkByName('m1', 'eth0')).toBeUndefined();
  });
});

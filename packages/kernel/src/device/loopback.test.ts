import { SECOND } from '@netreel/sim';
import { done, dropsOf, ethernetFrame, kernelUnderTest, linkOf, transmit } from '../testing.js';
import { LOOPBACK_DELAY_NS } from './loopback.js';

describe('lo', () => {
  it('is there with its namespace, down; its address comes when it goes up', () => {
    const { kernel } = kernelUnderTest();
    done(kernel.addNetns('one'));
    const lo = linkOf(kernel, 'one', 'lo');
    expect(lo).toMatchObject({ kind: 'loopback', up: false, mtu: 65536, addresses: [] });
    done(kernel.setUp(lo));
    expect(lo.addresses).toEqual([{ address: 0x7f00_0001, prefix: 8 }]);
    done(kernel.setDown(lo));
    done(kernel.setUp(lo));
    expect(lo.addresses).toHaveLength(1);
    expect(kernel.tables.netns.get('one')!.routes).toEqual([]);
  });

  it('returns a frame after a moment, whatever its address', () => {
    const host = kernelUnderTest();
    done(host.kernel.addNetns('one'));
    const lo = linkOf(host.kernel, 'one', 'lo');
    transmit(host.kernel, lo, ethernetFrame(host.kernel, 5, 0));
    done(host.kernel.setUp(lo));
    transmit(host.kernel, lo, ethernetFrame(host.kernel, 5, 0));
    host.run(LOOPBACK_DELAY_NS);
    expect(host.kernel.counters(lo)).toMatchObject({ rxPackets: 0, txPackets: 1 });
    host.run(SECOND);
    expect(host.kernel.counters(lo)).toMatchObject({ rxPackets: 1, txDropped: 1 });
    expect(dropsOf(host.kernel)).toContain('one/lo link-down 1');
  });
});

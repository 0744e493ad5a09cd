import { SECOND } from '@netreel/sim';
import { BROADCAST_MAC } from '@netreel/wire';
import type { KernelUnderTest } from '../testing.js';
import {
  attach, done, dropsOf, ethernetFrame, hostsUnderTest, linkOf, macOfHost, transmit, watchFrames,
} from '../testing.js';
import type { LinkRow } from '../tables.js';

describe('a NIC', () => {
  let host: KernelUnderTest;
  let nic: LinkRow;

  beforeEach(() => {
    host = hostsUnderTest(1, 1_000_000_000)[0]!;
    nic = linkOf(host.kernel, 'host', 'eth0');
    host.run(SECOND);
    host.sent.length = 0;
  });

  const send = (payloadBytes: number): void => {
    transmit(host.kernel, nic, ethernetFrame(host.kernel, macOfHost(1), nic.mac, payloadBytes));
  };
  const receive = (target: number): void => host.kernel.deliver(nic, ethernetFrame(host.kernel, target, macOfHost(1)));

  it('says of each frame how long it waits for the line and on it', () => {
    send(1486);
    send(486);
    expect(host.sent.map(({ waitNs }) => waitNs)).toEqual([12_000, 16_000]);
  });

  it('drops what does not fit into the queue of a thousand', () => {
    for (let i = 0; i < 1003; i++) send(1486);
    expect(host.sent).toHaveLength(1000);
    expect(host.sent.at(-1)!.waitNs).toBe(1000 * 12_000);
    expect(dropsOf(host.kernel)).toEqual(['host/eth0 queue-full 3']);
    expect(host.kernel.counters(nic)).toMatchObject({ txPackets: 1000, txDropped: 3 });
    expect(host.kernel.pool.taken).toBe(0);
  });

  it('takes in what is for its address, for all and for groups, and nothing else', () => {
    for (const target of [nic.mac, BROADCAST_MAC, 0x0100_5e00_0001, macOfHost(5)]) receive(target);
    expect(dropsOf(host.kernel)).toContain('host/eth0 not-for-us 1');
    expect(dropsOf(host.kernel)).toContain('host/eth0 unknown-ethertype 3');
  });

  it('takes in all as the port of a bridge', () => {
    const bridge = done(host.kernel.addBridge({ netns: 'host', name: 'br0' }));
    done(host.kernel.setUp(bridge));
    attach(host.kernel, 'host', 'br0', 'a', 0xc0a8_4163, 24);
    done(host.kernel.setMaster(nic, bridge));
    const seen = watchFrames(host.kernel);
    receive(linkOf(host.kernel, 'a', 'eth0').mac);
    host.run(2 * SECOND);
    expect(seen.some((line) => line.startsWith('in a/eth0'))).toBe(true);
  });

  it('has carrier until its cable is pulled', () => {
    expect(nic.carrier).toBe(true);
    done(host.kernel.setCarrier(nic, false));
    send(100);
    receive(nic.mac);
    expect(host.sent).toEqual([]);
    expect(dropsOf(host.kernel)).toEqual(['host/eth0 no-carrier 2']);
    expect(host.events.at(-1)).toEqual({ type: 'CarrierLost', link: nic.index });
    done(host.kernel.setCarrier(nic, true));
    send(100);
    expect(host.sent).toHaveLength(1);
  });

  it('refuses frames too short for a header', () => {
    const frame = host.kernel.pool.take(13);
    host.kernel.deliver(nic, frame);
    expect(dropsOf(host.kernel)).toEqual(['host/eth0 bad-ethernet 1']);
  });

  it('counts frames for a link that is gone', () => {
    host.kernel.deliver(999, ethernetFrame(host.kernel, nic.mac, macOfHost(1)));
    expect(dropsOf(host.kernel)).toEqual(['link 999 device-gone 1']);
    expect(host.kernel.pool.taken).toBe(0);
  });
});

import {
  BROADCAST_MAC, broadcastOf, formatCidr, formatIpv4, formatMac, inSubnet, isGroupMac, isLoopbackIpv4, isMulticastIpv4,
  macFromIpv4, maskOf, networkOf, overlaps, parseCidr, parseIpv4, parseMac,
} from './address.js';
import { Generator } from '../test/generator.js';

const ip = (text: string): number => parseIpv4(text)!;

describe('MAC addresses', () => {
  it('are read in either case and printed in lower case with all their zeroes', () => {
    expect(parseMac('02:42:0A:00:00:02')).toBe(0x02420a000002);
    expect(formatMac(0x02420a000002)).toBe('02:42:0a:00:00:02');
    expect(formatMac(0)).toBe('00:00:00:00:00:00');
    expect(formatMac(BROADCAST_MAC)).toBe('ff:ff:ff:ff:ff:ff');
  });

  it.each(['', '02:42:0a:00:00', '02:42:0a:00:00:02:03', '2:42:0a:00:00:02', '02-42-0a-00-00-02', '02:42:0a:00:00:0g',
    ' 02:42:0a:00:00:02'])(
    'refuse %p', (text) => expect(parseMac(text)).toBeUndefined());

  it('are group addresses when the lowest bit of the first byte is set', () => {
    expect(isGroupMac(BROADCAST_MAC)).toBe(true);
    expect(isGroupMac(parseMac('01:00:5e:00:00:01')!)).toBe(true);
    expect(isGroupMac(parseMac('02:42:0a:00:00:02')!)).toBe(false);
    expect(isGroupMac(parseMac('fe:ff:ff:ff:ff:ff')!)).toBe(false);
  });

  it('come from an IPv4 address as Docker makes them', () => {
    expect(formatMac(macFromIpv4(ip('172.17.0.2')))).toBe('02:42:ac:11:00:02');
    expect(formatMac(macFromIpv4(ip('255.255.255.255')))).toBe('02:42:ff:ff:ff:ff');
  });
});

describe('IPv4 addresses', () => {
  it('are unsigned numbers', () => {
    expect(ip('192.168.65.11')).toBe(0xc0a8410b);
    expect(formatIpv4(0xc0a8410b)).toBe('192.168.65.11');
    expect(ip('0.0.0.0')).toBe(0);
    expect(ip('255.255.255.255')).toBe(0xffffffff);
  });

  it.each(['', '10', '10.0.0', '10.0.0.0.1', '10.0.0.256', '10.0.0.-1', '10.0.0.01', '10.0.0.1 ', '10.0.0.0x1',
    '10..0.1', '1e1.0.0.1'])(
    'refuse %p', (text) => expect(parseIpv4(text)).toBeUndefined());

  it('know multicast and loopback', () => {
    expect([ip('223.255.255.255'), ip('224.0.0.0'), ip('239.255.255.255'), ip('240.0.0.0')].map(isMulticastIpv4))
      .toEqual([false, true, true, false]);
    expect([ip('126.255.255.255'), ip('127.0.0.0'), ip('127.0.0.11'), ip('128.0.0.0')].map(isLoopbackIpv4))
      .toEqual([false, true, true, false]);
  });

  it('survive the way to text and back', () => {
    const generator = new Generator(1);
    for (let round = 0; round < 1000; round++) {
      const address = generator.next();
      const mac = generator.mac();
      expect(parseIpv4(formatIpv4(address))).toBe(address);
      expect(parseMac(formatMac(mac))).toBe(mac);
    }
  });
});

describe('subnets', () => {
  it('keep the host bits of what was written', () => {
    expect(parseCidr('10.0.0.5/8')).toEqual({ address: ip('10.0.0.5'), prefix: 8 });
    expect(parseCidr('0.0.0.0/0')).toEqual({ address: 0, prefix: 0 });
    expect(formatCidr(ip('10.0.0.5'), 8)).toBe('10.0.0.5/8');
  });

  it.each(['10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0/8', '10.0.0.0/8/8', '/8'])(
    'refuse %p', (text) => expect(parseCidr(text)).toBeUndefined());

  it('have masks for every prefix, 0 and 32 included', () => {
    expect([0, 1, 8, 20, 31, 32].map((prefix) => formatIpv4(maskOf(prefix))))
      .toEqual(['0.0.0.0', '128.0.0.0', '255.0.0.0', '255.255.240.0', '255.255.255.254', '255.255.255.255']);
  });

  it('have a first and a last address', () => {
    expect(formatIpv4(networkOf(ip('192.168.65.200'), 20))).toBe('192.168.64.0');
    expect(formatIpv4(broadcastOf(ip('192.168.65.200'), 20))).toBe('192.168.79.255');
    expect(networkOf(ip('200.1.2.3'), 0)).toBe(0);
    expect(broadcastOf(ip('200.1.2.3'), 0)).toBe(0xffffffff);
    expect(networkOf(ip('200.1.2.3'), 32)).toBe(ip('200.1.2.3'));
    expect(broadcastOf(ip('200.1.2.3'), 32)).toBe(ip('200.1.2.3'));
  });

  it('contain what shares their prefix', () => {
    expect(inSubnet(ip('192.168.79.255'), ip('192.168.64.0'), 20)).toBe(true);
    expect(inSubnet(ip('192.168.80.0'), ip('192.168.64.0'), 20)).toBe(false);
    expect(inSubnet(ip('8.8.8.8'), 0, 0)).toBe(true);
    expect(inSubnet(ip('8.8.8.8'), ip('8.8.8.9'), 32)).toBe(false);
  });

  it('overlap when one contains the other, in either order', () => {
    const cases: [string, string, boolean][] = [
      ['172.17.0.0/16', '172.17.5.0/24', true], ['172.17.0.0/16', '172.18.0.0/16', false],
      ['10.0.0.0/8', '0.0.0.0/0', true], ['10.0.0.0/25', '10.0.0.128/25', false],
    ];
    for (const [left, right, expected] of cases) {
      const a = parseCidr(left)!;
      const b = parseCidr(right)!;
      expect(overlaps(a.address, a.prefix, b.address, b.prefix)).toBe(expected);
      expect(overlaps(b.address, b.prefix, a.address, a.prefix)).toBe(expected);
    }
  });
});

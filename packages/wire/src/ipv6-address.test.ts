import {
  addToIpv6, addressOfReverseName6, sharedBits6, compareIpv6, formatAddress, groupMacOf6, inSubnet6, inZone,
  isLinkLocalIpv6, isMulticastIpv6, lastOf6, linkLocalOf, mappedIpv4, mappedOf, networkOf6, overlaps6, parseAddress,
  parseCidr6, parseIpv6, readIpv6, reverseNameOf6, solicitedNodeOf, withoutZone, writeIpv6, zoneOf,
} from './ipv6-address.js';

describe('the text of an IPv6 address', () => {
  it.each([
    ['::', '::'], ['::1', '::1'], ['FE80::1', 'fe80::1'], ['fd00:65:0:0::3', 'fd00:65::3'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], ['1::', '1::'], ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:0a00:0002', '::ffff:10.0.0.2'], ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'], ['1:2:3:4:5:6:7::',
      '1:2:3:4:5:6:7:0'],
  ])('RFC 5952: %s is written %s', (text, canonical) => expect(parseIpv6(text)).toBe(canonical));

  it.each(['', ':', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2::3', 'g::', '12345::', '10.0.0.1',
    '::10.0.0.256',
    '1:2:3:4:5:6:7:8::', 'fe80::1%eth0', ' ::1', '::1/64'])('%j is none',
      (text) => expect(parseIpv6(text)).toBeUndefined());

  it('goes to bytes and back', () => {
    const bytes = new Uint8Array(18);
    for (const text of ['::', '::1', 'fd00:65::3', 'fe80::42:acff:fe12:2', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']) {
      writeIpv6(bytes, 1, text);
      expect(readIpv6(bytes, 1)).toBe(text);
      expect(readIpv6(bytes, 1)).toBe(text);
    }
    expect(bytes[0]! + bytes[17]!).toBe(0);
  });

  it('is read for either family', () => {
    expect([parseAddress('10.0.0.2'), parseAddress('FD00::2'), parseAddress('web')])
      .toEqual([0x0a00_0002, 'fd00::2', undefined]);
    expect([formatAddress(0x0a00_0002), formatAddress('fd00::2')]).toEqual(['10.0.0.2', 'fd00::2']);
  });
});

describe('IPv6 prefixes', () => {
  it('RFC 4291 section 2.3: network, last address, membership', () => {
    expect(parseCidr6('FD00::5/64')).toEqual({ address: 'fd00::5', prefix: 64 });
    expect([parseCidr6('fd00::/129'), parseCidr6('fd00::'), parseCidr6('fd00::/064')]).toEqual([undefined, undefined,
      undefined]);
    expect([networkOf6('fd00:1:2:3:4::5', 64), networkOf6('fd00::ff', 121), lastOf6('fd00::', 120)])
      .toEqual(['fd00:1:2:3::', 'fd00::80', 'fd00::ff']);
    expect([inSubnet6('fd00::1', 'fd00::', 64), inSubnet6('fd00:0:0:1::1', 'fd00::', 64), inSubnet6('1::', '2::', 0)])
      .toEqual([true, false, true]);
    expect(overlaps6({ address: 'fd00::', prefix: 48 }, { address: 'fd00:0:0:9::', prefix: 64 })).toBe(true);
    expect(overlaps6({ address: 'fd00::', prefix: 64 }, { address: 'fd00:0:0:9::', prefix: 64 })).toBe(false);
    expect([sharedBits6('fd00::1', 'fd00::1'), sharedBits6('fd00::', 'fd80::'), sharedBits6('fd00::1', 'fd00::2')])
      .toEqual([128, 8, 126]);
  });

  it('counts on and compares as numbers', () => {
    expect([addToIpv6('fd00::ffff', 1), addToIpv6('fd00::', 0x1_0000_0001),
      addToIpv6('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1)])
      .toEqual(['fd00::1:0', 'fd00::1:0:1', '::']);
    expect(['fd00::10', 'fd00::9', '::1'].sort(compareIpv6)).toEqual(['::1', 'fd00::9', 'fd00::10']);
  });
});

describe('what addresses mean', () => {
  it('RFC 4291 appendix A: the link-local address of a MAC', () => {
    expect(linkLocalOf(0x0242_ac12_0002)).toBe('fe80::42:acff:fe12:2');
    expect(isLinkLocalIpv6('febf::1') && !isLinkLocalIpv6('fec0::1')).toBe(true);
  });

  it('RFC 4291 section 2.7.1, RFC 2464 section 7: groups', () => {
    expect(solicitedNodeOf('fd00:65::1:2:3')).toBe('ff02::1:ff02:3');
    expect(groupMacOf6('ff02::1:ff02:3').toString(16)).toBe('3333ff020003');
    expect(isMulticastIpv6('ff02::1') && !isMulticastIpv6('fe80::1')).toBe(true);
  });

  it('RFC 4007: a zone stands behind link-local ones', () => {
    expect([inZone('fe80::1', 3), inZone('fd00::1', 3), zoneOf('fe80::1%3'), zoneOf('fd00::1'),
      withoutZone('fe80::1%3')])
      .toEqual(['fe80::1%3', 'fd00::1', 3, 0, 'fe80::1']);
  });

  it('RFC 4291 section 2.5.5.2: mapped IPv4', () => {
    expect([mappedOf(0x0a00_0002), mappedIpv4('::ffff:10.0.0.2'), mappedIpv4('::1')])
      .toEqual(['::ffff:10.0.0.2', 0x0a00_0002, undefined]);
  });

  it('RFC 3596 section 2.5: names under ip6.arpa', () => {
    const name = '3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.5.6.0.0.0.0.d.f.ip6.arpa';
    expect([reverseNameOf6('fd00:65::3'), addressOfReverseName6(name), addressOfReverseName6('1.ip6.arpa')])
      .toEqual([name, 'fd00:65::3', undefined]);
  });
});

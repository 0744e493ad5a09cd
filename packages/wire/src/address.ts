// Addresses as numbers: a MAC in 48 bits, an IPv4 address in 32 unsigned ones. Numbers compare, sort and hash fast, and
// there is one way to write each. RFC 791 section 3.2, RFC 4632 (prefixes), IEEE 802 (group bit).

/** 48 bits. */
export type Mac = number;

/** 32 bits, unsigned. */
export type Ipv4 = number;

/** An address with the length of its network's prefix. Host bits are kept. */
export interface Cidr {
  readonly address: Ipv4;
  readonly prefix: number;
}

export const BROADCAST_MAC: Mac = 0xffff_ffff_ffff;

/** Reads `02:42:0a:00:00:02` in either case; undefined when it is anything else. */
export function parseMac(text: string): Mac | undefined {
  if (!/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(text)) return undefined;
  return Number.parseInt(text.replaceAll(':', ''), 16);
}

/** `02:42:0a:00:00:02`. */
export function formatMac(mac: Mac): string {
  const digits = mac.toString(16).padStart(12, '0');
  return `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}:${digits.slice(6, 8)}:` +
    `${digits.slice(8, 10)}:${digits.slice(10, 12)}`;
}

/** Reads a strict dotted quad: four decimal numbers without leading zeroes; undefined when it is anything else. */
export function parseIpv4(text: string): Ipv4 | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    // A leading zero is refused, because some systems read it as octal.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const byte = Number.parseInt(part, 10);
    if (byte > 255) return undefined;
    address = address * 256 + byte;
  }
  return address;
}

/** `10.0.0.2`. */
export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Reads `10.0.0.5/8` and keeps the host bits; undefined when it is anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIpv4(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]?)$/.test(digits)) return undefined;
  const prefix = Number.parseInt(digits, 10);
  return prefix > 32 ? undefined : { address, prefix };
}

/** `10.0.0.5/8`. */
export function formatCidr(address: Ipv4, prefix: number): string {
  return `${formatIpv4(address)}/${prefix}`;
}

/** 24 gives 255.255.255.0. */
export function maskOf(prefix: number): Ipv4 {
  // A shift by 32 is a shift by 0 in JavaScript.
  return prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
}

/** The address with its host bits cleared. */
export function networkOf(address: Ipv4, prefix: number): Ipv4 {
  return (address & maskOf(prefix)) >>> 0;
}

/** The address with its host bits set. */
export function broadcastOf(address: Ipv4, prefix: number): Ipv4 {
  return (address | ~maskOf(prefix)) >>> 0;
}

/** Whether `address` lies in `network`/`prefix`; host bits of `network` do not matter. */
export function inSubnet(address: Ipv4, network: Ipv4, prefix: number): boolean {
  return ((address ^ network) & maskOf(prefix)) === 0;
}

/** Whether two subnets share an address: then the wider one contains the other. */
export function overlaps(aNetwork: Ipv4, aPrefix: number, bNetwork: Ipv4, bPrefix: number): boolean {
  return inSubnet(aNetwork, bNetwork, aPrefix < bPrefix ? aPrefix : bPrefix);
}

/** Broadcast and multicast addresses: the lowest bit of the first byte is set. */
export function isGroupMac(mac: Mac): boolean {
  return (Math.floor(mac / 0x100_0000_0000) & 1) === 1;
}

/** The MAC that Docker gives to an endpoint with this address: 02:42 and the address' four bytes. */
export function macFromIpv4(address: Ipv4): Mac {
  return 0x0242_0000_0000 + address;
}

/** 224.0.0.0/4. */
export function isMulticastIpv4(address: Ipv4): boolean {
  return address >>> 28 === 0xe;
}

/** 127.0.0.0/8. */
export function isLoopbackIpv4(address: Ipv4): boolean {
  return address >>> 24 === 127;
}

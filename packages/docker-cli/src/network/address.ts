// IP addresses and prefixes, as far as the command line itself looks at them.

/** The bytes of an address: 4 or 16. */
export type AddressBytes = readonly number[];

export interface Prefix {
  readonly address: AddressBytes;
  readonly bits: number;
}

/** Reads an IPv4 or IPv6 address; undefined when the text is none. */
export function readAddress(text: string): AddressBytes | undefined {
  return text.includes(':') ? readIpv6(text) : readIpv4(text);
}

function readIpv4(text: string): AddressBytes | undefined {
  const parts = text.split('.');
  if (parts.length !== 4
    || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

function readIpv6(text: string): AddressBytes | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted !== null) {
    const last = readIpv4(dotted[2]!);
    if (last === undefined) return undefined;
    const hex = (high: number, low: number): string => (high * 256 + low).toString(16);
    return readIpv6(`${dotted[1]}${hex(last[0]!, last[1]!)}:${hex(last[2]!, last[3]!)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const missing = 8 - groups.flat().length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...groups[0]!, ...new Array<string>(missing).fill('0'), ...(groups[1] ?? [])];
  return all.flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

/** Reads `10.0.0.0/24`; the host bits may be set. */
export function readPrefix(text: string): Prefix | undefined {
  const at = text.indexOf('/');
  if (at < 0) return undefined;
  const address = readAddress(text.slice(0, at));
  const length = text.slice(at + 1);
  if (address === undefined || !/^\d{1,3}$/.test(length) || Number(length) > address.length * 8) return undefined;
  return { address, bits: Number(length) };
}

/** Whether the address is one of the prefix's. */
export function holds(prefix: Prefix, address: AddressBytes): boolean {
  if (prefix.address.length !== address.length) return false;
  for (let bit = 0; bit < prefix.bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((prefix.address[bit >> 3]! & mask) !== (address[bit >> 3]! & mask)) return false;
  }
  return true;
}

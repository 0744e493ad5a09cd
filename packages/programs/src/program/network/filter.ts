// The part of pcap-filter(7) that people type: protocols, host, port, src and dst, joined by and, or, not and
// parentheses. Looks at the outer packet, as a capture on a wire does.

import { ETHERTYPE, type Ipv4, PROTOCOL, decodeArp, decodeEthernet, decodeIpv4, decodeUdp, parseIpv4 }
  from '@netreel/wire';

/** What a filter may ask of a frame. */
interface Facts {
  readonly type: number;
  /** 0 when it is no IPv4. */
  readonly protocol: number;
  readonly source: Ipv4 | undefined;
  readonly target: Ipv4 | undefined;
  readonly sourcePort: number | undefined;
  readonly targetPort: number | undefined;
}

type Test = (facts: Facts) => boolean;

export type FrameFilter = (bytes: Uint8Array) => boolean;

/** The filter that the words say; a text when they say none. No words match everything. */
export function compileFilter(words: readonly string[]): FrameFilter | string {
  const tokens = words.join(' ')
    .replace(/([()])/g, ' $1 ').replace(/&&/g, ' and ').replace(/\|\|/g, ' or ').replace(/!/g, ' not ')
    .split(' ').filter((token) => token !== '');
  if (tokens.length === 0) return () => true;
  const parser = new FilterParser(tokens);
  const test = parser.either();
  if (test === undefined || !parser.atEnd) return 'can\'t parse filter expression: syntax error';
  return (bytes) => test(factsOf(bytes));
}

class FilterParser {
  private place = 0;

  constructor(private readonly tokens: readonly string[]) {}

  get atEnd(): boolean {
    return this.place === this.tokens.length;
  }

  either(): Test | undefined {
    let left = this.both();
    while (left !== undefined && this.take('or')) {
      const [first, second]: [Test, Test | undefined] = [left, this.both()];
      left = second === undefined ? undefined : (facts) => first(facts) || second(facts);
    }
    return left;
  }

  private both(): Test | undefined {
    let left = this.single();
    while (left !== undefined && this.take('and')) {
      const [first, second]: [Test, Test | undefined] = [left, this.single()];
      left = second === undefined ? undefined : (facts) => first(facts) && second(facts);
    }
    return left;
  }

  private single(): Test | undefined {
    if (this.take('not')) {
      const inner = this.single();
      return inner === undefined ? undefined : (facts) => !inner(facts);
    }
    if (this.take('(')) {
      const inner = this.either();
      return this.take(')') ? inner : undefined;
    }
    return this.primitive();
  }

  /** `udp`, `arp`, `[src|dst] host A`, `[udp|tcp] [src|dst] port N`. */
  private primitive(): Test | undefined {
    const protocol = this.protocol();
    const side = this.take('src') ? 'source' : this.take('dst') ? 'target' : 'any';
    if (this.take('port')) {
      const port = Number(this.next());
      if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined;
      return (facts) => (protocol?.(facts) ?? true) &&
        onSide(side, facts.sourcePort === port, facts.targetPort === port);
    }
    if (this.take('host') || side !== 'any') {
      const address = parseIpv4(this.next() ?? '');
      if (address === undefined) return undefined;
      return (facts) => (protocol?.(facts) ?? true) &&
        onSide(side, facts.source === address, facts.target === address);
    }
    return protocol;
  }

  private protocol(): Test | undefined {
    if (this.take('arp')) return (facts) => facts.type === ETHERTYPE.arp;
    if (this.take('ip')) return (facts) => facts.type === ETHERTYPE.ipv4;
    for (const name of ['icmp', 'udp', 'tcp'] as const) {
      if (this.take(name)) return (facts) => facts.protocol === PROTOCOL[name];
    }
    return undefined;
  }

  private next(): string | undefined {
    return this.tokens[this.place++];
  }

  private take(word: string): boolean {
    if (this.tokens[this.place] !== word) return false;
    this.place++;
    return true;
  }
}

function onSide(side: 'source' | 'target' | 'any', source: boolean, target: boolean): boolean {
  return side === 'any' ? source || target : side === 'source' ? source : target;
}

function factsOf(bytes: Uint8Array): Facts {
  const none = { protocol: 0, source: undefined, target: undefined, sourcePort: undefined, targetPort: undefined };
  const frame = decodeEthernet(bytes);
  if (!frame.ok) return { type: -1, ...none };
  const { type, payload } = frame.packet;
  if (type === ETHERTYPE.arp) {
    const arp = decodeArp(payload);
    return arp.ok ? { type, ...none, source: arp.packet.senderIp, target: arp.packet.targetIp } : { type, ...none };
  }
  const packet = type === ETHERTYPE.ipv4 ? decodeIpv4(payload) : undefined;
  if (packet?.ok !== true) return { type, ...none };
  const { protocol, source, target } = packet.packet;
  const udp = protocol === PROTOCOL.udp ? decodeUdp(packet.packet.payload) : undefined;
  const ports = udp?.ok === true ? { sourcePort: udp.packet.sourcePort, targetPort: udp.packet.targetPort } : {};
  return { type, ...none, protocol, source, target, ...ports };
}

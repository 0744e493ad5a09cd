// One rule of a chain: what a packet must have, and what becomes of it. Read from and written as the words of
// iptables(8) and iptables-extensions(8).

import { type Ipv4, PROTOCOL, formatIpv4, networkOf, parseIpv4 } from '@netreel/wire';
import type { FlowMatchState, Match, RuleRow } from './tables.js';

/** The kinds of a match in the order in which iptables prints them; equal ones keep the order they were given in. */
const PRINT_ORDER: Record<Match['kind'], number> = { source: 0, target: 1, in: 2, out: 3, protocol: 4,
  'source-port': 5, 'target-port': 5, 'source-type': 5, 'target-type': 5, state: 5 };

const PROTOCOL_NAMES: readonly (readonly [string, number])[] = [
  ['icmp', PROTOCOL.icmp], ['tcp', PROTOCOL.tcp], ['udp', PROTOCOL.udp],
];

const FLOW_STATES: readonly FlowMatchState[] = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED'];

/** Targets that end a packet's way through a table; RETURN ends its way through a chain. */
export const TARGETS: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'RETURN', 'MASQUERADE', 'DNAT', 'SNAT']);

/** The rule of `text`, such as `-i docker0 ! -o docker0 -j ACCEPT`; otherwise why not, as iptables says it. */
export function parseRule(text: string): RuleRow | string {
  return new RuleReader(text.split(' ').filter((word) => word !== '')).rule();
}

class RuleReader {
  private readonly matches: Match[] = [];
  private jump = '';
  private toAddress: Ipv4 = 0;
  private toPort = 0;
  private place = 0;

  constructor(private readonly words: readonly string[]) {}

  rule(): RuleRow | string {
    while (this.place < this.words.length) {
      const refused = this.option();
      if (refused !== undefined) return refused;
    }
    const protocol = this.matches.find((match) => match.kind === 'protocol' && !match.not);
    for (const match of this.matches) {
      if ((match.kind === 'source-port' || match.kind === 'target-port')
        && (protocol?.kind !== 'protocol' || !hasPorts(protocol.protocol))) {
        return `unknown option "--${match.kind === 'source-port' ? 'sport' : 'dport'}"`;
      }
    }
    if ((this.jump === 'DNAT' || this.jump === 'SNAT') && this.toAddress === 0) {
      return `${this.jump}: option "--to-${this.jump === 'DNAT' ? 'destination' : 'source'}" must be specified`;
    }
    const matches = [...this.matches].sort((a, b) => PRINT_ORDER[a.kind] - PRINT_ORDER[b.kind]);
    return { matches, jump: this.jump, toAddress: this.toAddress, toPort: this.toPort };
  }

  private option(): string | undefined {
    let word = this.next();
    const not = word === '!';
    if (not) word = this.next();
    const value = this.next();
    if (value === undefined) return word === undefined ? 'Bad argument `!\'' : `option "${word}" requires an argument`;
    switch (word) {
      case '-m': return undefined;
      case '-j': this.jump = value; return undefined;
      case '--to-destination': case '--to-source': return this.to(value);
      default: {
        const match = matchOf(word ?? '', value, not);
        if (typeof match === 'string') return match;
        this.matches.push(match);
        return undefined;
      }
    }
  }

  private to(value: string): string | undefined {
    const [address = '', port = '0'] = value.split(':');
    const parsed = parseIpv4(address);
    const number = portOf(port);
    if (parsed === undefined) return `Bad IP address "${address}"`;
    if (number === undefined) return `Port \`${port}' not valid`;
    this.toAddress = parsed;
    this.toPort = number;
    return undefined;
  }

  private next(): string | undefined {
    return this.words[this.place++];
  }
}

function matchOf(option: string, value: string, not: boolean): Match | string {
  switch (option) {
    case '-i': return { kind: 'in', not, link: value };
    case '-o': return { kind: 'out', not, link: value };
    case '-s': return subnetMatch('source', value, not);
    case '-d': return subnetMatch('target', value, not);
    case '-p': {
      const protocol = PROTOCOL_NAMES.find(([name]) => name === value)?.[1];
      return protocol === undefined ? `unknown protocol "${value}" specified` : { kind: 'protocol', not, protocol };
    }
    case '--sport': return portsMatch('source-port', value, not);
    case '--dport': return portsMatch('target-port', value, not);
    case '--src-type': case '--dst-type':
      if (value !== 'LOCAL') return `addrtype: bad type "${value}"`;
      return { kind: option === '--src-type' ? 'source-type' : 'target-type', not };
    case '--ctstate': {
      const names = value.split(',');
      const unknown = names.find((name) => !FLOW_STATES.some((state) => state === name));
      if (unknown !== undefined) return `Bad ctstate "${unknown}"`;
      return { kind: 'state', not, states: FLOW_STATES.filter((state) => names.includes(state)) };
    }
    default: return `unknown option "${option}"`;
  }
}

function subnetMatch(kind: 'source' | 'target', value: string, not: boolean): Match | string {
  const [text = '', bits = '32'] = value.split('/');
  const address = parseIpv4(text);
  const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : 33;
  if (address === undefined) return `host/network \`${text}' not found`;
  if (prefix > 32) return `invalid mask \`${bits}' specified`;
  return { kind, not, address: networkOf(address, prefix), prefix };
}

function portsMatch(kind: 'source-port' | 'target-port', value: string, not: boolean): Match | string {
  const [from = '', to = from] = value.split(':');
  const first = portOf(from);
  const last = portOf(to);
  if (first === undefined || last === undefined || last < first) return `invalid port/service \`${value}' specified`;
  return { kind, not, first, last };
}

function portOf(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 0xffff ? Number(text) : undefined;
}

function hasPorts(protocol: number): boolean {
  return protocol === PROTOCOL.udp || protocol === PROTOCOL.tcp;
}

/** The rule as iptables-save prints it behind its chain. */
export function formatRule(rule: RuleRow): string {
  const words: string[] = [];
  let module = '';
  const protocol = rule.matches.find((match) => match.kind === 'protocol');
  for (const match of rule.matches) {
    const needed = moduleOf(match, protocol?.kind === 'protocol' ? protocolName(protocol.protocol) : '');
    if (needed !== '' && needed !== module) words.push('-m', needed);
    module = needed;
    if (match.not) words.push('!');
    words.push(...matchWords(match));
  }
  if (rule.jump !== '') words.push('-j', rule.jump);
  if (rule.toAddress !== 0) {
    const port = rule.toPort === 0 ? '' : `:${rule.toPort}`;
    words.push(rule.jump === 'DNAT' ? '--to-destination' : '--to-source', formatIpv4(rule.toAddress) + port);
  }
  return words.join(' ');
}

function moduleOf(match: Match, protocol: string): string {
  switch (match.kind) {
    case 'source-port': case 'target-port': return protocol;
    case 'source-type': case 'target-type': return 'addrtype';
    case 'state': return 'conntrack';
    default: return '';
  }
}

function matchWords(match: Match): readonly string[] {
  switch (match.kind) {
    case 'source': return ['-s', `${formatIpv4(match.address)}/${match.prefix}`];
    case 'target': return ['-d', `${formatIpv4(match.address)}/${match.prefix}`];
    case 'in': return ['-i', match.link];
    case 'out': return ['-o', match.link];
    case 'protocol': return ['-p', protocolName(match.protocol)];
    case 'source-port': return ['--sport', portsText(match.first, match.last)];
    case 'target-port': return ['--dport', portsText(match.first, match.last)];
    case 'source-type': return ['--src-type', 'LOCAL'];
    case 'target-type': return ['--dst-type', 'LOCAL'];
    case 'state': return ['--ctstate', match.states.join(',')];
  }
}

function portsText(first: number, last: number): string {
  return first === last ? `${first}` : `${first}:${last}`;
}

function protocolName(protocol: number): string {
  return PROTOCOL_NAMES.find(([, number]) => number === protocol)?.[0] ?? `${protocol}`;
}

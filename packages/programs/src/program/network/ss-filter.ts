// ss's filters: states, ports and addresses of sockets. iproute2 6.1, ss(8).

import type { SocketRow } from '@netreel/kernel';
import { formatAddress } from '@netreel/wire';
import { portOfService } from './service-names.js';

const TCP_STATES = ['established', 'syn-sent', 'syn-recv', 'fin-wait-1', 'fin-wait-2', 'time-wait', 'closed',
  'close-wait', 'last-ack', 'listening', 'closing'] as const;
export type SsState = (typeof TCP_STATES)[number];

const GROUPS: Readonly<Record<string, readonly SsState[]>> = {
  all: TCP_STATES,
  connected: TCP_STATES.filter((state) => state !== 'closed' && state !== 'listening'),
  synchronized: TCP_STATES.filter((state) => state !== 'closed' && state !== 'listening' && state !== 'syn-sent'),
  bucket: ['syn-recv', 'time-wait'],
  big: TCP_STATES.filter((state) => state !== 'syn-recv' && state !== 'time-wait'),
  'fin-wait': ['fin-wait-1', 'fin-wait-2'], close: ['closed'], listen: ['listening'], unconnected: ['closed'],
};

/** What a word after `state` stands for; undefined when it is none. */
export function statesNamed(word: string): readonly SsState[] | undefined {
  return GROUPS[word] ?? TCP_STATES.filter((state) => state === word).reduce<readonly SsState[] | undefined>(
    (_none, state) => [state], undefined);
}

/** Of UDP: connected ones are established, all others closed. */
export function stateOfRow(row: SocketRow): SsState {
  if (row.protocol !== 'tcp') return (row.remotePort ?? 0) === 0 ? 'closed' : 'established';
  switch (row.state) {
    case 'LISTEN': return 'listening';
    case 'SYN-RECEIVED': return 'syn-recv';
    case undefined: case 'CLOSED': return 'closed';
    default: return row.state.toLowerCase() as SsState;
  }
}

type Test = (row: SocketRow) => boolean;

/** Reads an expression of `sport`, `dport`, `src`, `dst` with `and`, `or`, `not` and brackets; a text says what is
 * wrong. */
export function readFilter(words: readonly string[]): Test | string {
  const reading = new FilterReading(words.flatMap((word) => word.split(/\s+|([()!]=?)/).filter((part) =>
    part !== undefined && part !== '')));
  return reading.whole();
}

class FilterReading {
  private at = 0;

  constructor(private readonly words: readonly string[]) {}

  whole(): Test | string {
    if (this.words.length === 0) return () => true;
    const test = this.either();
    if (typeof test === 'string') return test;
    return this.at < this.words.length ? wrongPrefix(this.words[this.at]!) : test;
  }

  private either(): Test | string {
    let left = this.both();
    while (typeof left !== 'string' && /^(?:or|\|\|?)$/.test(this.words[this.at] ?? '')) {
      this.at++;
      const [first, second] = [left, this.both()];
      left = typeof second === 'string' ? second : (row) => first(row) || second(row);
    }
    return left;
  }

  private both(): Test | string {
    let left = this.single();
    while (typeof left !== 'string' && this.at < this.words.length && !/^(?:or|\|\|?|\))$/.test(this.words[this.at]!)) {
      if (/^(?:and|&&?)$/.test(this.words[this.at]!)) this.at++;
      const [first, second] = [left, this.single()];
      left = typeof second === 'string' ? second : (row) => first(row) && second(row);
    }
    return left;
  }

  private single(): Test | string {
    const word = this.words[this.at++] ?? '';
    if (word === 'not' || word === '!') {
      const test = this.single();
      return typeof test === 'string' ? test : (row) => !test(row);
    }
    if (word === '(') {
      const test = this.either();
      this.at++;
      return test;
    }
    if (word === 'sport' || word === 'dport') return this.port(word);
    if (word === 'src' || word === 'dst') return this.place(word);
    return wrongPrefix(word);
  }

  private port(side: 'sport' | 'dport'): Test | string {
    const operator = COMPARISONS[this.words[this.at] ?? ''];
    if (operator !== undefined) this.at++;
    const text = (this.words[this.at++] ?? '').replace(/^:/, '');
    const port = portOfService(text);
    if (port === undefined) return `Error: "${text}" does not look like a port.\nCannot parse dst/src address.\n`;
    const compare = operator ?? COMPARISONS['=']!;
    return (row) => compare(side === 'sport' ? row.port : row.remotePort ?? 0, port);
  }

  private place(side: 'src' | 'dst'): Test | string {
    if (COMPARISONS[this.words[this.at] ?? ''] !== undefined) this.at++;
    const text = this.words[this.at++] ?? '';
    const [, address, portText] = /^(\[[^\]]*\]|[\d.]*|\*)(?::(\w+|\*))?$/.exec(text) ?? [];
    if (address === undefined) return wrongPrefix(text);
    const port = portText === undefined || portText === '*' ? undefined : portOfService(portText);
    const wanted = address.replace(/^\[|\]$/g, '');
    return (row) => {
      const own = formatAddress(side === 'src' ? row.address : row.remoteAddress ?? 0);
      const ownPort = side === 'src' ? row.port : row.remotePort ?? 0;
      return (wanted === '' || wanted === '*' || own === wanted) && (port === undefined || port === ownPort);
    };
  }
}

const COMPARISONS: Readonly<Record<string, (own: number, wanted: number) => boolean>> = {
  '=': (own, wanted) => own === wanted, '==': (own, wanted) => own === wanted, eq: (own, wanted) => own === wanted,
  '!=': (own, wanted) => own !== wanted, ne: (own, wanted) => own !== wanted, neq: (own, wanted) => own !== wanted,
  '>=': (own, wanted) => own >= wanted, ge: (own, wanted) => own >= wanted, geq: (own, wanted) => own >= wanted,
  '<=': (own, wanted) => own <= wanted, le: (own, wanted) => own <= wanted, leq: (own, wanted) => own <= wanted,
  '>': (own, wanted) => own > wanted, gt: (own, wanted) => own > wanted,
  '<': (own, wanted) => own < wanted, lt: (own, wanted) => own < wanted,
};

function wrongPrefix(word: string): string {
  return `Error: an inet prefix is expected rather than "${word}".\nCannot parse dst/src address.\n`;
}

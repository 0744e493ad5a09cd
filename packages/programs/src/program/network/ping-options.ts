// ping's command line.

import { SECOND, MICROSECOND } from '@netreel/sim';
import { type ParsedOptions, parseOptions } from '../../usage.js';

export interface PingOptions {
  readonly host: string;
  /** 0: until interrupted. */
  readonly count: number;
  readonly sizeBytes: number;
  readonly intervalNs: number;
  /** How long the first answer may take after the last request. */
  readonly patienceNs: number;
  /** 0: none. */
  readonly deadlineNs: number;
  readonly ttl: number | undefined;
  /** Interface or address to send from. */
  readonly from: string | undefined;
  readonly quiet: boolean;
  readonly family: 'any' | 'inet' | 'inet6';
  readonly pattern: number;
  /** iputils: don't-fragment always, where it fits, or never. */
  readonly discovery: 'do' | 'want' | 'dont' | undefined;
}

/** A string is a complaint; undefined a call without a host. */
export function readPingOptions(argv: readonly string[]): PingOptions | string | undefined {
  const parsed = parseOptions(argv, '46qAnv', 'csitIWwpM');
  if (typeof parsed === 'string') return parsed;
  const host = parsed.rest[0];
  if (host === undefined || parsed.rest.length > 1) return undefined;
  const numbers = { c: 0, s: 56, t: 0, W: 10, w: 0 };
  for (const [name, most] of [['c', 0x7fff_ffff], ['s', 65535], ['t', 255], ['W', 2_000_000],
    ['w', 2_000_000]] as const) {
    const text = parsed.values.get(name);
    if (text === undefined) continue;
    if (!/^\d+$/.test(text)) return `invalid number '${text}'`;
    const number = Number(text);
    if (number > most) return `number ${text} is not in 0..${most} range`;
    numbers[name] = number;
  }
  const intervalNs = readSeconds(parsed, 'i');
  if (intervalNs === undefined) return `invalid number '${parsed.values.get('i')}'`;
  const discovery = parsed.values.get('M');
  if (discovery !== undefined && discovery !== 'do' && discovery !== 'want' && discovery !== 'dont') {
    return `invalid -M argument: ${discovery}`;
  }
  return {
    host, count: numbers.c, sizeBytes: numbers.s, intervalNs, patienceNs: numbers.W * SECOND,
      deadlineNs: numbers.w * SECOND,
    ttl: parsed.values.has('t') ? numbers.t : undefined, from: parsed.values.get('I'), quiet: parsed.flags.has('q'),
    family: parsed.flags.has('6') ? 'inet6' : parsed.flags.has('4') ? 'inet' : 'any',
    pattern: Number.parseInt(parsed.values.get('p') ?? '0', 16) & 0xff, discovery,
  };
}

/** Seconds with up to six digits after the point. */
function readSeconds(parsed: ParsedOptions, option: string): number | undefined {
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(parsed.values.get(option) ?? '1');
  if (match === null) return undefined;
  return Number(match[1]) * SECOND + Number((match[2] ?? '').padEnd(6, '0')) * MICROSECOND;
}

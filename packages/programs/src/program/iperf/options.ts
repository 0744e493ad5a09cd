// The command line of iperf3 3.12.

import type { Sys } from '../../contract.js';
import { parseOptions } from '../../usage.js';
import { IPERF_USAGE } from './usage.js';

export interface IperfOptions {
  /** Undefined: a server. */
  readonly host: string | undefined;
  readonly port: number;
  readonly once: boolean;
  readonly intervalSeconds: number;
  readonly plan: Plan;
}

/** What client and server agree about. */
export interface Plan {
  readonly udp: boolean;
  readonly reverse: boolean;
  readonly streams: number;
  readonly seconds: number;
  /** 0: `seconds` counts. */
  readonly bytes: number;
  /** 0: as fast as it goes. */
  readonly bitsPerSecond: number;
  /** 0: what suits the protocol. */
  readonly blockBytes: number;
  readonly segmentBytes: number;
}

const PLAIN = 's1uRN4vh';
const VALUED = 'cpintPbMl';
const LONG = { server: 's', client: 'c', port: 'p', 'one-off': '1', interval: 'i', time: 't', bytes: 'n', parallel: 'P',
  bitrate: 'b', bandwidth: 'b', reverse: 'R', udp: 'u', 'set-mss': 'M', length: 'l', 'no-delay': 'N', version4: '4',
  version: 'v', help: 'h' };
const PORT = 5201;
const UDP_BITS_PER_SECOND = 1024 * 1024;
const DURATION_SECONDS = 10;

/** An exit status after having said what is wrong, or what was asked for. */
export function iperfOptions(sys: Sys, argv: readonly string[]): IperfOptions | number {
  const parsed = parseOptions(argv, PLAIN, VALUED, true, LONG);
  if (typeof parsed === 'string') {
    sys.stderr(`iperf3: ${parsed}\n${IPERF_USAGE}`);
    return 1;
  }
  const { flags, values } = parsed;
  if (flags.has('h')) {
    sys.stdout(IPERF_USAGE);
    return 0;
  }
  if (flags.has('v')) {
    sys.stdout('iperf 3.12 (cJSON 1.7.15)\n');
    return 0;
  }
  const whole = (option: string, otherwise: number): number => {
    const digits = /^\s*\d+/.exec(values.get(option) ?? '');
    return values.has(option) ? Number(digits?.[0] ?? 0) : otherwise;
  };
  const udp = flags.has('u');
  const host = values.get('c');
  const port = whole('p', PORT);
  const plan: Plan = { udp, reverse: flags.has('R'), streams: whole('P', 1), seconds: whole('t', DURATION_SECONDS),
    bytes: amount(values.get('n'), 1024), segmentBytes: whole('M', 0), blockBytes: amount(values.get('l'), 1024),
    bitsPerSecond: values.has('b') ? amount(values.get('b'), 1000) : udp ? UDP_BITS_PER_SECOND : 0 };
  const intervalSeconds = whole('i', 1);
  const wrong = complaint(flags.has('s'), host, port, plan, intervalSeconds);
  if (wrong === undefined) return { host, port, once: flags.has('1'), intervalSeconds, plan };
  sys.stderr(`iperf3: parameter error - ${wrong}\n\n${IPERF_USAGE}`);
  return 1;
}

function complaint(server: boolean, host: string | undefined, port: number, plan: Plan, intervalSeconds: number): string
  | undefined {
  if (port < 1 || port > 65535) return 'port number must be between 1 and 65535 inclusive';
  if (server && host !== undefined) return 'cannot be both server and client';
  if (!server && host === undefined) return 'must either be a client (-c) or server (-s)';
  if (plan.streams > 128) return 'number of parallel streams too large (maximum = 128)';
  if (plan.seconds > 86_400) return 'test duration too long (maximum = 86400 seconds)';
  if (plan.segmentBytes > 9216) return 'TCP MSS too large (maximum = 9216 bytes)';
  if (intervalSeconds > 60) return 'invalid report interval (min = 0.1, max = 60 seconds)';
  return undefined;
}

/** `10M` and the like; decimals are allowed. */
function amount(text: string | undefined, step: number): number {
  const parts = /^(\d+(?:\.\d+)?)([kmgt]?)/i.exec(text ?? '');
  if (parts === null) return 0;
  let value = Number(parts[1]);
  for (let power = ['', 'k', 'm', 'g', 't'].indexOf(parts[2]!.toLowerCase()); power > 0; power--) value *= step;
  return Math.floor(value);
}

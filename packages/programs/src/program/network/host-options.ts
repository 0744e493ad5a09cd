// The words of BIND's host.

import { SECOND } from '@netreel/sim';
import { questionType } from '../../dns/question-types.js';

export const HOST_USAGE = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only
`;
const PLAIN = 'aAdirsTUvVw46';
const VALUED = 'cNmptRW';
/** What -w waits for: "for ever" is a long time to it too. */
const PATIENCE_SECONDS = 2_147_483_647 / 1000;

export interface HostCall {
  readonly name: string;
  readonly server: string | undefined;
  /** Undefined: addresses of both families, and who takes mail. */
  readonly type: string | undefined;
  readonly verbose: boolean;
  readonly recursive: boolean;
  readonly overTcp: boolean;
  readonly port: number;
  readonly timeoutNs: number;
  readonly tries: number;
  readonly ndots: number | undefined;
}

/** What is asked for; or what is said instead, and the exit status. */
export function readHost(words: readonly string[]): HostCall | { readonly stderr: string; readonly exitCode: number } {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  let at = 0;
  for (; at < words.length && /^-./.test(words[at]!); at++) {
    const word = words[at]!;
    for (let letter = 1; letter < word.length; letter++) {
      const option = word[letter]!;
      if (PLAIN.includes(option)) {
        flags.add(option);
        continue;
      }
      if (!VALUED.includes(option)) return wrong(`host: illegal option -- ${option}\n`);
      const value = letter + 1 < word.length ? word.slice(letter + 1) : words[++at];
      if (value === undefined) return wrong(`host: option requires an argument -- ${option}\n`);
      values.set(option, value);
      break;
    }
  }
  if (flags.has('V')) return { stderr: 'host 9.18.49-1~deb12u1-Debian\n', exitCode: 0 };
  const [name, server] = words.slice(at);
  if (name === undefined) return wrong('');
  const all = flags.has('a') || flags.has('A');
  const given = values.get('t');
  const type = given === undefined ? (all ? 'ANY' : undefined) : questionType(given);
  if (given !== undefined && type === undefined) return { stderr: `host: invalid type: ${given}\n\n`, exitCode: 2 };
  const seconds = flags.has('w') ? PATIENCE_SECONDS : number(values.get('W'), 5, 1);
  return { name, server, type, verbose: all || flags.has('v') || flags.has('d'), recursive: !flags.has('r'),
    overTcp: flags.has('T') || (type === 'ANY' && !flags.has('U')), port: number(values.get('p'), 53, 1),
    timeoutNs: Math.floor(seconds) * SECOND, tries: number(values.get('R'), 1, 1) + 1,
    ndots: values.has('N') ? number(values.get('N'), 1, 0) : undefined };
}

function wrong(complaint: string): { readonly stderr: string; readonly exitCode: number } {
  return { stderr: complaint + HOST_USAGE, exitCode: 1 };
}

/** As atoi(3) reads it, and `least` at least. */
function number(text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const read = Number.parseInt(text, 10);
  return Number.isNaN(read) || read < least ? least : read;
}

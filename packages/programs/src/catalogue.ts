// Which program a name runs.

import type { Program } from './contract.js';
import { arp } from './program/network/arp.js';
import { brctl } from './program/network/brctl.js';
import { bridge } from './program/network/bridge.js';
import { ifconfig } from './program/network/ifconfig.js';
import { ip } from './program/network/ip.js';
import { iptables, iptablesSave } from './program/network/iptables.js';
import { netstat } from './program/network/netstat.js';
import { nslookup } from './program/network/nslookup.js';
import { ping } from './program/network/ping.js';
import { route } from './program/network/route.js';
import { tcpdump } from './program/network/tcpdump.js';
import { traceroute } from './program/network/traceroute.js';
import { udpblast, udpecho, udpsink } from './program/network/udp.js';
import { curl } from './program/stream/curl.js';
import { nc } from './program/stream/nc.js';
import { httpd, mysqld, nginx, redisServer } from './program/stream/server.js';
import { wget } from './program/stream/wget.js';
import { test } from './program/system/condition.js';
import { env, printenv } from './program/system/env.js';
import { hostname } from './program/system/hostname.js';
import { id } from './program/system/id.js';
import { entrypoint } from './program/system/service.js';
import { sleep } from './program/system/sleep.js';
import { stty, tty } from './program/system/tty.js';
import { fail, pwd, succeed, whoami } from './program/system/trivial.js';
import { which } from './program/system/which.js';
import { cat } from './program/text/cat.js';
import { cut, tr } from './program/text/cut.js';
import { echo, printf } from './program/text/echo.js';
import { head, tail } from './program/text/ends.js';
import { grep } from './program/text/grep.js';
import { ls } from './program/text/ls.js';
import { seq } from './program/text/seq.js';
import { sort, uniq } from './program/text/sort.js';
import { wc } from './program/text/wc.js';
import { sh } from './shell/sh.js';

/** By bare name, or by path where an image has it in one place only. */
export const catalogue: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['arp', arp], ['brctl', brctl], ['bridge', bridge], ['ifconfig', ifconfig], ['ip', ip], ['iptables', iptables],
  ['iptables-save', iptablesSave], ['netstat', netstat],
  ['nslookup', nslookup], ['ping', ping], ['route', route], ['tcpdump', tcpdump], ['traceroute', traceroute],
  ['udpblast', udpblast], ['udpecho', udpecho], ['udpsink', udpsink],
  ['[', test], ['[[', test], ['env', env], ['false', fail], ['hostname', hostname], ['id', id], ['printenv', printenv],
  ['pwd', pwd], ['sleep', sleep],
  ['stty', stty], ['test', test], ['tty', tty], ['true', succeed], ['which', which], ['whoami', whoami],
  ['cat', cat], ['cut', cut], ['echo', echo], ['grep', grep], ['head', head], ['ls', ls], ['printf', printf],
    ['seq', seq],
  ['sort', sort], ['tail', tail], ['tr', tr], ['uniq', uniq], ['wc', wc],
  ['ash', sh], ['bash', sh], ['sh', sh],
  ['docker-entrypoint.sh', entrypoint], ['/docker-entrypoint.sh', entrypoint],
  ['httpd', httpd], ['mysqld', mysqld], ['nginx', nginx], ['redis-server', redisServer],
  ['curl', curl], ['nc', nc], ['wget', wget],
]);

/** Directories of PATH: what they hold can be called by its bare name too. */
const FOLDERS: ReadonlySet<string> = new Set(['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin',
  '/usr/local/sbin']);

/** The program that `name`, a bare name or a path, runs. */
export function programNamed(programs: ReadonlyMap<string, Program>, name: string): Program | undefined {
  const cut = name.lastIndexOf('/');
  if (cut < 0) return programs.get(name);
  return programs.get(name) ?? (FOLDERS.has(name.slice(0, cut)) ? programs.get(name.slice(cut + 1)) : undefined);
}

/** Whether a name runs anything. */
export function hasProgram(name: string): boolean {
  return programNamed(catalogue, name) !== undefined;
}

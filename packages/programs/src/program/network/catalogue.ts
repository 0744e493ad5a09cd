// Programs about interfaces, routes, names and packets.

import type { Program } from '../../contract.js';
import { arp } from './arp.js';
import { brctl } from './brctl.js';
import { bridge } from './bridge.js';
import { dig } from './dig.js';
import { host } from './host.js';
import { ifconfig } from './ifconfig.js';
import { ip } from './ip.js';
import { iptables, iptablesSave } from './iptables.js';
import { netstat } from './netstat.js';
import { nslookup } from './nslookup.js';
import { ping } from './ping.js';
import { route } from './route.js';
import { tcpdump } from './tcpdump.js';
import { traceroute } from './traceroute.js';
import { udpblast, udpecho, udpsink } from './udp.js';

export const networkPrograms: readonly (readonly [string, Program])[] = [
  ['arp', arp], ['brctl', brctl], ['bridge', bridge], ['dig', dig], ['host', host],
  ['ifconfig', ifconfig], ['ip', ip], ['iptables', iptables],
  ['iptables-save', iptablesSave], ['netstat', netstat], ['nslookup', nslookup], ['ping', ping], ['route', route],
  ['tcpdump', tcpdump], ['traceroute', traceroute], ['udpblast', udpblast], ['udpecho', udpecho], ['udpsink', udpsink],
];

/** What Debian's packages put in the place of busybox' programs. */
export const networkPackages: ReadonlyMap<string, ReadonlyMap<string, Program>> = new Map();

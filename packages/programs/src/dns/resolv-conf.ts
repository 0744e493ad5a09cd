// /etc/resolv.conf and /etc/hosts. resolv.conf(5), hosts(5).

import { type Ipv4, parseIpv4 } from '@netreel/wire';
import { SECOND } from '@netreel/sim';
import type { FileTree } from '../contract.js';

/** 127.0.0.1: asked when no server is named. */
const LOCALHOST: Ipv4 = 0x7f00_0001;
/** MAXNS: further servers are not asked. */
const SERVERS_MAX = 3;

export interface ResolverOptions {
  readonly servers: readonly Ipv4[];
  readonly search: readonly string[];
  /** Names with fewer dots are first tried with the search list. */
  readonly ndots: number;
  readonly timeoutNs: number;
  readonly attempts: number;
}

export function readResolvConf(files: FileTree): ResolverOptions {
  const servers: Ipv4[] = [];
  let search: readonly string[] = [];
  let ndots = 1;
  let timeout = 5;
  let attempts = 2;
  for (const line of (files.read('/etc/resolv.conf') ?? '').split('\n')) {
    const [word, ...values] = line.split(/[#;]/)[0]!.trim().split(/\s+/);
    if (word === 'nameserver') {
      const server = parseIpv4(values[0] ?? '');
      if (server !== undefined && servers.length < SERVERS_MAX) servers.push(server);
    } else if (word === 'search' || word === 'domain') {
      search = values;
    } else if (word === 'options') {
      for (const value of values) {
        const [option, number] = value.split(':');
        const limited = (most: number): number => {
          const parsed = Number.parseInt(number ?? '', 10);
          return Number.isNaN(parsed) ? 0 : parsed < most ? parsed : most;
        };
        if (option === 'ndots') ndots = limited(15);
        if (option === 'timeout') timeout = limited(30);
        if (option === 'attempts') attempts = limited(5);
      }
    }
  }
  return { servers: servers.length === 0 ? [LOCALHOST] : servers, search, ndots,
    timeoutNs: (timeout === 0 ? 1 : timeout) * SECOND, attempts: attempts === 0 ? 1 : attempts };
}

interface HostsLine { readonly address: Ipv4; readonly names: readonly string[] }

function hostsLines(files: FileTree): HostsLine[] {
  const lines: HostsLine[] = [];
  for (const line of (files.read('/etc/hosts') ?? '').split('\n')) {
    const [first, ...names] = line.split('#')[0]!.trim().split(/\s+/);
    const address = parseIpv4(first ?? '');
    if (address !== undefined && names.length > 0) lines.push({ address, names });
  }
  return lines;
}

/** The first address that /etc/hosts gives a name, in any case. */
export function addressInHosts(files: FileTree, name: string): Ipv4 | undefined {
  const wanted = name.toLowerCase();
  return hostsLines(files).find((line) => line.names.some((known) => known.toLowerCase() === wanted))?.address;
}

export function nameInHosts(files: FileTree, address: Ipv4): string | undefined {
  return hostsLines(files).find((line) => line.address === address)?.names[0];
}

// /etc/hosts, /etc/resolv.conf and /etc/hostname: the files that an engine writes into every container.

import { formatIpv4, parseIpv4 } from '@netreel/wire';
import type { EngineCore } from '../core.js';
import { isUserDefined } from '../network/lookup.js';
import { endpointsOf, isGatewayEndpoint, type ContainerRow, type EndpointRow } from '../tables.js';
import { linkLines } from './link.js';
import { isContainerMode, isHostMode, namespaceFellows } from './mode.js';

export const HOSTS = '/etc/hosts';
export const RESOLV_CONF = '/etc/resolv.conf';
export const HOSTNAME = '/etc/hostname';

const FIRST_HOSTS = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n' +
  'ff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n';

/** Address of the server that every engine keeps inside of containers on user-defined networks. */
const EMBEDDED_SERVER = '127.0.0.11';

/** Writes all three as a container starts, its endpoints joined. */
export function writeFirstFiles(core: EngineCore, row: ContainerRow, owner: ContainerRow | undefined): void {
  if (owner !== undefined) {
    for (const path of [HOSTS, RESOLV_CONF, HOSTNAME]) writeFile(core, row, path, owner.files.get(path) ?? '');
    return;
  }
  writeFile(core, row, HOSTS, firstHosts(core, row));
  writeFile(core, row, RESOLV_CONF, resolvConf(core, row, onUserNetwork(core, row)));
  writeFile(core, row, HOSTNAME, `${row.spec.hostname}\n`);
}

/** Goes on with the files of a running container after it joined a network with `address`. */
export function writeJoinedFiles(core: EngineCore, row: ContainerRow, address: number): void {
  const hosts = row.files.get(HOSTS) ?? '';
  writeFile(core, row, HOSTS, hosts + ownLine(row, address));
  // Set with the first user-defined network, and kept after all of them were left.
  const resolver = row.files.get(RESOLV_CONF) ?? '';
  if (!resolver.includes(EMBEDDED_SERVER) && onUserNetwork(core, row)) {
    writeFile(core, row, RESOLV_CONF, resolvConf(core, row, true));
  }
}

/** Replaces the lines of links, whose targets have come back with other addresses. */
export function rewriteLinks(core: EngineCore, row: ContainerRow, before: readonly string[]): void {
  const kept = (row.files.get(HOSTS) ?? '').split('\n').filter((line) => !before.includes(line));
  const own = namedEndpoints(core, row).map((endpoint) => ownLine(row, endpoint.address).trimEnd());
  const first = kept.findIndex((line) => own.includes(line));
  kept.splice(first < 0 ? kept.length - 1 : first, 0, ...linkLines(core.tables, row));
  writeFile(core, row, HOSTS, kept.join('\n'));
}

function firstHosts(core: EngineCore, row: ContainerRow): string {
  const extra = row.spec.host.extraHosts.map((entry) => {
    const colon = entry.indexOf(':');
    return `${hostAddress(core, entry.slice(colon + 1))}\t${entry.slice(0, colon)}\n`;
  });
  // The host's own file is only taken as it is.
  if (isHostMode(row.spec)) {
    return extra.length > 0 ? FIRST_HOSTS + extra.join('') : `127.0.0.1\tlocalhost\n127.0.1.1\t${core.port.hostName}\n`;
  }
  const own = namedEndpoints(core, row).map((endpoint) => ownLine(row, endpoint.address));
  const links = linkLines(core.tables, row).map((line) => `${line}\n`);
  return FIRST_HOSTS + [...extra, ...links, ...own].join('');
}

/** `host-gateway` is the default bridge's address, on every network. */
function hostAddress(core: EngineCore, text: string): string {
  if (text !== 'host-gateway') return text;
  const bridge = [...core.tables.networks.values()].find((network) => network.name === 'bridge');
  return formatIpv4(bridge?.ipam.pools[0]?.gateway ?? 0);
}

function ownLine(row: ContainerRow, address: number): string {
  const { hostname, domainname } = row.spec;
  const names = domainname === '' ? hostname : `${hostname}.${domainname} ${hostname}`;
  return `${formatIpv4(address)}\t${names}\n`;
}

/** Those on networks of the container's own. */
function namedEndpoints(core: EngineCore, row: ContainerRow): readonly EndpointRow[] {
  return endpointsOf(core.tables, row.id).filter((endpoint) => !isGatewayEndpoint(endpoint));
}

function onUserNetwork(core: EngineCore, row: ContainerRow): boolean {
  return namedEndpoints(core, row).some((endpoint) =>
    isUserDefined(core.tables.networks.get(endpoint.network)?.name ?? ''));
}

function resolvConf(core: EngineCore, row: ContainerRow, embedded: boolean): string {
  const { dns, dnsSearch, dnsOptions } = row.spec.host;
  const servers = embedded ? [EMBEDDED_SERVER] : dns.length > 0 ? dns : [formatIpv4(core.port.nameServer)];
  const options = embedded && !dnsOptions.some((option) => option.startsWith('ndots:')) ? [...dnsOptions,
    'ndots:0'] : dnsOptions;
  const lines = [
    ...(dnsSearch.length > 0 && !dnsSearch.includes('.') ? [`search ${dnsSearch.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The servers that the embedded one asks for what it does not know. */
export function upstreamServers(core: EngineCore, row: ContainerRow): readonly number[] {
  const own = row.spec.host.dns.map((server) => parseIpv4(server)).filter((server) => server !== undefined);
  return own.length > 0 ? own : [core.port.nameServer];
}

/** A process wrote one of them. */
export function keepFile(core: EngineCore, row: ContainerRow, path: string, content: string): void {
  writeFile(core, row, path, content);
}

/** Containers in container mode share the owner's files, later changes included. */
function writeFile(core: EngineCore, row: ContainerRow, path: string, content: string): void {
  core.emit({ type: 'FileWritten', container: row.id, path, content });
  if (row.sharesNetns) return;
  for (const fellow of namespaceFellows(core.tables, row)) {
    if (isContainerMode(fellow.spec)) core.emit({ type: 'FileWritten', container: fellow.id, path, content });
  }
}

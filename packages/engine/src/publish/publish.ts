// Publishing: the ports of one endpoint of a container are bound on the host, each with a proxy that listens there.

import type { EngineCore } from '../core.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { ContainerRow, EndpointRow, NetworkRow } from '../tables.js';
import { takeHostPort } from './host-port.js';
import { wantedPorts, type WantedPort } from './wanted.js';

/** A port of a container that can be reached at a port of its host. Travels in events as JSON. */
export type PublishedPort = {
  readonly port: number;
  readonly protocol: string;
  /** `0.0.0.0`, `::`, or one address of the host. */
  readonly hostAddress: string;
  readonly hostPort: number;
};

/** Why a proxy cannot listen, in the words of errno(3). */
export type ProxyRefusal = 'EADDRINUSE' | 'EADDRNOTAVAIL' | 'EPROTONOSUPPORT';

const BINDING_ADDRESS = 'com.docker.network.bridge.host_binding_ipv4';
/** How many open ports are tried where the host has them taken. */
const ATTEMPTS = 10;

const REASONS: Record<ProxyRefusal, string> = {
  EADDRINUSE: 'bind: address already in use', EADDRNOTAVAIL: 'bind: cannot assign requested address',
  EPROTONOSUPPORT: 'protocol not supported',
};

/** Publishes what the container asks for at an endpoint on a bridge; whole or not at all. */
export function publishPorts(core: EngineCore, row: ContainerRow, endpoint: EndpointRow,
  network: NetworkRow): Refusal | undefined {
  const published: PublishedPort[] = [];
  for (const wanted of wantedPorts(row.spec)) {
    for (const address of hostAddresses(wanted, network)) {
      const port = bindPort(core, endpoint, wanted, address);
      if (!isRefusal(port)) {
        published.push(port);
        continue;
      }
      for (const bound of published) unbind(core, bound);
      return port;
    }
  }
  const exposed = row.spec.exposedPorts;
  if (published.length > 0 || exposed.length > 0) {
    core.emit({ type: 'PortsPublished', endpoint: endpoint.id, container: row.id, network: network.id, exposed,
      ports: published });
  }
  return undefined;
}

/** Takes back what was published at an endpoint; its exposed ports stay listed. */
export function withdrawPorts(core: EngineCore, endpoint: EndpointRow): void {
  if (endpoint.published.length === 0) return;
  const { id, container, network } = endpoint;
  core.emit({ type: 'PortsWithdrawn', endpoint: id, container, network });
}

/** One address as typed; otherwise that of the network, and for all of IPv4's all of IPv6's too. */
function hostAddresses({ hostAddress }: WantedPort, network: NetworkRow): readonly string[] {
  if (hostAddress !== '') return [hostAddress];
  const usual = network.options[BINDING_ADDRESS] ?? '';
  return usual === '' || usual === '0.0.0.0' ? ['0.0.0.0', '::'] : [usual];
}

function bindPort(core: EngineCore, endpoint: EndpointRow, wanted: WantedPort, hostAddress: string):
PublishedPort | Refusal {
  const { port, protocol } = wanted;
  let refusal: Refusal | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const hostPort = takeHostPort(core, hostAddress, protocol, wanted);
    if (isRefusal(hostPort)) return hostPort;
    const bound = { port, protocol, hostAddress, hostPort };
    const refused = core.port.openProxy(bound, endpoint.address);
    if (refused === undefined) return bound;
    core.emit({ type: 'HostPortReleased', address: hostAddress, protocol, port: hostPort });
    refusal = refuse('System', `Error starting userland proxy: ${proxyText(bound, refused)}`);
    // Whoever chose a port, or a range, gets no other one.
    if (wanted.first !== 0) return refusal;
  }
  return refusal!;
}

function unbind(core: EngineCore, bound: PublishedPort): void {
  core.port.closeProxy(bound);
  core.emit({ type: 'HostPortReleased', address: bound.hostAddress, protocol: bound.protocol, port: bound.hostPort });
}

function proxyText({ protocol, hostAddress, hostPort }: PublishedPort, refused: ProxyRefusal): string {
  if (refused === 'EPROTONOSUPPORT') return REASONS[refused];
  const six = hostAddress.includes(':');
  return `listen ${protocol}${six ? 6 : 4} ${six ? `[${hostAddress}]` : hostAddress}:${hostPort}: ${REASONS[refused]}`;
}

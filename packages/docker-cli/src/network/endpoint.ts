// One container's place on one network, in the shape of the API.

import type { Json } from '@netreel/sim';
import type { JsonRecord } from '../json.js';

/** What a command line may say of an endpoint; null where it says nothing. */
export interface TypedEndpoint {
  readonly ipam: JsonRecord | null;
  readonly links: readonly string[] | null;
  readonly aliases: readonly string[] | null;
  readonly driverOptions: JsonRecord | null;
  readonly macAddress?: string;
  readonly gatewayPriority?: number;
}

/** EndpointSettings with all their fields, as the client sends them. */
export function endpointSettings(typed: TypedEndpoint): Json {
  return {
    IPAMConfig: typed.ipam,
    Links: typed.links,
    Aliases: typed.aliases,
    MacAddress: typed.macAddress ?? '',
    DriverOpts: typed.driverOptions,
    GwPriority: typed.gatewayPriority ?? 0,
    NetworkID: '', EndpointID: '', Gateway: '', IPAddress: '', IPPrefixLen: 0, IPv6Gateway: '', GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0, DNSNames: null,
  };
}

/** EndpointIPAMConfig; what was not typed is left out. */
export function endpointAddresses(ipv4: string, ipv6: string, linkLocal: readonly string[]): JsonRecord {
  return {
    ...(ipv4 === '' ? {} : { IPv4Address: ipv4 }),
    ...(ipv6 === '' ? {} : { IPv6Address: ipv6 }),
    ...(linkLocal.length === 0 ? {} : { LinkLocalIPs: linkLocal }),
  };
}

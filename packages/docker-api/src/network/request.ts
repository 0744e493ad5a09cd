// What clients send about networks, in the engine's terms.

import { PLAIN_ENDPOINT, type EndpointConfig, type IpamConfig, type NetworkSpec } from '@netreel/engine';
import { asObject, flagOf, isObject, tableOf, textOf, textsOf, type JsonObject } from '../json.js';

/** Body of POST /networks/create. */
export function networkSpec(body: JsonObject): NetworkSpec {
  const ipam = asObject(body['IPAM']);
  const configs = ipam['Config'];
  return {
    name: textOf(body, 'Name'), checkDuplicate: flagOf(body, 'CheckDuplicate'), driver: textOf(body, 'Driver'),
    internal: flagOf(body, 'Internal'), attachable: flagOf(body, 'Attachable'), ingress: flagOf(body, 'Ingress'),
    ipv6: flagOf(body, 'EnableIPv6'), ipamDriver: textOf(ipam, 'Driver') === '' ? 'default' : textOf(ipam, 'Driver'),
    ipamOptions: isObject(ipam['Options']) ? tableOf(ipam, 'Options') : null,
    ipam: Array.isArray(configs) ? configs.map((config) => ipamConfig(asObject(config))) : [],
    options: tableOf(body, 'Options'), labels: tableOf(body, 'Labels'), configOnly: flagOf(body, 'ConfigOnly'),
    configFrom: textOf(asObject(body['ConfigFrom']), 'Network'),
  };
}

function ipamConfig(config: JsonObject): IpamConfig {
  return { subnet: textOf(config, 'Subnet'), range: textOf(config, 'IPRange'), gateway: textOf(config, 'Gateway'),
    auxiliary: tableOf(config, 'AuxiliaryAddresses') };
}

/** An EndpointSettings document. */
export function endpointConfig(settings: JsonObject): EndpointConfig {
  const ipam = asObject(settings['IPAMConfig']);
  return { ...PLAIN_ENDPOINT, aliases: textsOf(settings, 'Aliases') ?? [], ipv4Address: textOf(ipam, 'IPv4Address'),
    ipv6Address: textOf(ipam, 'IPv6Address'), ...linkLocal(textsOf(ipam, 'LinkLocalIPs') ?? []),
      links: textsOf(settings, 'Links') ?? [],
    driverOptions: tableOf(settings, 'DriverOpts'), macAddress: textOf(settings, 'MacAddress') };
}

/** Only where there are any: most endpoints have none, and there are many endpoints. */
function linkLocal(linkLocalIps: readonly string[]): Pick<EndpointConfig, 'linkLocalIps'> {
  return linkLocalIps.length === 0 ? {} : { linkLocalIps };
}

// Links of the default bridge: one-way lines in /etc/hosts and variables in the environment. (On a user-defined network
// a link is a private alias; name/resolve.ts answers it.)

import { formatIpv4 } from '@netreel/wire';
import { endpointsOf, isRunning, type ContainerRow, type EngineTables } from '../tables.js';
import { refuse, isRefusal, type Refusal } from '../refusal.js';
import { findContainer, shortId } from './lookup.js';

/** One link: what it points to and the name it has inside. */
export interface Link {
  readonly target: string;
  readonly alias: string;
}

/** `target:alias`; a target alone is its own alias. */
export function parseLink(text: string): Link {
  const [target = '', alias] = text.split(':');
  const bare = target.startsWith('/') ? target.slice(1) : target;
  return { target: bare, alias: (alias ?? bare).split('/').at(-1)! };
}

/** The containers that `row` is linked to on the default bridge. */
export function linkedContainers(tables: EngineTables,
  row: ContainerRow): readonly { readonly alias: string; readonly target: ContainerRow }[] {
  if (!row.attachments.has('bridge')) return [];
  return row.spec.host.links.flatMap((text) => {
    const { alias, target } = parseLink(text);
    const found = findContainer(tables, target);
    return isRefusal(found) ? [] : [{ alias, target: found }];
  });
}

/** Docker's refusal while a linked container does not run. */
export function missingLink(tables: EngineTables, row: ContainerRow): Refusal | undefined {
  if (!row.attachments.has('bridge')) return undefined;
  for (const text of row.spec.host.links) {
    const { alias, target } = parseLink(text);
    const found = findContainer(tables, target);
    if (!isRefusal(found) && isRunning(found)) continue;
    // One that was removed is still known by the name that was typed.
    const name = isRefusal(found) ? target : found.name;
    return refuse('System', `Cannot link to a non running container: /${name} AS /${row.name}/${alias}`);
  }
  return undefined;
}

/** Lines of /etc/hosts, without their ends. */
export function linkLines(tables: EngineTables, row: ContainerRow): readonly string[] {
  return linkedContainers(tables, row).flatMap(({ alias, target }) => {
    const address = bridgeAddress(tables, target);
    if (address === undefined) return [];
    return [`${address}\t${alias} ${shortId(target.id)}${alias === target.name ? '' : ` ${target.name}`}`];
  });
}

/** Variables that describe the linked containers. */
export function linkEnvironment(tables: EngineTables, row: ContainerRow): readonly string[] {
  return linkedContainers(tables, row).flatMap(({ alias, target }) => {
    const address = bridgeAddress(tables, target);
    if (address === undefined) return [];
    const prefix = alias.replaceAll('-', '_').toUpperCase();
    const first = target.spec.exposedPorts[0];
    return [
      ...(first === undefined ? [] : [`${prefix}_PORT=${protocolOf(first)}://${address}:${numberOf(first)}`]),
      ...target.spec.exposedPorts.flatMap((port) => portVariables(prefix, address, port)),
      `${prefix}_NAME=/${row.name}/${alias}`,
      ...target.spec.env.filter((entry) => !/^(HOME|PATH)=/.test(entry)).map((entry) => `${prefix}_ENV_${entry}`),
    ];
  });
}

function portVariables(prefix: string, address: string, port: string): readonly string[] {
  const name = `${prefix}_PORT_${numberOf(port)}_${protocolOf(port).toUpperCase()}`;
  return [`${name}=${protocolOf(port)}://${address}:${numberOf(port)}`, `${name}_ADDR=${address}`,
    `${name}_PORT=${numberOf(port)}`, `${name}_PROTO=${protocolOf(port)}`];
}

function numberOf(port: string): string {
  return port.split('/')[0]!;
}

function protocolOf(port: string): string {
  return port.split('/')[1] ?? 'tcp';
}

function bridgeAddress(tables: EngineTables, row: ContainerRow): string | undefined {
  const endpoint = endpointsOf(tables, row.id).find((candidate) =>
    tables.networks.get(candidate.network)?.name === 'bridge');
  return endpoint && formatIpv4(endpoint.address);
}

// What a Docker engine's events say, a line each.

import type { PublishedPort } from '@netreel/engine';
import type { Telling } from './kernel-lines.js';
import { type Fields, type Names, cidr, ip } from './names.js';

const cause = (error: unknown): string => (error === '' ? '' : `: ${String(error)}`);

/** Whose files a tree holds. */
function treeName(tree: unknown, names: Names): string {
  const [kind = '', owner = ''] = String(tree).split('/');
  if (kind === 'host') return 'the host';
  return kind === 'volume' ? `volume ${owner}` : names.container(owner);
}

function imageName(image: unknown): string {
  const id = typeof image === 'string' ? image : String((image as { readonly id?: unknown } | null)?.id ?? '');
  return id.replace('sha256:', '').slice(0, 12);
}

/** `0.0.0.0:80/tcp` */
function portOf({ address, port, protocol }: Fields): string {
  const text = String(address);
  return `${text.includes(':') ? `[${text}]` : text}:${Number(port)}/${String(protocol)}`;
}

export const ENGINE_LINES: Readonly<Record<string, Telling>> = {
  NetworkCreated: ({ name, driver }) => `network ${String(name)} made (${String(driver)})`,
  NetworkRemoved: ({ id }, names) => `network ${names.network(id)} removed`,
  AddressAssigned: ({ network, address }, names) => `${ip(address)} of ${names.network(network)} taken`,
  AddressReleased: ({ network, address }, names) => `${ip(address)} of ${names.network(network)} free again`,
  ContainerCreated: ({ name }) => `container ${String(name)} made`,
  ContainerRenamed: ({ id, name }, names) => `container ${names.container(id)} is called ${String(name)}`,
  ContainerRemoved: ({ id }, names) => `container ${names.container(id)} removed`,
  SandboxCreated: ({ container }, names) => `sandbox of ${names.container(container)} made`,
  SandboxRemoved: ({ container }, names) => `sandbox of ${names.container(container)} gone`,
  ContainerStarted: ({ id, pid }, names) => `container ${names.container(id)} runs, pid ${Number(pid)}`,
  ContainerDied: ({ id, exitCode, error }, names) =>
    `container ${names.container(id)} ended with ${Number(exitCode)}${cause(error)}`,
  ContainerPaused: ({ id }, names) => `container ${names.container(id)} paused`,
  ContainerUnpaused: ({ id }, names) => `container ${names.container(id)} goes on`,
  ContainerUpdated: ({ id }, names) => `container ${names.container(id)} has other settings`,
  EndpointConfigured: ({ container, network }, names) =>
    `${names.container(container)} is to be on ${names.network(network)}`,
  EndpointForgotten: ({ container, network }, names) =>
    `${names.container(container)} is no longer to be on ${names.network(network)}`,
  EndpointJoined: (fields, names) => `${names.container(fields['container'])} is on ` +
    `${names.network(fields['network'])}: ${String(fields['interface'])} has ${cidr(fields)}`,
  EndpointLeft: ({ container, network }, names) => `${names.container(container)} left ${names.network(network)}`,
  GatewayChosen: ({ container, gateway }, names) => (Number(gateway) === 0
    ? `${names.container(container)} has no way out` : `${names.container(container)} goes out through ${ip(gateway)}`),
  HostPortTaken: (fields) => `port ${portOf(fields)} of the host is taken`,
  HostPortReleased: (fields) => `port ${portOf(fields)} of the host is free`,
  PortsPublished: ({ container, ports, exposed }, names) => {
    const list = (ports as unknown as readonly PublishedPort[]).map(({ hostAddress, hostPort, port, protocol }) =>
      `${portOf({ address: hostAddress, port: hostPort, protocol })} to ${port}`);
    return list.length === 0 ? `${names.container(container)} exposes ${(exposed as readonly string[]).join(', ')}`
      : `${names.container(container)} is reached by ${list.join(', ')}`;
  },
  PortsWithdrawn: ({ container }, names) => `${names.container(container)} is reached by no port of the host any more`,
  EndpointRenamed: ({ container, names: texts }, names) =>
    `${names.container(container)} answers to ${(texts as readonly string[]).join(', ')}`,
  FileWritten: ({ container, path }, names) => `${String(path)} of ${names.container(container)} written`,
  FileStored: ({ tree, path, kind }, names) => `${String(path)} ${kind === 'mode' ? 'has other permissions'
    : 'written'} in ${treeName(tree, names)}`,
  FileGrown: ({ tree, path }, names) => `${String(path)} grows in ${treeName(tree, names)}`,
  FileRemoved: ({ tree, path }, names) => `${String(path)} removed in ${treeName(tree, names)}`,
  VolumeCreated: ({ name }) => `volume ${String(name)} made`,
  VolumeRemoved: ({ name }) => `volume ${String(name)} removed`,
  ImageStored: ({ image }) => `image ${imageName(image)} stored`,
  ImageTagged: ({ name, id }) => (id === '' ? `no image is called ${String(name)} any more`
    : `image ${imageName(id)} is called ${String(name)}`),
  ImageRemoved: ({ id }) => `image ${imageName(id)} removed`,
  LayerStored: ({ digest }) => `layer ${imageName(digest)} stored`,
  ExecCreated: ({ container, spec }, names) =>
    `exec in ${names.container(container)}: ${(spec as { cmd?: readonly string[] }).cmd?.join(' ') ?? ''}`,
  ExecStarted: ({ container, pid }, names) => `exec in ${names.container(container)} runs, pid ${Number(pid)}`,
  ExecEnded: ({ container, exitCode }, names) =>
    `exec in ${names.container(container)} ended with ${Number(exitCode)}`,
  OutputWritten: ({ container, stream, text }, names) =>
    `${names.container(container)} ${stream === 'stderr' ? 'complains' : 'prints'} ${JSON.stringify(text)}`,
};

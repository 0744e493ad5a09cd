// docker create: the checks that come before anything exists, and the container's complete settings.

import type { Json } from '@netreel/sim';
import { parseIpv4 } from '@netreel/wire';
import type { EngineCore } from '../core.js';
import { checkHealth } from '../health/monitor.js';
import type { HealthSpec } from '../health/spec.js';
import { fullReference } from '../image/reference.js';
import { keysOf, labelsOf, type ImageConfig, type ImageRow } from '../image/row.js';
import { findImage } from '../image/store.js';
import { createMounts, wantedMounts } from '../mount/create.js';
import { NO_MOUNTS, type MountSpec } from '../mount/spec.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import { isNewerEngine } from '../age.js';
import { checkLimits } from './limits.js';
import { parseLink } from './link.js';
import { findContainer, shortId } from './lookup.js';
import { networkOfMode } from './mode.js';
import { checkName, madeUpName } from './names.js';
import { checkMore, checkSettings } from './settings.js';
import { PLAIN_ENDPOINT, type ContainerSpec, type EndpointConfig } from './spec.js';

/** What `create` asks for; what is empty or null comes from the image. */
export interface ContainerRequest extends Omit<ContainerSpec, 'imageId' | 'cmd' | 'mounts'> {
  /** Empty for a made-up one. */
  readonly name: string;
  readonly cmd: readonly string[] | null;
  /** Network name to what is wanted there. */
  readonly networks: ReadonlyMap<string, EndpointConfig>;
}

/** What `create` answers. */
export interface CreatedContainer {
  readonly id: string;
  readonly warnings: readonly string[];
}

/** Makes a container; it has no process, no address and no namespace yet. */
export function createContainer(core: EngineCore, request: ContainerRequest): CreatedContainer | Refusal {
  const isTask = [...request.networks.values()].some(({ task }) => task !== undefined);
  const limits = checkLimits(request.host.sent, false);
  const refusal = checkHealth(request.healthcheck) ?? checkSettings(request) ?? limits.refusal ?? checkMode(request) ??
    (isTask ? undefined : checkNetworks(core, request));
  if (refusal !== undefined) return refusal;
  const image = findImage(core.tables, request.image);
  if (image === undefined) return refuse('NotFound', `No such image: ${fullReference(request.image)}`);
  const command = commandOf(request, image);
  if (command.cmd.length === 0 && (command.entrypoint ?? []).length === 0) {
    return refuse('InvalidParameter', 'No command specified');
  }
  const named = request.name.startsWith('/') ? request.name.slice(1) : request.name;
  const name = named === '' ? madeUpName(core) : named;
  const taken = checkName(core, name) ?? checkMore(core.tables, request) ?? checkLinks(core, request);
  if (taken !== undefined) return taken;

  const wanted = wantedMounts(core, request, image);
  if (isRefusal(wanted)) return wanted;
  const mounts = createMounts(core, wanted, image);
  if (isRefusal(mounts)) return mounts;
  const id = core.port.newId('container');
  const spec = completed(core, request, image, id, command, mounts);
  core.emit({ type: 'ContainerCreated', id, name, spec, createdAt: core.port.now() });
  for (const [network, config] of attachmentsOf(request)) {
    core.emit({ type: 'EndpointConfigured', container: id, network, config });
  }
  return { id, warnings: [...limits.warnings, ...warningsOf(request)] };
}

function warningsOf({ host }: ContainerRequest): readonly string[] {
  const published = Object.keys(host.portBindings).length > 0;
  return published && host.networkMode === 'host' ? ['Published ports are discarded when using host network mode'] : [];
}

function completed(core: EngineCore, request: ContainerRequest, image: ImageRow, id: string,
  command: Pick<ContainerSpec, 'cmd' | 'entrypoint'>, mounts: readonly MountSpec[]): ContainerSpec {
  const own = request.host.networkMode === 'host' ? core.port.hostName : shortId(id);
  const { config } = image;
  const imageEnv = config.Env ?? [];
  const borrowed = request.host.networkMode.startsWith('container:');
  // Spelt out: an object made with `...` has a shape of its own, which takes 600 bytes for each container.
  return {
    image: request.image, hostname: borrowed ? '' : request.hostname === '' ? own : request.hostname,
    domainname: request.domainname, user: request.user === '' ? config.User : request.user,
    attachStdin: request.attachStdin,
    attachStdout: request.attachStdout, attachStderr: request.attachStderr, tty: request.tty,
    openStdin: request.openStdin, stdinOnce: request.stdinOnce,
    env: request.env.concat(imageEnv.filter((entry) => !request.env.some((mine) => keyOf(mine) === keyOf(entry)))),
    cmd: command.cmd, entrypoint: command.entrypoint,
    workingDir: request.workingDir === '' ? config.WorkingDir : request.workingDir,
    labels: config.Labels === null ? request.labels : { ...labelsOf(config), ...request.labels },
    exposedPorts: [...new Set([...request.exposedPorts, ...keysOf(config.ExposedPorts),
      ...Object.keys(request.host.portBindings)])].sort(byPort),
    stopSignal: request.stopSignal === '' ? config.StopSignal ?? '' : request.stopSignal,
    stopTimeout: request.stopTimeout, macAddress: request.macAddress,
    healthcheck: healthOf(request.healthcheck, config), host: request.host, imageId: image.id,
    volumes: volumesOf(request, image), mounts: mounts.length === 0 ? NO_MOUNTS : mounts };
}

/** What a request leaves open is as the image says. */
function healthOf(asked: HealthSpec | null, { Healthcheck }: ImageConfig): HealthSpec | null {
  if (Healthcheck === undefined || (asked !== null && asked.test.length > 0)) return asked;
  const own = Healthcheck as { readonly [key: string]: Json | undefined };
  const number = (key: string, given: number | undefined): number => given || Number(own[key] ?? 0);
  return { test: (own['Test'] ?? []) as readonly string[], intervalNs: number('Interval', asked?.intervalNs),
    timeoutNs: number('Timeout', asked?.timeoutNs), startPeriodNs: number('StartPeriod', asked?.startPeriodNs),
    retries: number('Retries', asked?.retries) };
}

function volumesOf(request: ContainerRequest, image: ImageRow): readonly string[] {
  if (request.volumes.length === 0 && image.config.Volumes === null) return NO_NAMES;
  return [...new Set([...request.volumes, ...keysOf(image.config.Volumes)])].sort();
}

const NO_NAMES: readonly string[] = [];

function byPort(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : a > b ? 1 : 0);
}

function keyOf(entry: string): string {
  return entry.split('=')[0]!;
}

/** An entrypoint of one's own takes the image's command away. */
function commandOf(request: ContainerRequest, image: ImageRow): Pick<ContainerSpec, 'cmd' | 'entrypoint'> {
  const { entrypoint } = request;
  if (entrypoint !== null && entrypoint.length > 0) {
    return { entrypoint: entrypoint.length === 1 && entrypoint[0] === '' ? null : entrypoint, cmd: request.cmd ?? [] };
  }
  return { entrypoint: entrypoint ?? image.config.Entrypoint, cmd: request.cmd === null ||
    request.cmd.length === 0 ? image.config.Cmd ?? [] : request.cmd };
}

/** Network mode and the settings that it excludes. */
function checkMode(request: ContainerRequest): Refusal | undefined {
  const mode = request.host.networkMode;
  const invalid = (text: string): Refusal => refuse('InvalidParameter', text);
  const conflict = (text: string): Refusal => invalid(`conflicting options: ${text}`);
  if (mode === 'container' || mode === 'container:') {
    return invalid('Invalid network mode: invalid container format container:<name|id>');
  }
  const { host } = request;
  if (mode.startsWith('container:')) {
    if (request.hostname !== '') return conflict('hostname and the network mode');
    if (host.links.length > 0) {
      return conflict('container type network can\'t be used with links. This would result in undefined behavior');
    }
    if (host.dns.length > 0) return conflict('dns and the network mode');
    if (host.extraHosts.length > 0) return conflict('custom host-to-IP mapping and the network mode');
    if (request.macAddress !== '') return conflict('mac-address and the network mode');
    if (Object.keys(host.portBindings).length > 0 || host.publishAllPorts) {
      return conflict('port publishing and the container type network mode');
    }
    if (request.exposedPorts.length > 0) return conflict('port exposing and the container type network mode');
  }
  if (mode === 'host') {
    if (request.macAddress !== '') return conflict('mac-address and the network mode');
    if (host.links.length > 0) {
      return conflict('host type networking can\'t be used with links. This would result in undefined behavior');
    }
  }
  return undefined;
}

/** One network at create: more need a newer engine. */
function checkNetworks(core: EngineCore, request: ContainerRequest): Refusal | undefined {
  if (request.networks.size > 1 && !isNewerEngine(core.port.apiVersion)) {
    return refuse('InvalidParameter',
      `Container cannot be connected to network endpoints: ${[...request.networks.keys()].join(', ')}`);
  }
  for (const config of request.networks.values()) {
    if (config.ipv4Address !== '' && parseIpv4(config.ipv4Address) === undefined) {
      return refuse('InvalidParameter', `invalid IPv4 address: ${config.ipv4Address}`);
    }
  }
  return undefined;
}

function checkLinks(core: EngineCore, request: ContainerRequest): Refusal | undefined {
  for (const text of request.host.links) {
    const { target } = parseLink(text);
    if (target === '') {
      return refuse('InvalidParameter', 'could not get container for : invalid name or ID supplied: ""');
    }
    if (isRefusal(findContainer(core.tables, target))) {
      return refuse('InvalidParameter', `could not get container for ${target}: No such container: ${target}`);
    }
  }
  return undefined;
}

/** The networks the container is to be on: that of its mode first, with what was asked for there. */
function attachmentsOf(request: ContainerRequest): readonly (readonly [string, EndpointConfig])[] {
  const network = networkOfMode(request.host.networkMode);
  if (network === undefined) return [];
  const [first] = request.networks.values();
  const sole = request.networks.size === 1 ? first : undefined;
  const asked = request.networks.get(network) ?? request.networks.get('default') ?? sole ?? PLAIN_ENDPOINT;
  const more = request.networks.size === 1 ? [] : [...request.networks]
    .filter(([name]) => name !== network && name !== 'default');
  const mine = request.macAddress === '' || asked.macAddress !== '' ? asked
    : { ...asked, macAddress: request.macAddress };
  return [[network, mine], ...more];
}

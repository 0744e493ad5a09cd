// What a container is made from, complete with its image's defaults. Type aliases, not interfaces: specs travel in
// events as JSON.

import type { HealthSpec } from '../health/spec.js';
import type { Json } from '@netreel/sim';
import type { MountSpec } from '../mount/spec.js';

/** Text to text, as labels and options are. */
export type TextTable = { readonly [key: string]: string };

export type RestartPolicy = { readonly name: string; readonly maximumRetryCount: number };

export type PortBinding = { readonly hostIp: string; readonly hostPort: string };

/** The parts of HostConfig that an engine acts on. */
export type HostSettings = {
  /** `default`, `bridge`, `none`, `host`, `container:NAME` or a network, as typed. */
  readonly networkMode: string;
  readonly autoRemove: boolean;
  readonly restartPolicy: RestartPolicy;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly extraHosts: readonly string[];
  /** `target:alias`. */
  readonly links: readonly string[];
  /** `80/tcp` to its bindings. */
  readonly portBindings: { readonly [port: string]: readonly PortBinding[] };
  readonly publishAllPorts: boolean;
  readonly privileged: boolean;
  /** HostConfig as it was sent, for inspect. */
  readonly sent: { readonly [key: string]: Json | undefined };
};

export type ContainerSpec = {
  /** As typed. */
  readonly image: string;
  readonly imageId: string;
  /** Empty in container mode: the name is that of the namespace's owner. */
  readonly hostname: string;
  readonly domainname: string;
  readonly user: string;
  readonly attachStdin: boolean;
  readonly attachStdout: boolean;
  readonly attachStderr: boolean;
  readonly tty: boolean;
  readonly openStdin: boolean;
  readonly stdinOnce: boolean;
  /** The user's, then those of the image that the user left alone. */
  readonly env: readonly string[];
  readonly cmd: readonly string[];
  /** null when there is none. */
  readonly entrypoint: readonly string[] | null;
  readonly workingDir: string;
  readonly labels: TextTable;
  /** `80/tcp`, sorted. */
  readonly exposedPorts: readonly string[];
  /** Empty for SIGTERM. */
  readonly stopSignal: string;
  /** Seconds; -1 when not given. */
  readonly stopTimeout: number;
  readonly macAddress: string;
  /** Places that want a volume, as typed and as the image has them; sorted. */
  readonly volumes: readonly string[];
  readonly mounts: readonly MountSpec[];
  /** null when nothing is said of it. */
  readonly healthcheck: HealthSpec | null;
  readonly host: HostSettings;
};

/** What a container wants of one network. */
export type EndpointConfig = {
  /** Empty until the container first joined. */
  readonly networkId: string;
  readonly aliases: readonly string[];
  /** Wanted address, empty for any. */
  readonly ipv4Address: string;
  readonly ipv6Address: string;
  /** Kept and shown. */
  readonly linkLocalIps?: readonly string[];
  /** `target:alias`, private names on this network. */
  readonly links: readonly string[];
  readonly driverOptions: TextTable;
  readonly macAddress: string;
  /** Where the container is a task of a service: what the swarm gave it here. */
  readonly task?: TaskEndpoint;
};

/** A task on one network. */
export type TaskEndpoint = {
  readonly address: number;
  readonly prefix: number;
  /** Further names of the task itself. */
  readonly names: readonly string[];
  /** Virtual address of its service; 0 for none. */
  readonly vip: number;
  /** What the virtual address is called. */
  readonly vipNames: readonly string[];
};

/** An attachment without any wishes. */
export const PLAIN_ENDPOINT: EndpointConfig = {
  networkId: '', aliases: [], ipv4Address: '', ipv6Address: '', links: [], driverOptions: {}, macAddress: '',
};

// GET /version and /info.

import { CPUS, MEMORY_BYTES, STANDARD_API, isNewerEngine, isRunning, type EngineTables } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';
import type { ReadContext } from '../read.js';

/** The engine that is imitated. */
export const ENGINE_VERSION = '20.10.24';
/** The highest API version it speaks. */
export const API_VERSION = STANDARD_API;
/** The engine that is imitated where a newer one is asked for. */
const NEWER_ENGINE_VERSION = '27.5.1';
const KERNEL = '5.15.0';
const CONTAINERD = '1.6.20';
const RUNC = '1.1.5';
const CONTAINERD_NAMESPACES = { Address: '/run/containerd/containerd.sock',
  Namespaces: { Containers: 'moby', Plugins: 'plugins.moby' } };
const LOG_PLUGINS = ['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'logentries', 'splunk',
  'syslog'];
const REGISTRIES = { AllowNondistributableArtifactsCIDRs: [], AllowNondistributableArtifactsHostnames: [],
  InsecureRegistryCIDRs: ['127.0.0.0/8'], Mirrors: [],
  IndexConfigs: { 'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true } } };

/** Who an engine is that speaks `apiVersion`. */
export function engineIdentity(apiVersion = API_VERSION): { readonly version: string; readonly least: string } {
  return isNewerEngine(apiVersion) ? { version: NEWER_ENGINE_VERSION, least: '1.24' }
    : { version: ENGINE_VERSION, least: '1.12' };
}

/** GET /version. */
export function versionShape(apiVersion = API_VERSION): JsonObject {
  const { version, least } = engineIdentity(apiVersion);
  const common = { ApiVersion: apiVersion, MinAPIVersion: least, GitCommit: '', GoVersion: '', Os: 'linux',
    Arch: 'amd64',
    KernelVersion: KERNEL, BuildTime: rfc3339(0) };
  const component = (name: string, number: string, commit: string): JsonObject =>
    ({ Name: name, Version: number, Details: { GitCommit: commit } });
  return { Platform: { Name: '' },
    Components: [{ Name: 'Engine', Version: version, Details: { ...common, Experimental: 'false' } },
      component('containerd', CONTAINERD, CONTAINERD), component('runc', RUNC, RUNC),
      component('docker-init', '0.19.0', '')], Version: version, ...common };
}

/** GET /info. */
export function infoShape(tables: EngineTables, context: ReadContext): JsonObject {
  const rows = [...tables.containers.values()];
  const paused = rows.filter((row) => row.status === 'paused').length;
  const running = rows.filter(isRunning).length - paused;
  return {
    ...(isNewerEngine(context.apiVersion ?? API_VERSION) ? { CDISpecDirs: [], Containerd: CONTAINERD_NAMESPACES }
      : { KernelMemory: true, KernelMemoryTCP: true }),
    ID: context.hostName, Containers: rows.length, ContainersRunning: running, ContainersPaused: paused,
    ContainersStopped: rows.length - running - paused, Images: tables.images.size, Driver: 'overlay2', DriverStatus: [
      ['Backing Filesystem', 'extfs'], ['Supports d_type', 'true'], ['Native Overlay Diff', 'true'],
      ['userxattr', 'false']],
    Plugins: { Volume: ['local'], Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null, Log: LOG_PLUGINS },
    MemoryLimit: true, SwapLimit: true, CpuCfsPeriod: true,
    CpuCfsQuota: true, CPUShares: true, CPUSet: true, PidsLimit: true, OomKillDisable: true, NFd: 31,
    NGoroutines: 44, IndexServerAddress: 'https://index.docker.io/v1/', GenericResources: null, HttpProxy: '',
    HttpsProxy: '', NoProxy: '', Isolation: '', InitBinary: 'docker-init',
    ContainerdCommit: { ID: CONTAINERD, Expected: CONTAINERD }, RuncCommit: { ID: RUNC, Expected: RUNC },
    InitCommit: { ID: '', Expected: '' }, RegistryConfig: REGISTRIES, IPv4Forwarding: true, BridgeNfIptables: true,
      BridgeNfIp6tables: true,
      Debug: false,
    SystemTime: rfc3339(context.now), LoggingDriver: 'json-file', CgroupDriver: 'cgroupfs', CgroupVersion: '1',
      NEventsListener: 0,
    KernelVersion: KERNEL, OperatingSystem: 'Netreel', OSVersion: '', OSType: 'linux', Architecture: 'x86_64',
      NCPU: CPUS,
    MemTotal: MEMORY_BYTES, DockerRootDir: '/var/lib/docker', Name: context.hostName, Labels: [],
      ExperimentalBuild: false,
    ServerVersion: engineIdentity(context.apiVersion).version, Runtimes: { 'io.containerd.runc.v2': { path: 'runc' },
      'io.containerd.runtime.v1.linux': { path: 'runc' },
      runc: { path: 'runc' } }, DefaultRuntime: 'runc',
    Swarm: { NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false, Error: '',
      RemoteManagers: null },
    LiveRestoreEnabled: false, SecurityOptions: ['name=seccomp,profile=default'], Warnings: null,
  };
}

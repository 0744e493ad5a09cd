// GET /version and /info.

import { isRunning, type EngineTables } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';
import type { ReadContext } from '../read.js';

/** The engine that is imitated. */
export const ENGINE_VERSION = '20.10.24';
/** The highest API version it speaks. */
export const API_VERSION = '1.41';
const KERNEL = '5.15.0';

/** GET /version. */
export function versionShape(): JsonObject {
  const details = { ApiVersion: API_VERSION, Arch: 'amd64', BuildTime: rfc3339(0), Experimental: 'false', GitCommit: '',
    GoVersion: '', KernelVersion: KERNEL, MinAPIVersion: '1.12', Os: 'linux' };
  return { Platform: { Name: '' }, Components: [{ Name: 'Engine', Version: ENGINE_VERSION, Details: details }],
    Version: ENGINE_VERSION,
    ApiVersion: API_VERSION, MinAPIVersion: '1.12', GitCommit: '', GoVersion: '', Os: 'linux', Arch: 'amd64',
      KernelVersion: KERNEL,
    BuildTime: rfc3339(0) };
}

/** GET /info. */
export function infoShape(tables: EngineTables, context: ReadContext): JsonObject {
  const rows = [...tables.containers.values()];
  const paused = rows.filter((row) => row.status === 'paused').length;
  const running = rows.filter(isRunning).length - paused;
  return {
    ID: context.hostName, Containers: rows.length, ContainersRunning: running, ContainersPaused: paused,
    ContainersStopped: rows.length - running - paused, Images: tables.images.size, Driver: 'overlay2', DriverStatus: [],
    Plugins: { Volume: ['local'], Network: ['bridge', 'host', 'null', 'overlay'], Authorization: null,
      Log: ['json-file'] },
    MemoryLimit: true, SwapLimit: true, IPv4Forwarding: true, BridgeNfIptables: true, BridgeNfIp6tables: true,
      Debug: false,
    SystemTime: rfc3339(context.now), LoggingDriver: 'json-file', CgroupDriver: 'cgroupfs', CgroupVersion: '1',
      NEventsListener: 0,
    KernelVersion: KERNEL, OperatingSystem: 'Netreel', OSVersion: '', OSType: 'linux', Architecture: 'x86_64', NCPU: 1,
    MemTotal: 4_294_967_296, DockerRootDir: '/var/lib/docker', Name: context.hostName, Labels: [],
      ExperimentalBuild: false,
    ServerVersion: ENGINE_VERSION, Runtimes: { runc: { path: 'runc' } }, DefaultRuntime: 'runc',
    Swarm: { NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false, Error: '',
      RemoteManagers: null },
    LiveRestoreEnabled: false, SecurityOptions: [], Warnings: null,
  };
}

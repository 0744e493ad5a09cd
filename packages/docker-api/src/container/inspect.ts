// GET /containers/{id}/json.

import type { Json } from '@netreel/sim';
import { adaptedHost, commandLine, hostnameOf, isRunning, parseLink, type ContainerRow,
  type EngineTables } from '@netreel/engine';
import type { JsonObject } from '../json.js';
import { rfc3339 } from '../time.js';
import { mountsShape } from '../volume/shape.js';
import { networkSettings } from './networks.js';

const ROOT = '/var/lib/docker/containers';

/** A container as inspect shows it. */
export function containerShape(tables: EngineTables, row: ContainerRow): JsonObject {
  const [path = '', ...args] = commandLine(row.spec);
  const execs = [...tables.execs.values()].filter((exec) => exec.container === row.id &&
    exec.status === 'running').map((exec) => exec.id);
  return {
    Id: row.id, Created: rfc3339(row.createdAt), Path: path, Args: args, State: stateShape(row),
      Image: row.spec.imageId,
    ResolvConfPath: pathOf(row, 'resolv.conf'), HostnamePath: pathOf(row, 'hostname'), HostsPath: pathOf(row, 'hosts'),
    LogPath: row.startedAt === undefined ? '' : `${ROOT}/${row.id}/${row.id}-json.log`,
    Name: `/${row.name}`, RestartCount: row.restartCount,
      Driver: 'overlay2',
    Platform: 'linux', MountLabel: '', ProcessLabel: '', AppArmorProfile: '',
      ExecIDs: execs.length === 0 ? null : execs,
    HostConfig: hostConfig(row), GraphDriver: { Data: null, Name: 'overlay2' }, Mounts: mountsShape(row.spec.mounts),
    Config: configShape(tables, row), NetworkSettings: networkSettings(tables, row),
  };
}

/** The files exist from the first start on. */
function pathOf(row: ContainerRow, file: string): string {
  return row.files.has(`/etc/${file}`) ? `${ROOT}/${row.id}/${file}` : '';
}

function stateShape(row: ContainerRow): Json {
  return {
    Status: row.status, Running: isRunning(row) || row.status === 'restarting', Paused: row.status === 'paused',
    Restarting: row.status === 'restarting', OOMKilled: false, Dead: false, Pid: row.pid, ExitCode: row.exitCode,
      Error: row.error,
    StartedAt: rfc3339(row.startedAt), FinishedAt: rfc3339(row.diedAt), ...healthShape(row),
  };
}

function healthShape({ health }: ContainerRow): JsonObject {
  if (health === undefined) return {};
  return { Health: { Status: health.status, FailingStreak: health.streak,
    Log: health.log.map(({ startedAt, endedAt, exitCode, output }) =>
      ({ Start: rfc3339(startedAt), End: rfc3339(endedAt), ExitCode: exitCode, Output: output })) } };
}

function healthcheckShape({ healthcheck }: ContainerRow['spec']): JsonObject {
  if (healthcheck === null) return {};
  const { test, intervalNs, timeoutNs, startPeriodNs, retries } = healthcheck;
  return { Healthcheck: {
    ...(test.length === 0 ? {} : { Test: test }), ...(intervalNs === 0 ? {} : { Interval: intervalNs }),
    ...(timeoutNs === 0 ? {} : { Timeout: timeoutNs }),
    ...(startPeriodNs === 0 ? {} : { StartPeriod: startPeriodNs }), ...(retries === 0 ? {} : { Retries: retries }) } };
}

function configShape(tables: EngineTables, row: ContainerRow): Json {
  const { spec } = row;
  const exposed = spec.exposedPorts.length === 0 ? {}
    : { ExposedPorts: Object.fromEntries(spec.exposedPorts.map((port) => [port, {}])) };
  return {
    Hostname: hostnameOf(tables, row), Domainname: spec.domainname, User: spec.user, AttachStdin: spec.attachStdin,
    AttachStdout: spec.attachStdout, AttachStderr: spec.attachStderr, ...exposed, Tty: spec.tty,
    OpenStdin: spec.openStdin, StdinOnce: spec.stdinOnce, Env: spec.env, Cmd: spec.cmd.length === 0 ? null : spec.cmd,
    ...healthcheckShape(spec),
    Image: spec.image,
    Volumes: spec.volumes.length === 0 ? null : Object.fromEntries(spec.volumes.map((path) => [path, {}])),
    WorkingDir: spec.workingDir, Entrypoint: spec.entrypoint, OnBuild: null, Labels: spec.labels,
    ...(spec.macAddress === '' ? {} : { MacAddress: spec.macAddress }),
    ...(spec.stopSignal === '' ? {} : { StopSignal: spec.stopSignal }),
    ...(spec.stopTimeout < 0 ? {} : { StopTimeout: spec.stopTimeout }),
  };
}

/** What an engine shows of a HostConfig that says nothing. */
const HOST_DEFAULTS: JsonObject = {
  Binds: null, ContainerIDFile: '', LogConfig: { Type: 'json-file', Config: {} }, PortBindings: {}, VolumeDriver: '',
  VolumesFrom: null, CapAdd: null, CapDrop: null, CgroupnsMode: 'host', Dns: [], DnsOptions: [], DnsSearch: [],
    ExtraHosts: null,
  GroupAdd: null, IpcMode: 'private', Cgroup: '', OomScoreAdj: 0, PidMode: '', Privileged: false,
    PublishAllPorts: false,
  ReadonlyRootfs: false, SecurityOpt: null, UTSMode: '', UsernsMode: '', ShmSize: 67_108_864, Runtime: 'runc',
    ConsoleSize: [0, 0],
  Isolation: '', CpuShares: 0, Memory: 0, NanoCpus: 0, CgroupParent: '', BlkioWeight: 0, BlkioWeightDevice: [],
  BlkioDeviceReadBps: null, BlkioDeviceWriteBps: null, BlkioDeviceReadIOps: null, BlkioDeviceWriteIOps: null,
    CpuPeriod: 0,
  CpuQuota: 0, CpuRealtimePeriod: 0, CpuRealtimeRuntime: 0, CpusetCpus: '', CpusetMems: '', Devices: [],
    DeviceCgroupRules: null,
  DeviceRequests: null, MemoryReservation: 0, MemorySwap: 0,
    MemorySwappiness: null,
  OomKillDisable: false, PidsLimit: null, Ulimits: null, CpuCount: 0, CpuPercent: 0, IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
  MaskedPaths: ['/proc/asound', '/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list',
    '/proc/timer_stats', '/proc/sched_debug', '/proc/scsi', '/sys/firmware'],
  ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
};

function hostConfig(row: ContainerRow): Json {
  const { host } = row.spec;
  const { name, maximumRetryCount } = host.restartPolicy;
  const policy = { Name: name === '' ? 'no' : name, MaximumRetryCount: maximumRetryCount };
  const links = host.links.map(parseLink).map(({ target, alias }) => `/${target}:/${row.name}/${alias}`);
  const sent = Object.fromEntries(Object.entries(host.sent)
    .filter(([, value]) => value !== null && value !== undefined && value !== ''));
  return { ...HOST_DEFAULTS, ...sent, ...adaptedHost(host), NetworkMode: host.networkMode, AutoRemove: host.autoRemove,
    RestartPolicy: policy, Links: links.length === 0 ? null : links };
}

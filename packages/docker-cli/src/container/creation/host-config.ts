// HostConfig: what a container may do to its host.

import type { Json } from '@netreel/sim';
import type { FlagCheck } from '../../flags/declare.js';
import { type Flags, pairsOf } from '../../flags/flags.js';
import { readValue } from '../../flags/value.js';
import { jsonRecord, type JsonRecord } from '../../json.js';
import { refuse } from '../../refusal.js';
import { goQuote, parseBool } from '../../template/number.js';
import type { TypedPorts } from './ports.js';

/** Everything but the network mode. */
export function hostConfig(flags: Flags, ports: TypedPorts, binds: readonly string[]): JsonRecord {
  const { Devices, DeviceRequests } = readDevices(flags);
  checkModes(flags);
  const RestartPolicy = readRestartPolicy(flags.text('restart'));
  const logOptions = jsonRecord(pairsOf(flags.list('log-opt')));
  if (flags.text('log-driver') === 'none' && flags.changed('log-opt')) refuse('invalid logging opts for driver none');
  const security = readSecurity(flags.list('security-opt'));
  const storage = flags.list('storage-opt');
  if (storage.some((each) => !each.includes('='))) refuse('invalid storage option');
  const tmpfs = flags.list('tmpfs')
    .map((each) => [each.split(':')[0]!, each.slice(each.split(':')[0]!.length + 1)] as const);
  return {
    Binds: orNull(binds), ContainerIDFile: flags.text('cidfile'),
    LogConfig: { Type: flags.text('log-driver'), Config: logOptions }, NetworkMode: '', PortBindings: ports.bindings,
    RestartPolicy, AutoRemove: flags.bool('rm'), VolumeDriver: flags.text('volume-driver'),
      VolumesFrom: orNull(flags.list('volumes-from')),
    ConsoleSize: [0, 0],
    ...(flags.changed('annotation') ? { Annotations: jsonRecord(flags.pairs('annotation')) } : {}),
    CapAdd: orNull(capabilities(flags.list('cap-add'))), CapDrop: orNull(capabilities(flags.list('cap-drop'))),
    CgroupnsMode: flags.text('cgroupns'), Dns: flags.list('dns'), DnsOptions: flags.list('dns-option'),
    DnsSearch: flags.list('dns-search'), ExtraHosts: orNull(flags.list('add-host')),
      GroupAdd: orNull(flags.list('group-add')),
    IpcMode: flags.text('ipc'), Cgroup: '', Links: orNull(flags.list('link')),
      OomScoreAdj: flags.integer('oom-score-adj'),
    PidMode: flags.text('pid'), Privileged: flags.bool('privileged'), PublishAllPorts: flags.bool('publish-all'),
    ReadonlyRootfs: flags.bool('read-only'), SecurityOpt: orNull(security.options),
    ...(storage.length === 0 ? {} : { StorageOpt: jsonRecord(pairsOf(storage)) }),
    ...(tmpfs.length === 0 ? {} : { Tmpfs: jsonRecord(tmpfs) }),
    UTSMode: flags.text('uts'), UsernsMode: flags.text('userns'), ShmSize: flags.integer('shm-size'),
    ...(flags.changed('sysctl') ? { Sysctls: jsonRecord(flags.pairs('sysctl')) } : {}),
    ...(flags.text('runtime') === '' ? {} : { Runtime: flags.text('runtime') }),
    Isolation: flags.text('isolation'),
    ...resources(flags), Devices, DeviceRequests,
    ...(flags.changed('mount') ? { Mounts: flags.list('mount').map(readMount) } : {}),
    MaskedPaths: security.unconfinedPaths ? [] : null, ReadonlyPaths: security.unconfinedPaths ? [] : null,
    ...(flags.changed('init') ? { Init: flags.bool('init') } : {}),
  };
}

const orNull = (list: readonly string[]): readonly string[] | null => (list.length === 0 ? null : list);

function resources(flags: Flags): JsonRecord {
  return {
    CpuShares: flags.integer('cpu-shares'), Memory: flags.integer('memory'), NanoCpus: flags.integer('cpus'),
    CgroupParent: flags.text('cgroup-parent'), BlkioWeight: flags.integer('blkio-weight'),
    BlkioWeightDevice: devices(flags, 'blkio-weight-device', 'Weight'),
    BlkioDeviceReadBps: devices(flags, 'device-read-bps', 'Rate'),
    BlkioDeviceWriteBps: devices(flags, 'device-write-bps', 'Rate'),
    BlkioDeviceReadIOps: devices(flags, 'device-read-iops', 'Rate'),
    BlkioDeviceWriteIOps: devices(flags, 'device-write-iops', 'Rate'),
    CpuPeriod: flags.integer('cpu-period'), CpuQuota: flags.integer('cpu-quota'),
      CpuRealtimePeriod: flags.integer('cpu-rt-period'),
    CpuRealtimeRuntime: flags.integer('cpu-rt-runtime'), CpusetCpus: flags.text('cpuset-cpus'),
      CpusetMems: flags.text('cpuset-mems'),
    Devices: [], DeviceCgroupRules: orNull(flags.list('device-cgroup-rule')), DeviceRequests: null,
    ...(flags.integer('kernel-memory') === 0 ? {} : { KernelMemory: flags.integer('kernel-memory') }),
    MemoryReservation: flags.integer('memory-reservation'), MemorySwap: flags.integer('memory-swap'),
    MemorySwappiness: flags.integer('memory-swappiness'), OomKillDisable: flags.bool('oom-kill-disable'),
    PidsLimit: flags.integer('pids-limit'), Ulimits: flags.list('ulimit').map(readLimit),
      CpuCount: flags.integer('cpu-count'),
    CpuPercent: flags.integer('cpu-percent'), IOMaximumIOps: flags.integer('io-maxiops'),
    IOMaximumBandwidth: flags.integer('io-maxbandwidth'),
  };
}

/** `PATH:RATE` flags. */
function devices(flags: Flags, flag: string, field: string): readonly Json[] {
  return flags.list(flag).map((text) => {
    const at = text.lastIndexOf(':');
    if (at < 0) refuse(`bad format: ${text}`);
    const [rate = '0'] = readValue('bytes', text.slice(at + 1));
    return { Path: text.slice(0, at), [field]: Number(rate) };
  });
}

function readLimit(text: string): Json {
  const [name = '', limits = ''] = text.split('=') as [string, string?];
  const [soft = '', hard = soft] = limits.split(':') as [string, string?];
  return { Name: name, Hard: Number(hard), Soft: Number(soft) };
}

function readDevices(flags: Flags): { Devices: readonly Json[]; DeviceRequests: readonly Json[] | null } {
  const Devices = flags.list('device').map((text) => {
    const parts = text.split(':');
    if (parts.length > 3 || parts[0] === '') refuse(`bad format for path: ${text}`);
    const [source = '', second = source, third] = parts as [string, string?, string?];
    if (third !== undefined && !/^[rwm]{1,3}$/.test(third)) refuse(`bad mode specified: ${third}`);
    const permissions = third ?? (parts.length === 2 && /^[rwm]{1,3}$/.test(second) ? second : 'rwm');
    const target = second === permissions && third === undefined ? source : second;
    if (!target.startsWith('/')) refuse(`${target} is not an absolute path`);
    return { PathOnHost: source, PathInContainer: target, CgroupPermissions: permissions };
  });
  const DeviceRequests = flags.list('gpus').map((text) => ({
    Driver: '', Count: text === 'all' ? -1 : Number(text), DeviceIDs: null, Capabilities: [['gpu']], Options: {},
  }));
  return { Devices, DeviceRequests: DeviceRequests.length === 0 ? null : DeviceRequests };
}

function checkModes(flags: Flags): void {
  const valid = (text: string, words: readonly string[], container = false): boolean =>
    words.includes(text) || (container && /^container:.+/.test(text));
  if (!valid(flags.text('pid'), ['', 'host'], true)) refuse('--pid: invalid PID mode');
  if (!valid(flags.text('uts'), ['', 'host'])) refuse('--uts: invalid UTS mode');
  if (!valid(flags.text('userns'), ['', 'host'])) refuse('--userns: invalid USER mode');
  if (!valid(flags.text('cgroupns'), ['', 'host', 'private'])) refuse('--cgroupns: invalid CGROUP mode');
}

/** `on-failure:3`. */
export function readRestartPolicy(text: string): Json {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const count = colon < 0 ? undefined : text.slice(colon + 1);
  if (text !== '' && name === '') refuse('invalid restart policy format: no policy provided before colon');
  if (count !== undefined && count !== '' && !/^[+-]?\d+$/.test(count)) {
    refuse('invalid restart policy format: maximum retry count must be an integer');
  }
  return { Name: name, MaximumRetryCount: Number(count ?? 0) };
}

function readSecurity(typed: readonly string[]): { options: readonly string[]; unconfinedPaths: boolean } {
  for (const option of typed) {
    if (option === 'no-new-privileges') continue;
    const at = option.search(/[=:]/);
    if (at < 0 || at === option.length - 1) refuse(`Invalid --security-opt: ${goQuote(option)}`);
    const file = option.slice(at + 1);
    if (option.startsWith('seccomp') && at === 7 && !['builtin', 'unconfined'].includes(file)) {
      refuse(`opening seccomp profile (${file}) failed: open ${file}: no such file or directory`);
    }
  }
  return {
    options: typed.filter((option) => option !== 'systempaths=unconfined'),
    unconfinedPaths: typed.includes('systempaths=unconfined'),
  };
}

/** `net_admin` as `CAP_NET_ADMIN`, each once, in order. */
function capabilities(typed: readonly string[]): readonly string[] {
  const full = typed.map((each) => {
    const name = each.trim().toUpperCase();
    return name === 'ALL' || name.startsWith('CAP_') ? name : `CAP_${name}`;
  });
  return [...new Set(full)].sort();
}

/** Looks at a `--mount` when it is typed. */
export const mountPoint: FlagCheck = (value) => {
  readMount(value);
  return value;
};

/** `type=tmpfs,target=/x,readonly`. */
function readMount(text: string): Json {
  const mount = { type: 'volume', source: '', target: '', readOnly: false };
  for (const field of readValue('strings', text)) {
    const at = field.indexOf('=');
    const key = (at < 0 ? field : field.slice(0, at)).toLowerCase();
    const value = at < 0 ? undefined : field.slice(at + 1);
    if (key === 'readonly' || key === 'ro') {
      mount.readOnly = value === undefined ? true : parseBool(value) ?? refuse(`invalid value for ${key}: ${value}`);
    } else if (value === undefined) refuse(`invalid field '${field}' must be a key=value pair`);
    else if (key === 'type') mount.type = value.toLowerCase();
    else if (key === 'source' || key === 'src') mount.source = value;
    else if (key === 'target' || key === 'dst' || key === 'destination') mount.target = value;
    else refuse(`unexpected key '${key}' in '${field}'`);
  }
  if (mount.target === '') refuse('target is required');
  return {
    Type: mount.type, ...(mount.source === '' ? {} : { Source: mount.source }), Target: mount.target,
    ...(mount.readOnly ? { ReadOnly: true } : {}),
  };
}

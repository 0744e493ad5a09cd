// The bodies that routes take, as Go's decoder knows their types, and its complaint about one that does not fit.
//
//   Type                 a struct; members that are not listed are taken as they are
//     Name string        name and type of a member: string bool int64 …, []T, map[T] (of texts to T), or a struct

import type { Json } from '@netreel/sim';
import { goKind } from './syntax.js';

const DESCRIPTION = `
ContainerConfigWrapper runconfig.ContainerConfigWrapper
  Hostname string
  Domainname string
  User string
  AttachStdin bool
  AttachStdout bool
  AttachStderr bool
  ExposedPorts map[struct {}]
  Tty bool
  OpenStdin bool
  StdinOnce bool
  Env []string
  Healthcheck HealthConfig
  Image string
  Volumes map[struct {}]
  WorkingDir string
  NetworkDisabled bool
  MacAddress string
  OnBuild []string
  Labels map[string]
  StopSignal string
  StopTimeout int
  HostConfig HostConfig
  NetworkingConfig NetworkingConfig
HealthConfig container.HealthConfig
  Test []string
  Interval time.Duration
  Timeout time.Duration
  StartPeriod time.Duration
  Retries int
HostConfig container.HostConfig
  Binds []string
  ContainerIDFile string
  LogConfig LogConfig
  NetworkMode container.NetworkMode
  PortBindings map[[]PortBinding]
  RestartPolicy RestartPolicy
  AutoRemove bool
  VolumeDriver string
  VolumesFrom []string
  CapAdd []string
  CapDrop []string
  Dns []string
  DnsOptions []string
  DnsSearch []string
  ExtraHosts []string
  GroupAdd []string
  Links []string
  OomScoreAdj int
  Privileged bool
  PublishAllPorts bool
  ReadonlyRootfs bool
  SecurityOpt []string
  Tmpfs map[string]
  ShmSize int64
  Sysctls map[string]
  Runtime string
  CpuShares int64
  Memory int64
  NanoCpus int64
  CgroupParent string
  BlkioWeight uint16
  CpuPeriod int64
  CpuQuota int64
  CpusetCpus string
  CpusetMems string
  MemoryReservation int64
  MemorySwap int64
  MemorySwappiness int64
  OomKillDisable bool
  PidsLimit int64
  Init bool
LogConfig container.LogConfig
  Type string
  Config map[string]
RestartPolicy container.RestartPolicy
  Name string
  MaximumRetryCount int
PortBinding nat.PortBinding
  HostIp string
  HostPort string
NetworkingConfig network.NetworkingConfig
  EndpointsConfig map[EndpointSettings]
EndpointSettings network.EndpointSettings
  IPAMConfig EndpointIPAMConfig
  Links []string
  Aliases []string
  NetworkID string
  EndpointID string
  MacAddress string
  DriverOpts map[string]
EndpointIPAMConfig network.EndpointIPAMConfig
  IPv4Address string
  IPv6Address string
  LinkLocalIPs []string
UpdateConfig container.UpdateConfig
  CpuShares int64
  Memory int64
  NanoCpus int64
  CpuPeriod int64
  CpuQuota int64
  CpusetCpus string
  CpusetMems string
  BlkioWeight uint16
  MemoryReservation int64
  MemorySwap int64
  PidsLimit int64
  RestartPolicy RestartPolicy
ExecConfig types.ExecConfig
  User string
  Privileged bool
  Tty bool
  AttachStdin bool
  AttachStderr bool
  AttachStdout bool
  Detach bool
  DetachKeys string
  Env []string
  WorkingDir string
  Cmd []string
ExecStartCheck types.ExecStartCheck
  Detach bool
  Tty bool
NetworkCreateRequest types.NetworkCreateRequest
  CheckDuplicate bool
  Driver string
  Scope string
  EnableIPv6 bool
  IPAM IPAM
  Internal bool
  Attachable bool
  Ingress bool
  ConfigOnly bool
  ConfigFrom ConfigReference
  Options map[string]
  Labels map[string]
  Name string
IPAM network.IPAM
  Driver string
  Options map[string]
  Config []IPAMConfig
IPAMConfig network.IPAMConfig
  Subnet string
  IPRange string
  Gateway string
  AuxiliaryAddresses map[string]
ConfigReference network.ConfigReference
  Network string
NetworkConnect types.NetworkConnect
  Container string
  EndpointConfig EndpointSettings
NetworkDisconnect types.NetworkDisconnect
  Container string
  Force bool
VolumeCreateBody volume.VolumeCreateBody
  Driver string
  DriverOpts map[string]
  Labels map[string]
  Name string
`;

interface Shape {
  readonly title: string;
  readonly members: ReadonlyMap<string, string>;
}

const SHAPES: ReadonlyMap<string, Shape> = readShapes();

function readShapes(): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, { title: string; members: Map<string, string> }>();
  let members = new Map<string, string>();
  for (const line of DESCRIPTION.split('\n').filter((each) => each !== '')) {
    const [, indent, name, rest] = /^( *)(\S+) (.+)$/.exec(line)!;
    if (indent !== '') members.set(name!, rest!);
    else shapes.set(name!, { title: rest!, members: members = new Map() });
  }
  return shapes;
}

/** What Go says of `value` where a `type` is expected; undefined when it fits. */
export function shapeFlaw(value: Json | undefined, type: string): string | undefined {
  const found = find(value, type, '', '');
  if (found === undefined) return undefined;
  const place = found.path === '' ? `Go value of type ${found.type}`
    : `Go struct field ${found.struct}.${found.path} of type ${found.type}`;
  return `json: cannot unmarshal ${found.kind} into ${place}`;
}

interface Misfit {
  readonly kind: string;
  readonly type: string;
  /** The innermost struct, and the way to the member from the outermost. */
  readonly struct: string;
  readonly path: string;
}

function find(value: Json | undefined, type: string, struct: string, path: string): Misfit | undefined {
  if (value === null || value === undefined) return undefined;
  const misfit = (): Misfit => ({ kind: goKind(value), struct, path, type: SHAPES.get(type)?.title ?? goType(type) });
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) return misfit();
    return first(value.map((item: Json) => find(item, type.slice(2), struct, path)));
  }
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (type.startsWith('map[')) {
    if (!isObject) return misfit();
    return first(Object.values(value as object).map((item: Json) => find(item, type.slice(4, -1), struct, path)));
  }
  const shape = SHAPES.get(type);
  if (shape !== undefined) {
    if (!isObject) return misfit();
    return first(Object.entries(value as { readonly [key: string]: Json }).map(([name, member]) => {
      const wanted = shape.members.get(name);
      return wanted === undefined ? undefined : find(member, wanted, type, path === '' ? name : `${path}.${name}`);
    }));
  }
  return fits(value, type, isObject) ? undefined : wholeNumber(misfit(), value);
}

function first(misfits: readonly (Misfit | undefined)[]): Misfit | undefined {
  return misfits.find((each) => each !== undefined);
}

function fits(value: Json, type: string, isObject: boolean): boolean {
  switch (type) {
    case 'string': case 'container.NetworkMode': return typeof value === 'string';
    case 'bool': return typeof value === 'boolean';
    case 'struct {}': return isObject;
    case 'uint16': return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
    default: return typeof value === 'number' && Number.isInteger(value);
  }
}

/** A number of the wrong kind is told with its digits. */
function wholeNumber(misfit: Misfit, value: Json): Misfit {
  const numeric = !['string', 'bool', 'struct {}', 'container.NetworkMode'].includes(misfit.type);
  return typeof value === 'number' && numeric ? { ...misfit, kind: `number ${String(value)}` } : misfit;
}

function goType(type: string): string {
  if (type.startsWith('[]')) return `[]${SHAPES.get(type.slice(2))?.title ?? goType(type.slice(2))}`;
  return type.startsWith('map[') ? `map[string]${SHAPES.get(type.slice(4, -1))?.title ?? type.slice(4, -1)}` : type;
}

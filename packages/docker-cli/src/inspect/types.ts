// The types of API 1.50 that client 28.2 decodes an inspected object into. Where one is embedded in another, its fields
// stand here in its place.

import { readShapes } from '../template/shape.js';

const NETWORK = `
Network network.Inspect
  Name string
  ID string Id
  Created time
  Scope string
  Driver string
  EnableIPv4 bool
  EnableIPv6 bool
  IPAM IPAM
  Internal bool
  Attachable bool
  Ingress bool
  ConfigFrom ConfigReference
  ConfigOnly bool
  Containers map[EndpointResource]
  Options map[string]
  Labels map[string]
  Peers []PeerInfo ?
  Services map[ServiceInfo] ?
IPAM network.IPAM
  Driver string
  Options map[string]
  Config []IPAMConfig
IPAMConfig network.IPAMConfig
  Subnet string ?
  IPRange string ?
  Gateway string ?
  AuxAddress map[string] AuxiliaryAddresses ?
ConfigReference network.ConfigReference
  Network string
EndpointResource network.EndpointResource
  Name string
  EndpointID string
  MacAddress string
  IPv4Address string
  IPv6Address string
PeerInfo network.PeerInfo
  Name string
  IP string
ServiceInfo network.ServiceInfo
  VIP string
  Ports []string
  LocalLBIndex int
  Tasks []Task
Task network.Task
  Name string
  EndpointID string
  EndpointIP string
  Info map[string]
EndpointSettings network.EndpointSettings
  IPAMConfig *EndpointIPAMConfig
  Links []string
  Aliases []string
  MacAddress string
  DriverOpts map[string]
  GwPriority int
  NetworkID string
  EndpointID string
  Gateway string
  IPAddress string
  IPPrefixLen int
  IPv6Gateway string
  GlobalIPv6Address string
  GlobalIPv6PrefixLen int
  DNSNames []string
EndpointIPAMConfig network.EndpointIPAMConfig
  IPv4Address string ?
  IPv6Address string ?
  LinkLocalIPs []string ?
`;

const CONTAINER = `
Container container.InspectResponse
  ID string Id
  Created string
  Path string
  Args []string
  State *State
  Image string
  ResolvConfPath string
  HostnamePath string
  HostsPath string
  LogPath string
  Name string
  RestartCount int
  Driver string
  Platform string
  MountLabel string
  ProcessLabel string
  AppArmorProfile string
  ExecIDs []string
  HostConfig *HostConfig
  GraphDriver DriverData
  SizeRw *int ?
  SizeRootFs *int ?
  Mounts []MountPoint
  Config *Config
  NetworkSettings *NetworkSettings
State container.State
  Status string
  Running bool
  Paused bool
  Restarting bool
  OOMKilled bool
  Dead bool
  Pid int
  ExitCode int
  Error string
  StartedAt string
  FinishedAt string
  Health *Health ?
Health container.Health
  Status string
  FailingStreak int
  Log []any
DriverData storage.DriverData
  Data map[string]
  Name string
MountPoint container.MountPoint
  Type string ?
  Name string ?
  Source string
  Destination string
  Driver string ?
  Mode string
  RW bool
  Propagation string
Config container.Config
  Hostname string
  Domainname string
  User string
  AttachStdin bool
  AttachStdout bool
  AttachStderr bool
  ExposedPorts map[Nothing] ?
  Tty bool
  OpenStdin bool
  StdinOnce bool
  Env []string
  Cmd []string
  Healthcheck *HealthConfig ?
  ArgsEscaped bool ?
  Image string
  Volumes map[Nothing]
  WorkingDir string
  Entrypoint []string
  NetworkDisabled bool ?
  MacAddress string ?
  OnBuild []string
  Labels map[string]
  StopSignal string ?
  StopTimeout *int ?
  Shell []string ?
Nothing struct{}
HealthConfig v1.HealthcheckConfig
  Test []string ?
  Interval int ?
  Timeout int ?
  StartPeriod int ?
  StartInterval int ?
  Retries int ?
NetworkSettings container.NetworkSettings
  Bridge string
  SandboxID string
  SandboxKey string
  Ports map[[]PortBinding]
  HairpinMode bool
  LinkLocalIPv6Address string
  LinkLocalIPv6PrefixLen int
  SecondaryIPAddresses []Address
  SecondaryIPv6Addresses []Address
  EndpointID string
  Gateway string
  GlobalIPv6Address string
  GlobalIPv6PrefixLen int
  IPAddress string
  IPPrefixLen int
  IPv6Gateway string
  MacAddress string
  Networks map[*EndpointSettings]
Address network.Address
  Addr string
  PrefixLen int
PortBinding nat.PortBinding
  HostIP string HostIp
  HostPort string
`;

const HOST_CONFIG = `
HostConfig container.HostConfig
  Binds []string
  ContainerIDFile string
  LogConfig LogConfig
  NetworkMode string
  PortBindings map[[]PortBinding]
  RestartPolicy RestartPolicy
  AutoRemove bool
  VolumeDriver string
  VolumesFrom []string
  ConsoleSize []int
  Annotations map[string] ?
  CapAdd []string
  CapDrop []string
  CgroupnsMode string
  DNS []string Dns
  DNSOptions []string DnsOptions
  DNSSearch []string DnsSearch
  ExtraHosts []string
  GroupAdd []string
  IpcMode string
  Cgroup string
  Links []string
  OomScoreAdj int
  PidMode string
  Privileged bool
  PublishAllPorts bool
  ReadonlyRootfs bool
  SecurityOpt []string
  StorageOpt map[string] ?
  Tmpfs map[string] ?
  UTSMode string
  UsernsMode string
  ShmSize int
  Sysctls map[string] ?
  Runtime string ?
  Isolation string
  CPUShares int CpuShares
  Memory int
  NanoCPUs int NanoCpus
  CgroupParent string
  BlkioWeight int
  BlkioWeightDevice []any
  BlkioDeviceReadBps []any
  BlkioDeviceWriteBps []any
  BlkioDeviceReadIOps []any
  BlkioDeviceWriteIOps []any
  CPUPeriod int CpuPeriod
  CPUQuota int CpuQuota
  CPURealtimePeriod int CpuRealtimePeriod
  CPURealtimeRuntime int CpuRealtimeRuntime
  CpusetCpus string
  CpusetMems string
  Devices []DeviceMapping
  DeviceCgroupRules []string
  DeviceRequests []any
  KernelMemory int ?
  KernelMemoryTCP int ?
  MemoryReservation int
  MemorySwap int
  MemorySwappiness *int
  OomKillDisable *bool
  PidsLimit *int
  Ulimits []any
  CPUCount int CpuCount
  CPUPercent int CpuPercent
  IOMaximumIOps int
  IOMaximumBandwidth int
  Mounts []any ?
  MaskedPaths []string
  ReadonlyPaths []string
  Init *bool ?
LogConfig container.LogConfig
  Type string
  Config map[string]
RestartPolicy container.RestartPolicy
  Name string
  MaximumRetryCount int
DeviceMapping container.DeviceMapping
  PathOnHost string
  PathInContainer string
  CgroupPermissions string
`;

const IMAGE = `
Image image.InspectResponse
  ID string Id
  RepoTags []string
  RepoDigests []string
  Parent string
  Comment string
  Created string ?
  Container string ?
  ContainerConfig *Config ?
  DockerVersion string
  Author string
  Config *ImageConfig
  Architecture string
  Variant string ?
  Os string
  OsVersion string ?
  Size int
  VirtualSize int ?
  GraphDriver DriverData
  RootFS RootFS
  Metadata Metadata
ImageConfig v1.DockerOCIImageConfig
  User string ?
  ExposedPorts map[Nothing] ?
  Env []string ?
  Entrypoint []string ?
  Cmd []string ?
  Volumes map[Nothing] ?
  WorkingDir string ?
  Labels map[string] ?
  StopSignal string ?
  ArgsEscaped bool ?
  Healthcheck *HealthConfig ?
  OnBuild []string ?
  Shell []string ?
RootFS image.RootFS
  Type string ?
  Layers []string ?
Metadata image.Metadata
  LastTagTime time ?
`;

/** Container, Network and Image with all that is in them. */
export const INSPECT_TYPES = readShapes(NETWORK + CONTAINER + HOST_CONFIG + IMAGE);

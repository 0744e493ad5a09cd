import { readShapes } from '../template/shape.js';

/** What client 28.2 decodes GET /info into. */
export const INFO_TYPES = readShapes(`
Info system.dockerInfo
  ID string
  Containers int
  ContainersRunning int
  ContainersPaused int
  ContainersStopped int
  Images int
  Driver string
  DriverStatus [][]string
  SystemStatus [][]string ?
  Plugins Plugins
  MemoryLimit bool
  SwapLimit bool
  KernelMemory bool ?
  KernelMemoryTCP bool ?
  CPUCfsPeriod bool CpuCfsPeriod
  CPUCfsQuota bool CpuCfsQuota
  CPUShares bool
  CPUSet bool
  PidsLimit bool
  IPv4Forwarding bool
  Debug bool
  NFd int
  OomKillDisable bool
  NGoroutines int
  SystemTime string
  LoggingDriver string
  CgroupDriver string
  CgroupVersion string ?
  NEventsListener int
  KernelVersion string
  OperatingSystem string
  OSVersion string
  OSType string
  Architecture string
  IndexServerAddress string
  RegistryConfig any
  NCPU int
  MemTotal int
  GenericResources []any
  DockerRootDir string
  HTTPProxy string HttpProxy
  HTTPSProxy string HttpsProxy
  NoProxy string
  Name string
  Labels []string
  ExperimentalBuild bool
  ServerVersion string
  Runtimes map[any]
  DefaultRuntime string
  Swarm Swarm
  LiveRestoreEnabled bool
  Isolation string
  InitBinary string
  ContainerdCommit Commit
  RuncCommit Commit
  InitCommit Commit
  SecurityOptions []string
  ProductLicense string ?
  DefaultAddressPools []any ?
  CDISpecDirs []string
  Warnings []string
  ServerErrors []string ?
  ClientInfo *ClientInfo ?
  ClientErrors []string ?
Plugins system.PluginsInfo
  Volume []string
  Network []string
  Authorization []string
  Log []string
Commit system.Commit
  ID string
  Expected string ?
Swarm swarm.Info
  NodeID string
  NodeAddr string
  LocalNodeState string
  ControlAvailable bool
  Error string
  RemoteManagers []Peer
  Nodes int ?
  Managers int ?
  Cluster *Cluster ?
  Warnings []string ?
Peer swarm.Peer
  NodeID string
  Addr string
Cluster swarm.ClusterInfo
  ID string
  Version any
  CreatedAt time
  UpdatedAt time
  Spec any
  TLSInfo any
  RootRotationInProgress bool
  DefaultAddrPool []string
  SubnetSize int
  DataPathPort int
ClientInfo system.clientInfo
  Debug bool
  Version string ?
  Context string
  Plugins []any
  Warnings []string
`);

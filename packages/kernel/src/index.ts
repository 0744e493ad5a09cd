export { kernelEvents } from './events.js';
export type { KernelEvent } from './events.js';
export { emptyKernelTables } from './tables.js';
export type {
  KernelTables, LinkRow, LinkKind, NeighbourRow, NeighbourState, RouteRow, NetnsRow, SocketRow, AddressRow,
    Address6Row, Route6Row,
} from './tables.js';
export { evolveKernel } from './evolve.js';
export { Kernel } from './kernel.js';
export type { DropCount, LinkReference } from './kernel.js';
export type { VethEnd, BridgeSpec, VxlanSpec, NicSpec } from './control/create.js';
export type { DummySpec, MacvlanSpec, VlanSpec } from './control/create-stacked.js';
export type { MacvlanMode } from './device/macvlan.js';
export type { RouteSpec } from './control/routes.js';
export type { Route6Spec } from './control/ipv6.js';
export { isRefused } from './refusal.js';
export type { Refused } from './refusal.js';
export { VETH_DELAY_NS } from './device/veth.js';
export { VXLAN_OVERHEAD_BYTES } from './device/vxlan.js';
export { FDB_AGEING_NS } from './device/bridge.js';
export type { KernelPort, KernelCore, Device, DeviceCounters, Stack, Tap, TunnelReceiver } from './contract.js';
export type { DropReason } from './drop.js';
export type {
  UdpSocket, IcmpSocket, TcpInfo, TcpSocket, TcpListener, SocketFactory, Datagram, IcmpNotice, Errno,
} from './sockets.js';
export { PacketSocket } from './capture.js';
export type { CapturedFrame } from './capture.js';
export { formatCommands, formatTables } from './filter/format.js';
export { BUILT_IN_CHAINS } from './filter/tables.js';
export type { ChainRow, FilterRow, FlowRow, Match, RuleRow, TableName, Tuple } from './filter/tables.js';

export { kernelEvents } from './events.js';
export type { KernelEvent } from './events.js';
export { emptyKernelTables } from './tables.js';
export type { KernelTables, LinkRow, LinkKind, NeighbourRow, NeighbourState, RouteRow, NetnsRow, SocketRow, AddressRow } from './tables.js';
export type { KernelPort, KernelCore, Device, DeviceCounters, Stack, Tap, TunnelReceiver } from './contract.js';
export type { DropReason } from './drop.js';
export type { UdpSocket, IcmpSocket, SocketFactory, Datagram, IcmpNotice, Errno } from './sockets.js';

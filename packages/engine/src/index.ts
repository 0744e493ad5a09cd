export { engineEvents } from './events.js';
export type { EngineEvent } from './events.js';
export type { EnginePort, StoreClient, StoreAnswer, RefusalKind, OverlayNetworkSpec, OverlayNetwork,
  OverlayPeer, ProcessTarget, RemoteEndpoint, SwarmClient, SwarmMembership } from './port.js';
export { refuse, isRefusal } from './refusal.js';
export type { Refusal } from './refusal.js';
export { emptyEngineTables, isRunning, endpointsOf, endpointsOn, endpointBetween, isGatewayEndpoint,
  ownEndpointName } from './tables.js';
export type { EngineTables, ContainerRow, ContainerStatus, NetworkRow, EndpointRow, ExecRow,
  NoticeRow, OutputPiece, OutputRow } from './tables.js';
export { CPUS, MEMORY_BYTES, numberIn } from './container/limits.js';
export { adaptedHost } from './container/host-shape.js';
export type { HealthRow, HealthResult, HealthSpec } from './health/spec.js';
export { NOTICES_KEPT, containerNotice, networkNotice } from './notice/derive.js';
export type { Notice } from './notice/derive.js';
export { pastNotices } from './notice/post.js';
export type { NoticeSpan } from './notice/post.js';
export { evolveEngine } from './evolve.js';
export { PLAIN_ENDPOINT } from './container/spec.js';
export type { ContainerSpec, EndpointConfig, HostSettings, PortBinding, RestartPolicy,
  TextTable } from './container/spec.js';
export type { NetworkSpec, NetworkIpam, IpamConfig, IpamPool } from './network/spec.js';
export type { ExecSpec } from './exec/spec.js';
export { Engine } from './engine.js';
export type { ProcessSettings } from './engine.js';
export type { Ending } from './core.js';
export type { ContainerRequest, CreatedContainer } from './container/create.js';
export type { CreatedNetwork } from './network/local.js';
export type { Changed } from './container/start.js';
export type { AttachOptions, WaitCondition } from './container/wait.js';
export type { StreamsClient } from './container/streams.js';
export { findContainer, shortId } from './container/lookup.js';
export { commandLine, environmentOf } from './container/environment.js';
export { hostnameOf, isContainerMode, isHostMode, sandboxOwner } from './container/mode.js';
export { parseLink } from './container/link.js';
export { findNetwork, isPredefined, pickNetwork } from './network/lookup.js';
export { overlayIpam, overlayOptions } from './network/overlay.js';
export { endpointsInOrder } from './network/connectivity.js';
export { INGRESS_SANDBOX, gatewayName, sandboxId } from './network/gateway-bridge.js';
export { readPort } from './publish/wanted.js';
export type { ProxyRefusal, PublishedPort } from './publish/publish.js';
export { DEFAULT_POOLS } from './ipam/pools.js';
export { IMAGES, DEFAULT_PATH, findImage, fullReference } from './image/catalogue.js';
export type { Image } from './image/catalogue.js';
// For the tests of rooms above: an engine on a host of make-believe.
export { TestHost } from './testing.js';
export { isParentDriver, modeOf, parentOf, vlanOf } from './network/parent.js';

export { engineEvents } from './events.js';
export type { EngineEvent } from './events.js';
export type { ContainerUsage, EnginePort, StoreClient, StoreAnswer, RefusalKind, OverlayNetworkSpec, OverlayNetwork,
  OverlayPeer, ProcessTarget, RemoteEndpoint, SwarmClient, SwarmMembership } from './port.js';
export { refuse, isRefusal } from './refusal.js';
export type { Refusal } from './refusal.js';
export { emptyEngineTables, isRunning, endpointsOf, endpointsOn, endpointBetween, isGatewayEndpoint,
  ownEndpointName } from './tables.js';
export type { EngineTables, ContainerRow, ContainerStatus, NetworkRow, EndpointRow, ExecRow,
  NoticeRow, OutputPiece, OutputRow, VolumeRow } from './tables.js';
export { CPUS, MEMORY_BYTES, numberIn } from './container/limits.js';
export { STANDARD_API, isNewerEngine, speaks } from './age.js';
export { usageOf } from './container/usage.js';
export { adaptedHost } from './container/host-shape.js';
export type { HealthRow, HealthResult, HealthSpec } from './health/spec.js';
export { NOTICES_KEPT, containerNotice, imageNotice, networkNotice } from './notice/derive.js';
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
export { ZERO_TIME, humanDuration, rfc3339, rfc3339Fixed, secondsOf, secondsOfDate,
  unixNanoseconds, unixSeconds } from './time.js';
export { DEFAULT_PATH, registryImage, registryImages } from './image/registry.js';
export { fullReference, referenceFlaw, splitReference } from './image/reference.js';
export { findImage, imageSize, layerOf } from './image/store.js';
export { programText, programsOfImages } from './image/layers.js';
export { keysOf, labelsOf, PLAIN_CONFIG } from './image/row.js';
export type { ImageConfig, ImageRow } from './image/row.js';
export { FileSpace } from './file/space.js';
export { contextTree } from './build/context.js';
export type { BuildRequest, BuildResult } from './build/build.js';
export { base64Of, byteCount, bytesOf, fromBase64, textOf } from './file/bytes.js';
export { entriesOf, fileEntry, folderEntry, readArchive, writeArchive } from './file/tar.js';
export type { ArchiveEntry } from './file/tar.js';
export type { MountSpec } from './mount/spec.js';
export { mountpointOf, usersOf } from './volume/volume.js';
export type { VolumeRequest } from './volume/volume.js';
// For the tests of rooms above: an engine on a host of make-believe.
export { TestHost } from './testing.js';
export { isParentDriver, modeOf, parentOf, vlanOf } from './network/parent.js';

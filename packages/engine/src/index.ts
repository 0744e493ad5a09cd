export { engineEvents } from './events.js';
export type { EngineEvent } from './events.js';
export type { EnginePort, StoreClient, StoreAnswer, RefusalKind, OverlayNetworkSpec, OverlayNetwork } from './port.js';

export { CallDesk } from './call-desk.js';
export type { Waiting } from './call-desk.js';
export type { CallListener, EngineDoor, OpenedCall } from './door.js';
export { FrameReader } from './frame.js';
export { DockerSocket } from './server.js';
export type { Place, TlsFiles } from './server.js';
export { DockerClient } from './client.js';
export type { HeardStreams, SentCall } from './client.js';

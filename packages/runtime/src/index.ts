export { JournalFault, checkName, entryId } from './journal/journal.js';
export type {
  AppendResult, CommitBytes, Journal, JournalFaultCode, LastCommit, NodeWriter, PlacedCommit, Position, ReadOptions,
  RunFork, RunManifest, StoredCommit,
} from './journal/journal.js';
export { ChainReader } from './journal/reading.js';
export { Waymarks, startingMark } from './journal/seek/waymarks.js';
export type { NodeMark, Waymark } from './journal/seek/waymarks.js';
export { memoryJournal } from './journal/memory.js';
export { wallClock, within, TimedOut } from './clock.js';
export type { WallClock } from './clock.js';
export { createLog } from './log.js';
export type { Log, LogLevel } from './log.js';
export { redisJournal } from './journal/redis/redis.js';
export type { RedisJournalOptions } from './journal/redis/redis.js';
export type { Bus, BusHandler, Subscription } from './bus/bus.js';
export { memoryBus } from './bus/memory.js';
export { natsBus } from './bus/nats.js';
export type { NatsBusOptions } from './bus/nats.js';
export { lossyBus } from './bus/lossy.js';
export type { Losses, LossCounts, LossyBus } from './bus/lossy.js';
export { allControl, controlSubject, envelopesFor, envelopeSubject, matches } from './bus/subjects.js';
export { fileJournal, reelFile } from './journal/file/file.js';
export type { FileJournalOptions } from './journal/file/file.js';
export { copyRun } from './journal/copy.js';
export { findServer, startServer } from './servers.js';
export type { RunningServer, ServerKind, ServerOptions, ServerProgram, ServerStart } from './servers.js';
export { readServiceConfig } from './loop/service-config.js';
export type { ServiceConfig } from './loop/service-config.js';
export { SERVICE_EXIT, serveConductor, serveNodes } from './loop/serve.js';
export { Conductor, NodeSilent } from './loop/conductor.js';
export type { ConductorOptions } from './loop/conductor.js';
export { runNodes } from './loop/node-process.js';
export type { NodeProcessOptions } from './loop/node-process.js';
export { HistoryDiffers, NodeRunner } from './loop/node-runner.js';
export type { NodeFactory } from './loop/node-runner.js';
export { LiveLoop } from './live/live-loop.js';
export type { LiveWorld } from './live/live-loop.js';
export type { Pace } from './live/pace.js';

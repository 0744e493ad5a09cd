export { JournalFault, checkName, entryId } from './journal/journal.js';
export type {
  AppendResult, CommitBytes, Journal, JournalFaultCode, LastCommit, NodeWriter, Position, ReadOptions, RunManifest, StoredCommit,
} from './journal/journal.js';
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

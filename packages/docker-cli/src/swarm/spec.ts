// The cluster's settings that flags change; what was not typed stays as it was.

import type { Json } from '@netreel/sim';
import type { Flags } from '../flags/flags.js';
import { recordOf, type JsonRecord } from '../json.js';

/** SwarmSpec: `before` with what was typed. */
export function specFrom(flags: Flags, before: JsonRecord): JsonRecord {
  let spec = before;
  const set = (part: string, name: string, value: Json): void => {
    spec = { ...spec, [part]: { ...recordOf(spec[part]), [name]: value } };
  };
  if (flags.changed('task-history-limit')) {
    set('Orchestration', 'TaskHistoryRetentionLimit', flags.integer('task-history-limit'));
  }
  if (flags.changed('dispatcher-heartbeat')) {
    set('Dispatcher', 'HeartbeatPeriod', flags.integer('dispatcher-heartbeat'));
  }
  if (flags.changed('cert-expiry')) set('CAConfig', 'NodeCertExpiry', flags.integer('cert-expiry'));
  if (flags.changed('snapshot-interval')) set('Raft', 'SnapshotInterval', flags.integer('snapshot-interval'));
  if (flags.changed('max-snapshots')) set('Raft', 'KeepOldSnapshots', flags.integer('max-snapshots'));
  if (flags.changed('autolock')) set('EncryptionConfig', 'AutoLockManagers', flags.bool('autolock'));
  return spec;
}

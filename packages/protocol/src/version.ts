// Which schema a history was written with. The first part changes when old readers can no longer read; the second
// whenever any record changes at all.

import { createHash } from 'node:crypto';
import { controlMessages } from './control.js';
import { protoFiles } from './proto-text.js';
import { rooms } from './rooms.js';

export const SCHEMA_GENERATION = 'v1';

/** `v1-` and eight digits that depend on every table. */
export function schemaVersion(): string {
  const hash = createHash('sha256');
  // What the conductor says is no history.
  const files = [...protoFiles(rooms, controlMessages)].filter(([name]) => !name.endsWith('control.proto'));
  for (const [name, text] of files.sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(name).update(text);
  return `${SCHEMA_GENERATION}-${hash.digest('hex').slice(0, 8)}`;
}

/** Whether this code can read what was written with `version`. */
export function readsSchema(version: string): boolean {
  return version.split('-')[0] === SCHEMA_GENERATION;
}

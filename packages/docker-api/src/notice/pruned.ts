import type { Notice } from '@netreel/engine';

/** Told of a prune; nothing that is removed here took room on a disk. */
export function pruned(kind: string, reclaimedBytes = 0): Notice {
  return { kind, action: 'prune', actor: '', scope: 'local', attributes: { reclaimed: String(reclaimedBytes) } };
}

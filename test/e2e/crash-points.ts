// A journal that crashes its node at a chosen append: before it, or after it was stored and before anybody heard.

import type { CommitBytes, Journal, NodeWriter } from '@netreel/runtime';

/** What a node dies of. */
export class Crash extends Error {}

export interface CrashPoint {
  /** Counted over all lives of the node. */
  readonly append: number;
  readonly where: 'before' | 'after';
}

/** `journal`, whose appends crash at `points`; each strikes once. */
export function crashingJournal(journal: Journal, points: readonly CrashPoint[],
  counter: { appends: number }): Journal {
  const crashAt = (where: CrashPoint['where']): void => {
    const strikes = points.some((point) => point.where === where && point.append === counter.appends);
    if (strikes) throw new Crash(`${where} ${counter.appends}`);
  };
  return new Proxy(journal, {
    get: (target, name) => {
      if (name !== 'writer') return (target[name as keyof Journal] as (...words: unknown[]) => unknown).bind(target);
      return async (run: string, node: string): Promise<NodeWriter> => {
        const writer = await target.writer(run, node);
        return {
          epoch: writer.epoch,
          get last() { return writer.last; },
          append: async (commits: readonly CommitBytes[]) => {
            counter.appends++;
            crashAt('before');
            const result = await writer.append(commits);
            crashAt('after');
            return result;
          },
          close: () => writer.close(),
        };
      };
    },
  });
}

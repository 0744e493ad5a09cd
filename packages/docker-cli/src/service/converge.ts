// Waiting until a service stands, as `service create`, `update`, `scale` and `rollback` do without `--detach`: a line
// for each change, and a last one once all tasks have run for a while.

import type { Json } from '@netreel/sim';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';

const LOOK_EVERY_NS = 200_000_000;
/** Tasks have to stay for as long as their update would be watched. */
const MONITOR_NS = 5_000_000_000;

interface Seen {
  readonly running: number;
  readonly wanted: number;
  readonly rollback: boolean;
}

export function* converged(output: Output, id: string, quiet: boolean): Conversation<number> {
  let told = '';
  let stableNs = 0;
  for (;;) {
    const { body: service } = yield* command('GET', `/services/${id}`);
    const state = textOf(dig(service, 'UpdateStatus', 'State'));
    const message = textOf(dig(service, 'UpdateStatus', 'Message'));
    if (state === 'paused') refuse(`service update paused: ${message}`);
    if (state === 'rollback_paused') refuse(`service rollback paused: ${message}`);
    const seen = yield* look(id, service, state.startsWith('rollback'));
    const line = `overall progress: ${seen.rollback ? 'rolling back update: ' : ''}${seen.running} out of ` +
      `${seen.wanted} tasks`;
    if (!quiet && line !== told) output.line(line);
    told = line;
    const ending = !['updating', 'rollback_started'].includes(state) && seen.running >= seen.wanted;
    stableNs = ending ? stableNs + LOOK_EVERY_NS : 0;
    if (stableNs > MONITOR_NS || (ending && state !== '')) {
      if (!quiet) output.line(`verify: Service ${id} converged`);
      if (state === 'rollback_completed' && !seen.rollback) refuse(`service rolled back: ${message}`);
      return 0;
    }
    yield { kind: 'pause', ns: LOOK_EVERY_NS };
  }
}

function* look(id: string, service: Json, rollback: boolean): Conversation<Seen> {
  const { body } = yield* command('GET', '/tasks', filterQuery([`service=${id}`, '_up-to-date=true']));
  const tasks = listOf(body).filter((task) => ['running', 'ready', 'complete'].includes(textOf(dig(task,
    'DesiredState'))));
  const running = tasks.filter((task) => textOf(dig(task, 'Status', 'State')) === 'running').length;
  const replicas = dig(service, 'Spec', 'Mode', 'Replicated', 'Replicas');
  return { running, wanted: replicas === undefined ? tasks.length : numberOf(replicas), rollback };
}

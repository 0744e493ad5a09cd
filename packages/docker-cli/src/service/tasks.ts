import { atLeast, type Command, type Invocation } from '../command.js';
import { ask, refusalOf, request, succeeded } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { listTasks, writeTasks } from '../task/table.js';

export const TASK_FLAGS = flagTable(`
  -f, --filter filter   Filter output based on conditions provided
      --format string   Pretty-print tasks using a Go template
      --no-resolve      Do not map IDs to Names
      --no-trunc        Do not truncate output
  -q, --quiet           Only display task IDs
`);

export const servicePs: Command = {
  paths: ['service ps'],
  usage: '[OPTIONS] SERVICE [SERVICE...]',
  about: 'List the tasks of one or more services',
  flags: TASK_FLAGS,
  words: atLeast(1),
  run: ps,
};

function* ps({ flags, words, context, output }: Invocation): Conversation<number> {
  const found = yield* ask(request('GET', '/services'));
  if (!succeeded(found)) throw refusalOf(found);
  const services = listOf(found.body);
  const unknown: string[] = [];
  const wanted = words.flatMap((word) => {
    const matches = services.filter((service) => textOf(dig(service, 'ID')) === word
      || textOf(dig(service, 'Spec', 'Name')) === word);
    const starting = matches.length > 0 ? matches
      : services.filter((service) => textOf(dig(service, 'ID')).startsWith(word));
    if (starting.length !== 1) unknown.push(`no such service: ${word}`);
    return starting.slice(0, 1).map((service) => `service=${textOf(dig(service, 'ID'))}`);
  });
  if (wanted.length > 0) {
    const tasks = yield* listTasks(filterQuery([...flags.list('filter'), ...wanted]));
    yield* writeTasks(output, flags, tasks, context.now);
  }
  return unknown.length === 0 ? 0 : refuse(unknown.join('\n'));
}

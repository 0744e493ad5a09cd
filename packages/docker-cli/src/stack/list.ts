import type { Json } from '@netreel/sim';
import { type Command, exactly, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { LISTING_FORMAT } from '../flags/format.js';
import { dig, listOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import { SERVICE_LISTING, SERVICE_TABLE, nameOf } from '../service/list.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { naturalOrder } from '../table/words.js';
import { listTasks, writeTasks } from '../task/table.js';

/** By this label all parts of a stack are known. */
export const STACK_LABEL = 'com.docker.stack.namespace';

const FORMAT = `${LISTING_FORMAT}`;

interface Stack {
  readonly name: string;
  readonly services: number;
}

const LISTING: Listing<Stack> = {
  type: '*stack.stackContext',
  titles: new Map([['Name', 'NAME'], ['Services', 'SERVICES']]),
  columns: ({ name, services }) =>
    new Map([['Name', column(() => name)], ['Services', column(() => String(services))]]),
};

export const stackList: Command = {
  paths: ['stack ls'],
  synonyms: new Map([['stack list', 'stack ls']]),
  usage: '[OPTIONS]',
  about: 'List stacks',
  flags: flagTable(FORMAT),
  words: none,
  *run({ flags, output }) {
    const { body } = yield* command('GET', '/services', filterQuery([`label=${STACK_LABEL}`]));
    const counts = new Map<string, number>();
    for (const service of listOf(body)) {
      const name = textOf(dig(service, 'Spec', 'Labels', STACK_LABEL));
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const stacks = [...counts].map(([name, services]) => ({ name, services }))
      .sort((a, b) => naturalOrder(a.name, b.name));
    writeListing(output, LISTING, readFormat(flags.text('format'), '{{.Name}}\t{{.Services}}'), stacks);
    return 0;
  },
};

/** `label=` filter of one stack. */
export function ofStack(name: string): string {
  return `label=${STACK_LABEL}=${name}`;
}

export const stackServices: Command = {
  paths: ['stack services'],
  usage: '[OPTIONS] STACK',
  about: 'List the services in the stack',
  flags: flagTable(`
  -f, --filter filter   Filter output based on conditions provided
${FORMAT}  -q, --quiet           Only display IDs
`),
  words: exactly(1),
  *run({ flags, words, output }) {
    const { body } = yield* command('GET', '/services',
      { status: 'true', ...filterQuery([...flags.list('filter'), ofStack(words[0]!)]) });
    const services = [...listOf(body)].sort((a, b) => naturalOrder(nameOf(a), nameOf(b)));
    if (services.length === 0) {
      output.complain(`Nothing found in stack: ${words[0]}`);
      return 0;
    }
    const typed = flags.text('format');
    const quiet = flags.bool('quiet') && (typed === '' || typed === 'table');
    writeListing(output, SERVICE_LISTING,
      quiet ? { table: false, source: '{{.ID}}' } : readFormat(typed, SERVICE_TABLE), services);
    return 0;
  },
};

export const stackPs: Command = {
  paths: ['stack ps'],
  usage: '[OPTIONS] STACK',
  about: 'List the tasks in the stack',
  flags: flagTable(`
  -f, --filter filter   Filter output based on conditions provided
${FORMAT}      --no-resolve      Do not map IDs to Names
      --no-trunc        Do not truncate output
  -q, --quiet           Only display task IDs
`),
  words: exactly(1),
  *run({ flags, words, context, output }) {
    const { body } = yield* command('GET', '/services', filterQuery([ofStack(words[0]!)]));
    const services = listOf(body).map((service: Json) => `service=${textOf(dig(service, 'ID'))}`);
    const tasks = services.length === 0 ? []
      : yield* listTasks(filterQuery([...flags.list('filter'), ...services]));
    if (tasks.length === 0) refuse(`nothing found in stack: ${words[0]}`);
    yield* writeTasks(output, flags, tasks, context.now);
    return 0;
  },
};

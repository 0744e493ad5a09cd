import { atLeast, type Command } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { INSPECT_FORMAT } from '../flags/format.js';
import { dig, listOf, textOf } from '../json.js';
import { showAll, type Found } from '../inspect/show.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { prettyService } from './pretty.js';

export const serviceInspect: Command = {
  paths: ['service inspect'],
  usage: '[OPTIONS] SERVICE [SERVICE...]',
  about: 'Display detailed information on one or more services',
  flags: flagTable(`
${INSPECT_FORMAT}      --pretty          Print the information in a human friendly format
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    if (!flags.bool('pretty')) return yield* showAll(output, flags.text('format'), words, findService);
    if (flags.changed('format')) refuse('--format is incompatible with human friendly format');
    for (const name of words) {
      const { body } = yield* findService(name);
      const names = new Map<string, string>();
      for (const network of listOf((yield* command('GET', '/networks')).body)) {
        names.set(textOf(dig(network, 'Id')), textOf(dig(network, 'Name')));
      }
      output.write('stdout', prettyService(body, names));
    }
    return 0;
  },
};

function* findService(name: string): Conversation<Found> {
  const answer = yield* ask(request('GET', `/services/${name}`, { insertDefaults: 'true' }));
  if (succeeded(answer)) return { body: answer.body };
  const refusal = refusalOf(answer);
  if (refusal.notFound) refuse(`Error: no such service: ${name}`);
  throw refusal;
}

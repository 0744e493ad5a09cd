import { atLeast, type Command, type Invocation, none } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, textOf } from '../json.js';
import { confirmed, type Pruned } from '../prune.js';
import type { Conversation } from '../step.js';

export const networkRemove: Command = {
  paths: ['network rm'],
  synonyms: new Map([['network remove', 'network rm']]),
  usage: 'NETWORK [NETWORK...]',
  about: 'Remove one or more networks',
  flags: flagTable('  -f, --force   Do not error if the network does not exist'),
  words: atLeast(1),
  run: remove,
};

function* remove({ flags, words, output }: Invocation): Conversation<number> {
  let failed = false;
  for (const name of words) {
    // The client looks first whether it is the ingress network, of which it would warn.
    const found = yield* ask(request('GET', `/networks/${name}`));
    if (succeeded(found) && dig(found.body, 'Ingress') === true && !confirmed(output, false, INGRESS_WARNING)) continue;
    const answer = yield* ask(request('DELETE', `/networks/${name}`));
    if (succeeded(answer)) {
      output.line(name);
      continue;
    }
    const refusal = refusalOf(answer);
    if (flags.bool('force') && refusal.notFound) continue;
    output.complain(refusal.text);
    failed = true;
  }
  if (!failed) return 0;
  output.complain('exit status 1');
  return 1;
}

const INGRESS_WARNING = 'WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run '
  + 'the same docker engine version. Otherwise, removal may not be effective and functionality of newly create ingress '
  + 'networks will be impaired.';

const PRUNE_WARNING = 'WARNING! This will remove all custom networks not used by at least one container.';

export function* pruneNetworks(filters: readonly string[]): Conversation<Pruned> {
  const { body } = yield* command('POST', '/networks/prune', filterQuery(filters));
  const removed = listOf(dig(body, 'NetworksDeleted')).map(textOf);
  return { text: removed.length === 0 ? '' : `Deleted Networks:\n${removed.join('\n')}\n\n`, bytes: 0 };
}

export const networkPrune: Command = {
  paths: ['network prune'],
  usage: '[OPTIONS]',
  about: 'Remove all unused networks',
  flags: flagTable(`
      --filter filter   Provide filter values (e.g. "until=<timestamp>")
  -f, --force           Do not prompt for confirmation
`),
  words: none,
  *run({ flags, output }) {
    if (!confirmed(output, flags.bool('force'), PRUNE_WARNING)) return 0;
    output.write('stdout', (yield* pruneNetworks(flags.list('filter'))).text);
    return 0;
  },
};

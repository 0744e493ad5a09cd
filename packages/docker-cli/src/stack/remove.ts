import { atLeast, type Command } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, listOf, textOf } from '../json.js';
import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import { nameOf } from '../service/list.js';
import type { Conversation } from '../step.js';
import { ofStack } from './list.js';

export const stackRemove: Command = {
  paths: ['stack rm'],
  synonyms: new Map([['stack remove', 'stack rm'], ['stack down', 'stack rm']]),
  usage: '[OPTIONS] STACK [STACK...]',
  about: 'Remove one or more stacks',
  flags: flagTable('  -d, --detach   Do not wait for stack removal (default true)'),
  words: atLeast(1),
  *run({ words, output }) {
    const failed: string[] = [];
    for (const name of words) if (!(yield* removeStack(output, name))) failed.push(name);
    return failed.length === 0 ? 0
      : refuse(failed.map((name) => `failed to remove some resources from stack: ${name}`).join('\n'));
  },
};

function* removeStack(output: Output, name: string): Conversation<boolean> {
  const services = listOf((yield* command('GET', '/services', filterQuery([ofStack(name)]))).body);
  const networks = listOf((yield* command('GET', '/networks', filterQuery([ofStack(name)]))).body);
  if (services.length + networks.length === 0) output.complain(`Nothing found in stack: ${name}`);
  let whole = true;
  const remove = function* (kind: string, called: string, path: string): Conversation<void> {
    output.complain(`Removing ${kind} ${called}`);
    const answer = yield* ask(request('DELETE', path));
    if (succeeded(answer)) return;
    whole = false;
    output.complain(`Failed to remove ${kind} ${called}: ${refusalOf(answer).text}`);
  };
  for (const service of services) {
    yield* remove('service', nameOf(service), `/services/${textOf(dig(service, 'ID'))}`);
  }
  for (const network of networks) {
    yield* remove('network', textOf(dig(network, 'Name')), `/networks/${textOf(dig(network, 'Id'))}`);
  }
  return whole;
}

import { atLeast, type Command } from '../command.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { INSPECT_FORMAT } from '../flags/format.js';
import { dig, listOf, numberOf, recordOf, textOf } from '../json.js';
import type { Json } from '@netreel/sim';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { showAll, type Found } from '../inspect/show.js';
import { capital } from './list.js';

export const nodeInspect: Command = {
  paths: ['node inspect'],
  usage: '[OPTIONS] self|NODE [NODE...]',
  about: 'Display detailed information on one or more nodes',
  flags: flagTable(`
${INSPECT_FORMAT}      --pretty          Print the information in a human friendly format
`),
  words: atLeast(1),
  *run({ flags, words, output }) {
    if (!flags.bool('pretty')) return yield* showAll(output, flags.text('format'), words, findNode);
    if (flags.changed('format')) refuse('--format is incompatible with human friendly format');
    for (const name of words) output.write('stdout', page((yield* findNode(name)).body));
    return 0;
  },
};

/** A node by what people call it; `self` is the one that is asked. */
export function* findNode(name: string): Conversation<Found> {
  const wanted = name === 'self' ? textOf(dig((yield* command('GET', '/info')).body, 'Swarm', 'NodeID')) : name;
  // Outside of a swarm `self` has no name: the engine then says why.
  const path = wanted === '' ? '/nodes' : `/nodes/${wanted}`;
  return { body: (yield* command('GET', path)).body };
}

function page(node: Json): string {
  const text = (...names: readonly string[]): string => textOf(dig(node, ...names));
  const labels = Object.entries(recordOf(dig(node, 'Spec', 'Labels'))).sort(([a], [b]) => (a < b ? -1 : 1));
  const memory = numberOf(dig(node, 'Description', 'Resources', 'MemoryBytes'));
  const leads = dig(node, 'ManagerStatus', 'Leader') === true;
  const plugins = new Map<string, string[]>();
  for (const plugin of listOf(dig(node, 'Description', 'Engine', 'Plugins'))) {
    const kind = textOf(dig(plugin, 'Type'));
    plugins.set(kind, [...plugins.get(kind) ?? [], textOf(dig(plugin, 'Name'))]);
  }
  return [
    `ID:\t\t\t${text('ID')}`,
    ...(labels.length === 0 ? [] : ['Labels:', ...labels.map(([key, value]) => ` - ${key}=${String(value)}`)]),
    `Hostname:              \t${text('Description', 'Hostname')}`,
    `Joined at:             \t${text('CreatedAt').replace('T', ' ').replace('Z', ' +0000 utc')}`,
    'Status:', ` State:\t\t\t${capital(text('Status', 'State'))}`,
    ...(text('Status', 'Message') === '' ? [] : [` Message:\t\t${capital(text('Status', 'Message'))}`]),
    ` Availability:         \t${capital(text('Spec', 'Availability'))}`, ` Address:\t\t${text('Status', 'Addr')}`,
    ...(text('ManagerStatus', 'Addr') === '' ? [] : ['Manager Status:',
      ` Address:\t\t${text('ManagerStatus', 'Addr')}`,
      ` Raft Status:\t\t${capital(text('ManagerStatus', 'Reachability'))}`, ` Leader:\t\t${leads ? 'Yes' : 'No'}`]),
    'Platform:', ` Operating System:\t${text('Description', 'Platform', 'OS')}`,
    ` Architecture:\t\t${text('Description', 'Platform', 'Architecture')}`,
    'Resources:', ` CPUs:\t\t\t${Math.floor(numberOf(dig(node, 'Description', 'Resources', 'NanoCPUs')) / 1e9)}`,
    ` Memory:\t\t${Number((memory / 1_073_741_824).toPrecision(4))}GiB`,
    'Plugins:', ...[...plugins].map(([kind, names]) => ` ${kind}:\t\t${names.join(', ')}`),
    `Engine Version:\t\t${text('Description', 'Engine', 'EngineVersion')}`, '', '',
  ].join('\n');
}

import type { Json } from '@netreel/sim';
import { atLeast, type Command, exactly, type Invocation } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { label } from '../flags/checks.js';
import { flagTable, noFlags } from '../flags/declare.js';
import { pairsOf } from '../flags/flags.js';
import { dig, jsonRecord, numberOf, recordOf, textOf, type JsonRecord } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';

const ROLES = ['worker', 'manager'];

/** Changes a node's spec, based on what it is now. */
function* changeNode(name: string, change: (spec: JsonRecord) => JsonRecord | undefined): Conversation<boolean> {
  const { body: node } = yield* command('GET', `/nodes/${name}`);
  const spec = change(recordOf(dig(node, 'Spec')));
  if (spec === undefined) return false;
  yield* command('POST', `/nodes/${textOf(dig(node, 'ID'))}/update`,
    { version: String(numberOf(dig(node, 'Version', 'Index'))) }, spec);
  return true;
}

export const nodeUpdate: Command = {
  paths: ['node update'],
  usage: '[OPTIONS] NODE',
  about: 'Update a node',
  flags: flagTable(`
      --availability string   Availability of the node ("active",
                              "pause", "drain")
      --label-add list        Add or update a node label ("key=value")
      --label-rm list         Remove a node label if exists
      --role string           Role of the node ("worker", "manager")
`, { checks: { 'label-add': label } }),
  words: exactly(1),
  *run({ flags, words, output }) {
    const role = flags.text('role');
    yield* changeNode(words[0]!, (before) => {
      const labels = new Map(Object.entries(recordOf(before['Labels'])) as [string, Json][]);
      for (const [key, value] of pairsOf(flags.list('label-add'))) labels.set(key, value);
      for (const key of flags.list('label-rm')) {
        if (!labels.delete(key)) refuse(`key ${key} doesn't exist in node's labels`);
      }
      return { ...before, Labels: jsonRecord(labels),
        ...(flags.changed('role') ? { Role: ROLES.includes(role) ? role : refuse(`invalid role "${role}"`) } : {}),
        ...(flags.changed('availability') ? { Availability: flags.text('availability') } : {}) };
    });
    output.line(words[0]!);
    return 0;
  },
};

/** promote and demote. */
function roleCommand(verb: string, role: string, about: string, told: (name: string) => string): Command {
  return {
    paths: [`node ${verb}`],
    usage: 'NODE [NODE...]',
    about,
    flags: noFlags,
    words: atLeast(1),
    *run({ words, output }) {
      for (const name of words) {
        const changed = yield* changeNode(name, (spec) => (spec['Role'] === role ? undefined : { ...spec,
          Role: role }));
        output.line(changed ? told(name) : `Node ${name} is already a ${role}.`);
      }
      return 0;
    },
  };
}

export const nodePromote = roleCommand('promote', 'manager', 'Promote one or more nodes to manager in the swarm',
  (name) => `Node ${name} promoted to a manager in the swarm.`);
export const nodeDemote = roleCommand('demote', 'worker', 'Demote one or more nodes from manager in the swarm',
  (name) => `Manager ${name} demoted in the swarm.`);

export const nodeRemove: Command = {
  paths: ['node rm'],
  synonyms: new Map([['node remove', 'node rm']]),
  usage: '[OPTIONS] NODE [NODE...]',
  about: 'Remove one or more nodes from the swarm',
  flags: flagTable('  -f, --force   Force remove a node from the swarm'),
  words: atLeast(1),
  run: remove,
};

function* remove({ flags, words, output }: Invocation): Conversation<number> {
  const complaints: string[] = [];
  for (const name of words) {
    const answer = yield* ask(request('DELETE', `/nodes/${name}`, flags.bool('force') ? { force: '1' } : {}));
    if (succeeded(answer)) output.line(name);
    else complaints.push(refusalOf(answer).text);
  }
  return complaints.length === 0 ? 0 : refuse(complaints.join('\n'));
}

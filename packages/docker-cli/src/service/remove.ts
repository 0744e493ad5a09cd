import { atLeast, type Command, type Invocation } from '../command.js';
import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { noFlags, flagTable } from '../flags/declare.js';
import { dig, numberOf, recordOf, textOf } from '../json.js';
import { attempted, refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import type { Output } from '../output.js';
import { converged } from './converge.js';

export const serviceRemove: Command = {
  paths: ['service rm'],
  synonyms: new Map([['service remove', 'service rm']]),
  usage: 'SERVICE [SERVICE...]',
  about: 'Remove one or more services',
  flags: noFlags,
  words: atLeast(1),
  *run({ words, output }) {
    const complaints: string[] = [];
    for (const name of words) {
      const answer = yield* ask(request('DELETE', `/services/${name}`));
      if (succeeded(answer)) output.line(name);
      else complaints.push(refusalOf(answer).text);
    }
    return complaints.length === 0 ? 0 : refuse(complaints.join('\n'));
  },
};

const USAGE = `See 'docker service scale --help'.

Usage:  docker service scale SERVICE=REPLICAS [SERVICE=REPLICAS...]

Scale one or multiple replicated services`;

export const serviceScale: Command = {
  paths: ['service scale'],
  usage: 'SERVICE=REPLICAS [SERVICE=REPLICAS...]',
  about: 'Scale one or multiple replicated services',
  flags: flagTable(`
  -d, --detach   Exit immediately instead of waiting for the service to
                 converge
`),
  words: atLeast(1),
  run: scale,
};

function* scale({ flags, words, output }: Invocation): Conversation<number> {
  for (const word of words) if (!word.includes('=')) refuse(`invalid scale specifier '${word}'.\n${USAGE}`);
  const complaints: string[] = [];
  const scaled: string[] = [];
  for (const word of words) {
    const at = word.indexOf('=');
    const [name, text] = [word.slice(0, at), word.slice(at + 1)];
    if (!/^\d+$/.test(text)) {
      complaints.push(`${name}: invalid replicas value ${text}: strconv.ParseUint: parsing "${text}": invalid syntax`);
      continue;
    }
    const ended = yield* attempted(scaleOne(output, name, Number(text)));
    if (ended instanceof Refusal) complaints.push(`${name}: ${ended.text}`);
    else scaled.push(name);
  }
  if (!flags.bool('detach')) for (const name of scaled) yield* converged(output, name, false);
  return complaints.length === 0 ? 0 : refuse(complaints.join('\n'));
}

function* scaleOne(output: Output, name: string, replicas: number): Conversation<number> {
  const { body: service } = yield* command('GET', `/services/${name}`);
  const spec = recordOf(dig(service, 'Spec'));
  const mode = recordOf(spec['Mode']);
  if (mode['Replicated'] === undefined && mode['ReplicatedJob'] === undefined) {
    refuse('scale can only be used with replicated or replicated-job mode');
  }
  const changed = mode['Replicated'] !== undefined ? { Replicated: { Replicas: replicas } }
    : { ReplicatedJob: { ...recordOf(mode['ReplicatedJob']), TotalCompletions: replicas } };
  yield* command('POST', `/services/${textOf(dig(service, 'ID'))}/update`,
    { version: String(numberOf(dig(service, 'Version', 'Index'))) }, { ...spec, Mode: changed });
  output.line(`${name} scaled to ${replicas}`);
  return 0;
}

// Where each kind of object is looked up.

import { ask, command, refusalOf, request, succeeded } from '../daemon.js';
import { dig } from '../json.js';
import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import type { Found } from './show.js';

export function* findContainer(name: string, size = false): Conversation<Found> {
  const { body } = yield* command('GET', `/containers/${name}/json`, size ? { size: '1' } : {});
  return { body, type: 'Container' };
}

export function* findNetwork(name: string, verbose = false): Conversation<Found> {
  const { body } = yield* command('GET', `/networks/${name}`, verbose ? { verbose: 'true' } : {});
  return { body, type: 'Network' };
}

export function* findImage(name: string): Conversation<Found> {
  const { body } = yield* command('GET', `/images/${name}/json`);
  return { body, type: 'Image' };
}

export function* findVolume(name: string): Conversation<Found> {
  return { body: (yield* command('GET', `/volumes/${name}`)).body };
}

interface ObjectKind {
  readonly name: string;
  /** Known to a swarm manager only. */
  readonly swarm: boolean;
  readonly path: (name: string) => string;
  readonly query?: { readonly [name: string]: string };
  readonly type?: Found['type'];
}

/** In the order in which an object of no stated kind is looked for. */
const KINDS: readonly ObjectKind[] = [
  { name: 'container', swarm: false, path: (name) => `/containers/${name}/json`, type: 'Container' },
  { name: 'image', swarm: false, path: (name) => `/images/${name}/json`, type: 'Image' },
  { name: 'network', swarm: false, path: (name) => `/networks/${name}`, type: 'Network' },
  { name: 'volume', swarm: false, path: (name) => `/volumes/${name}` },
  { name: 'service', swarm: true, path: (name) => `/services/${name}`, query: { insertDefaults: 'true' } },
  { name: 'task', swarm: true, path: (name) => `/tasks/${name}` },
  { name: 'node', swarm: true, path: (name) => `/nodes/${name}` },
  { name: 'plugin', swarm: false, path: (name) => `/plugins/${name}/json` },
  { name: 'secret', swarm: true, path: (name) => `/secrets/${name}` },
  { name: 'config', swarm: true, path: (name) => `/configs/${name}` },
];

export const KIND_NAMES: readonly string[] = KINDS.map((kind) => kind.name).sort();

/** `docker inspect NAME`: whatever has that name, of the stated kind or of the first kind that has it. */
export function* findAnything(output: Output, name: string, kindName: string, size: boolean): Conversation<Found> {
  let manager: boolean | undefined;
  for (const kind of KINDS) {
    if (kindName !== '' && kind.name !== kindName) continue;
    if (kindName === '' && kind.swarm) {
      manager ??= dig((yield* ask(request('GET', '/info'))).body, 'Swarm', 'ControlAvailable') === true;
      if (!manager) continue;
    }
    const sized = size && kind.name === 'container';
    const answer = yield* ask(request('GET', kind.path(name), sized ? { size: '1' } : kind.query));
    if (!succeeded(answer)) {
      const refusal = refusalOf(answer);
      const passable = refusal.notFound || /not supported|invalid reference format/.test(refusal.text);
      if (kindName === '' && passable) continue;
      throw refusal;
    }
    if (size && kind.name !== 'container') output.complain(`WARNING: --size ignored for ${kind.name}`);
    return { body: answer.body, ...(kind.type === undefined ? {} : { type: kind.type }) };
  }
  return refuse(`Error: No such object: ${name}`);
}

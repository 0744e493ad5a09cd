// Container names: which ones are allowed, and one for a container that nobody named.

import type { EngineCore } from '../core.js';
import { refuse, type Refusal } from '../refusal.js';
import { containerNamed } from './lookup.js';

const ALLOWED = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

const MOODS = ['amber', 'brisk', 'calm', 'clever', 'daring', 'eager', 'fuzzy', 'gentle', 'happy', 'jolly', 'keen',
  'lucid',
  'mellow', 'nimble', 'patient', 'quiet', 'rapid', 'sunny', 'tidy', 'witty'];
const PEOPLE = ['baran', 'bell', 'berners', 'boole', 'cerf', 'clark', 'curie', 'dijkstra', 'euler', 'floyd', 'gauss',
  'hopper',
  'jacobson', 'kahn', 'lamport', 'lovelace', 'metcalfe', 'perlman', 'postel', 'turing'];

/** Docker's refusal of a name, without a slash, that is not allowed or taken. */
export function checkName(core: EngineCore, name: string): Refusal | undefined {
  if (!ALLOWED.test(name)) {
    return refuse('InvalidParameter', `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
  }
  const holder = containerNamed(core.tables, name);
  return holder && refuse('Conflict',
    `Conflict. The container name "/${name}" is already in use by container "${holder.id}". ` +
    'You have to remove (or rename) that container to be able to reuse that name.');
}

/** A name that no container has. */
export function madeUpName(core: EngineCore): string {
  const stream = core.port.random('container-name');
  for (let attempt = 0; ; attempt++) {
    const plain = `${MOODS[stream.below(MOODS.length)]!}_${PEOPLE[stream.below(PEOPLE.length)]!}`;
    const name = attempt < 6 ? plain : `${plain}${attempt}`;
    if (containerNamed(core.tables, name) === undefined) return name;
  }
}

// Secrets and configs: a swarm here has none. Lists are empty, as clients that tidy up expect; making one is refused.

import { answer, failure } from '../answer.js';
import type { Actor } from '../actor.js';
import type { Route } from '../route.js';
import { accessRefusal } from './access.js';

function routesOf(kind: 'secret' | 'config'): readonly Route<Actor>[] {
  const absent: Actor = function* (engine, _request, reference) {
    return accessRefusal(engine) ?? failure(404, `${kind} ${reference} not found`);
  };
  return [
    { method: 'GET', path: `/${kind}s`, *answer(engine) { return accessRefusal(engine) ?? answer(200, []); } },
    { method: 'POST', path: `/${kind}s/create`, *answer(engine) {
      return accessRefusal(engine) ?? failure(501, `${kind}s are not kept by the swarms of this engine`);
    } },
    { method: 'GET', path: `/${kind}s/{id}`, answer: absent },
    { method: 'POST', path: `/${kind}s/{id}/update`, answer: absent },
    { method: 'DELETE', path: `/${kind}s/{id}`, answer: absent },
  ];
}

/** Routes of /secrets and /configs. */
export const SECRET_ACTIONS: readonly Route<Actor>[] = [...routesOf('secret'), ...routesOf('config')];

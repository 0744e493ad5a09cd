// Requests about images that are not mere questions: pulls and prunes.

import type { Operation } from '@netreel/sim';
import { findImage, type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { NOTHING_MORE, answer, failure } from '../answer.js';
import { DOCUMENTS_HEAD, type ApiCall } from '../call.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import type { Route } from '../route.js';
import { pullDenied, pullLines } from './shape.js';

/** Routes of /images, and the build cache, which is always empty. */
export const IMAGE_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/images/create', answer: pull },
  // Every image has a tag: nothing dangles.
  { method: 'POST', path: '/images/prune', answer: function* () { return answer(200, { ImagesDeleted: null,
    SpaceReclaimed: 0 }); } },
  { method: 'POST', path: '/build/prune', answer: function* () { return answer(200, { CachesDeleted: null,
    SpaceReclaimed: 0 }); } },
];

/** All images there are stand ready on every host; a pull finds one up to date, or none. */
function* pull(_engine: Engine, request: ApiRequest, _name: string, call: ApiCall): Operation<ApiAnswer> {
  const tag = request.query['tag'] ?? '';
  const reference = (request.query['fromImage'] ?? '') + (tag === '' ? '' : `:${tag}`);
  if (findImage(reference) === undefined) return failure(404, pullDenied(reference));
  call.begin(DOCUMENTS_HEAD);
  call.write('stdout', pullLines(reference));
  return NOTHING_MORE;
}

// Requests that fetch, name, make and remove images.

import type { Operation } from '@netreel/sim';
import { containerNotice, findImage, fromBase64, fullReference, imageNotice, isRefusal, labelsOf,
  type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import { archiveAnswer } from '../container/archive.js';
import type { ApiCall } from '../call.js';
import { Filters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag } from '../json.js';
import { pruned } from '../notice/pruned.js';
import type { Route } from '../route.js';
import { Progress } from './progress.js';

/** Routes of /images, /commit, and the build cache, which is the images themselves. */
export const IMAGE_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/images/create', answer: pull },
  { method: 'POST', path: '/images/load', answer: load },
  { method: 'POST', path: '/images/prune', answer: prune },
  { method: 'POST', path: '/build/prune', answer: function* (engine) {
    engine.postNotice(pruned('builder'));
    return answer(200, { CachesDeleted: null, SpaceReclaimed: 0 });
  } },
  { method: 'GET', path: '/images/get', answer: saveAll },
  { method: 'GET', path: '/images/{name}/get', answer: (engine, _request, name) => save(engine, [name]) },
  { method: 'POST', path: '/images/{name}/tag', answer: tag },
  { method: 'POST', path: '/images/{name}/push', answer: function* () {
    return failure(500, 'pushing is not possible: no registry here takes images');
  } },
  { method: 'DELETE', path: '/images/{name}', answer: remove },
  { method: 'POST', path: '/commit', answer: commit },
];

function* pull(engine: Engine, request: ApiRequest, _name: string, call: ApiCall): Operation<ApiAnswer> {
  const { fromImage = '', fromSrc = '', tag: version = '', repo = '', message = '', changes = '' } = request.query;
  const progress = new Progress(call);
  if (fromSrc !== '') {
    const image = yield* engine.images.import(fromBase64(request.content ?? ''), { name: nameOf(repo, version),
      comment: message, author: '', change: (config) => engine.builds.changed(config, linesOf(changes)) });
    if (isRefusal(image)) return refused(image);
    engine.postNotice(imageNotice(image.id, 'import', image.id));
    progress.tell({ status: image.id });
    return progress.end();
  }
  const refusal = yield* engine.images.pull(nameOf(fromImage, version), (line) => progress.tell(line));
  const pulled = refusal === undefined ? fullReference(nameOf(fromImage, version)) : '';
  if (pulled !== '') engine.postNotice(imageNotice(pulled, 'pull', pulled.replace(/:[^:/]*$/, '')));
  return progress.end(refusal);
}

function nameOf(name: string, version: string): string {
  if (name === '' || version === '') return name;
  return version.startsWith('sha256:') ? `${name}@${version}` : `${name}:${version}`;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function* load(engine: Engine, request: ApiRequest, _name: string, call: ApiCall): Operation<ApiAnswer> {
  const loaded = yield* engine.images.load(fromBase64(request.content ?? ''));
  if (isRefusal(loaded)) return refused(loaded);
  const progress = new Progress(call);
  for (const each of loaded) {
    tellImage(engine, 'tag' in each ? each.tag : each.id, 'load');
    progress.tell({ stream: 'tag' in each ? `Loaded image: ${each.tag}\n` : `Loaded image ID: ${each.id}\n` });
  }
  return progress.end();
}

function* prune(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const filters = Filters.parse(request.query['filters']);
  if (typeof filters === 'string') return failure(400, filters);
  const flaw = filters.invalid(['dangling', 'label', 'label!', 'until']);
  if (flaw !== undefined) return failure(400, flaw);
  const all = filters.has('dangling') && ['false', '0'].includes(filters.of('dangling')[0]!);
  const { removed, bytes } = yield* engine.images.prune(all, (image) => filters.prunes(labelsOf(image.config)));
  engine.postNotice(pruned('image', bytes));
  return answer(200, { ImagesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: bytes });
}

/** `names` may stand in a query several times, or once with commas. */
function* saveAll(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const names = request.repeated?.['names'] ?? (request.query['names'] ?? '').split(',');
  return yield* save(engine, names.filter((name) => name !== ''));
}

function* save(engine: Engine, names: readonly string[]): Operation<ApiAnswer> {
  const archive = engine.images.save(names);
  if (isRefusal(archive)) return refused(archive);
  for (const name of names) tellImage(engine, name, 'save');
  return archiveAnswer(archive);
}

/** Tells of an image by its id. */
function tellImage(engine: Engine, reference: string, action: string, name?: string): void {
  const image = findImage(engine.tables, reference);
  if (image !== undefined) engine.postNotice(imageNotice(image.id, action, name ?? image.id));
}

function* tag(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const { repo = '', tag: version = '' } = request.query;
  const refusal = yield* engine.images.tag(reference, nameOf(repo, version));
  if (refusal !== undefined) return refused(refusal);
  tellImage(engine, reference, 'tag', fullReference(nameOf(repo, version)));
  return answer(201, null);
}

function* remove(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const removed = yield* engine.images.remove(reference, queryFlag(request.query, 'force'),
    !queryFlag(request.query, 'noprune'));
  return isRefusal(removed) ? refused(removed) : answer(200, removed);
}

function* commit(engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  const { container = '', repo = '', tag: version = '', comment = '', author = '', changes = '' } = request.query;
  const image = yield* engine.images.commit(container, { name: nameOf(repo, version), comment, author,
    change: (config) => engine.builds.changed(config, linesOf(changes)) });
  if (isRefusal(image)) return refused(image);
  if (repo !== '') tellImage(engine, image.id, 'tag', fullReference(nameOf(repo, version)));
  const row = engine.findContainer(container);
  if (!isRefusal(row)) engine.postNotice(containerNotice(row, 'commit', { comment, imageID: image.id,
    imageRef: repo === '' ? '' : fullReference(nameOf(repo, version)) }));
  return answer(201, { Id: image.id });
}

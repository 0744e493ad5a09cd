// POST /build: the classic builder. What happens comes as lines of progress; a build that fails after its beginning
// ends with a line that says why.

import type { Json, Operation } from '@netreel/sim';
import { contextTree, fromBase64, isRefusal, readArchive, type BuildRequest, type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { failure } from '../answer.js';
import type { ApiCall } from '../call.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, queryFlag, tableOf } from '../json.js';
import type { Route } from '../route.js';
import { Progress } from './progress.js';

export const BUILD_ACTIONS: readonly Route<Actor>[] = [{ method: 'POST', path: '/build', answer: build }];

function* build(engine: Engine, request: ApiRequest, _name: string, call: ApiCall): Operation<ApiAnswer> {
  const { query } = request;
  if (query['version'] === '2') return failure(400, 'BuildKit is not here: set DOCKER_BUILDKIT=0');
  if ((query['remote'] ?? '') !== '') return failure(400, 'a context cannot be fetched from elsewhere here');
  const wish = readRequest(request);
  if (typeof wish === 'string') return failure(400, wish);
  const progress = new Progress(call);
  const quiet = queryFlag(query, 'q');
  const result = yield* engine.builds.build(wish, (line) => { if (!quiet) progress.tell(line); });
  if (isRefusal(result)) return progress.end(result);
  if ('failure' in result) progress.fail(result.failure, result.code);
  else if (quiet) progress.tell({ stream: `${result.image.id}\n` });
  return progress.end();
}

function readRequest({ query, repeated, content = '' }: ApiRequest): BuildRequest | string {
  const archive = fromBase64(content);
  if (archive[0] === 0x1f && archive[1] === 0x8b) return 'a compressed context cannot be read here';
  const entries = readArchive(archive);
  if (typeof entries === 'string') return `Error processing tar file(exit status 1): ${entries}`;
  const args = tableIn(query['buildargs']);
  const labels = tableIn(query['labels']);
  if (args === undefined || labels === undefined) return 'error reading build args or labels';
  return { context: contextTree(entries), dockerfile: query['dockerfile'] || 'Dockerfile',
    target: query['target'] ?? '', args, labels, networkMode: query['networkmode'] ?? '',
    tags: (repeated?.['t'] ?? (query['t'] ?? '').split(',')).filter((tag) => tag !== '').map(withVersion),
    noCache: queryFlag(query, 'nocache'), remove: (query['rm'] ?? '') === '' || queryFlag(query, 'rm'),
    forceRemove: queryFlag(query, 'forcerm') };
}

/** A JSON object of texts; an argument without a value is not given. */
function tableIn(text: string | undefined): { readonly [name: string]: string } | undefined {
  if (text === undefined || text === '') return {};
  try {
    const object = asObject(JSON.parse(text) as Json);
    const given = Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
    return tableOf({ given }, 'given');
  } catch {
    return undefined;
  }
}

function withVersion(name: string): string {
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`;
}

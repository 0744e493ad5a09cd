// Routes to what a simulated host does not have: registries, plugins, BuildKit's sessions, checkpoints. Each answers as
// an engine does that cannot reach what is asked for.

import type { Operation } from '@netreel/sim';
import { findContainer, isRefusal, type Engine } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, textOf } from '../json.js';
import type { Route } from '../route.js';

const EXPERIMENTAL = 'This experimental feature is disabled by default. Start the Docker daemon in experimental mode ' +
  'in order to enable it.';

/** Routes of this kind. */
export const ELSEWHERE_ACTIONS: readonly Route<Actor>[] = [
  { method: 'POST', path: '/auth', answer: login },
  { method: 'POST', path: '/session', answer: () => said(400, 'no upgrade proto in request') },
  { method: 'POST', path: '/grpc', answer: () => said(500, 'no upgrade proto in request') },
  { method: 'GET', path: '/distribution/{name}/json', answer: distribution },
  { method: 'GET', path: '/images/search', answer: search },
  { method: 'GET', path: '/plugins', answer: () => same(answer(200, [])) },
  { method: 'GET', path: '/plugins/privileges', answer: () => same(answer(200, [])) },
  { method: 'POST', path: '/plugins/pull', answer: pullPlugin },
  { method: 'POST', path: '/plugins/create', answer: () => said(500, 'no rootfs found: EOF') },
  { method: 'GET', path: '/plugins/{name}/json', answer: noPlugin },
  { method: 'POST', path: '/plugins/{name}/enable', answer: enablePlugin },
  { method: 'POST', path: '/plugins/{name}/disable', answer: noPlugin },
  { method: 'POST', path: '/plugins/{name}/upgrade', answer: (engine, request, name, call) =>
    noPlugin(engine, request, name.includes(':') ? name : `${name}:latest`, call) },
  { method: 'POST', path: '/plugins/{name}/push', answer: noPlugin },
  { method: 'POST', path: '/plugins/{name}/set', answer: noPlugin },
  { method: 'DELETE', path: '/plugins/{name}', answer: noPlugin },
  { method: 'POST', path: '/build/cancel', answer: () => same(answer(200, null)) },
  { method: 'GET', path: '/containers/{id}/checkpoints', answer: () => said(501, EXPERIMENTAL) },
  { method: 'POST', path: '/containers/{id}/checkpoints', answer: () => said(501, EXPERIMENTAL) },
  { method: 'GET', path: '/containers/{id}/attach/ws', answer: websocket },
];

function* same(given: ApiAnswer): Operation<ApiAnswer> {
  return given;
}

function said(status: number, message: string): Operation<ApiAnswer> {
  return same(failure(status, message));
}

/** No name server of a lab knows a registry. */
function unreachable(url: string): Operation<ApiAnswer> {
  const host = /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? url;
  return said(500, `Get ${JSON.stringify(url)}: dial tcp: lookup ${host}: no such host`);
}

function login(_engine: Engine, request: ApiRequest): Operation<ApiAnswer> {
  if (request.body === null) return said(500, 'EOF');
  const server = textOf(asObject(request.body), 'serveraddress');
  return unreachable(`${server === '' ? 'https://registry-1.docker.io' : server.replace(/\/+$/, '')}/v2/`);
}

function distribution(_engine: Engine, _request: ApiRequest, name: string): Operation<ApiAnswer> {
  if (/[A-Z]/.test(name)) return said(400, 'invalid reference format: repository name must be lowercase');
  return unreachable('https://registry-1.docker.io/v2/');
}

function search(_engine: Engine, { query }: ApiRequest): Operation<ApiAnswer> {
  const limit = query['limit'] ?? '25';
  if (!/^\d+$/.test(limit)) return said(500, `strconv.Atoi: parsing ${JSON.stringify(limit)}: invalid syntax`);
  return unreachable(`https://index.docker.io/v1/search?q=${encodeURIComponent(query['term'] ?? '')}&n=${limit}`);
}

function noPlugin(_engine: Engine, _request: ApiRequest, name: string, _call: unknown): Operation<ApiAnswer> {
  return said(404, `plugin ${JSON.stringify(name)} not found`);
}

function enablePlugin(engine: Engine, request: ApiRequest, name: string, call: unknown): Operation<ApiAnswer> {
  const timeout = request.query['timeout'] ?? '';
  return /^\d+$/.test(timeout) ? noPlugin(engine, request, name, call)
    : said(500, `strconv.Atoi: parsing ${JSON.stringify(timeout)}: invalid syntax`);
}

function pullPlugin(): Operation<ApiAnswer> {
  return said(500, 'error resolving plugin reference: failed to do request: dial tcp: lookup registry-1.docker.io: ' +
    'no such host');
}

function* websocket(engine: Engine, _request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const row = findContainer(engine.tables, reference);
  return isRefusal(row) ? refused(row) : failure(400, 'attach over a websocket is not offered: use attach');
}

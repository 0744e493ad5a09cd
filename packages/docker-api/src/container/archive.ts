// docker cp, diff, export: files of containers as archives.

import type { Operation } from '@netreel/sim';
import { base64Of, bytesOf, containerNotice, fromBase64, isRefusal, type Engine, type Refusal } from '@netreel/engine';
import type { Actor } from '../actor.js';
import { answer, failure, refused } from '../answer.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { queryFlag, type JsonObject } from '../json.js';
import type { Route } from '../route.js';

export const ARCHIVE_ACTIONS: readonly Route<Actor>[] = [
  { method: 'HEAD', path: '/containers/{id}/archive', answer: stat },
  { method: 'GET', path: '/containers/{id}/archive', answer: pack },
  { method: 'PUT', path: '/containers/{id}/archive', answer: unpack },
  { method: 'GET', path: '/containers/{id}/changes', answer: changes },
  { method: 'GET', path: '/containers/{id}/export', answer: exported },
];

/** An archive as an answer. */
export function archiveAnswer(bytes: Uint8Array): ApiAnswer {
  return { status: 200, body: null, content: { type: 'application/x-tar', base64: base64Of(bytes) } };
}

const STAT_HEADER = 'X-Docker-Container-Path-Stat';

function statHeader(stat: JsonObject): { readonly [name: string]: string } {
  return { [STAT_HEADER]: base64Of(bytesOf(JSON.stringify(stat))) };
}

const pathFlaw = (request: ApiRequest): ApiAnswer | undefined =>
  ((request.query['path'] ?? '') === '' ? failure(400, 'bad parameter: missing path') : undefined);

/** Tells those who watch of what was done with a container's files. */
function tellOf(engine: Engine, reference: string, action: string): void {
  const row = engine.findContainer(reference);
  if (!isRefusal(row)) engine.postNotice(containerNotice(row, action));
}

function* stat(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const found = engine.files.stat(reference, request.query['path'] ?? '');
  return pathFlaw(request) ?? (isRefusal(found) ? refused(found)
    : { status: 200, body: null, headers: statHeader(found) });
}

function* pack(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const flaw = pathFlaw(request);
  if (flaw !== undefined) return flaw;
  const packed = engine.files.pack(reference, request.query['path']!);
  if (isRefusal(packed)) return refused(packed);
  tellOf(engine, reference, 'archive-path');
  return { ...archiveAnswer(packed.archive), headers: statHeader(packed.stat) };
}

function* unpack(engine: Engine, request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const flaw = pathFlaw(request);
  if (flaw !== undefined) return flaw;
  const refusal: Refusal | undefined = engine.files.unpack(reference, request.query['path']!,
    fromBase64(request.content ?? ''), queryFlag(request.query, 'noOverwriteDirNonDir'));
  if (refusal !== undefined) return refused(refusal);
  tellOf(engine, reference, 'extract-to-dir');
  return answer(200, null);
}

function* changes(engine: Engine, _request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const found = engine.files.changes(reference);
  return isRefusal(found) ? refused(found)
    : answer(200, found.length === 0 ? null : found.map(({ path, kind }) => ({ Path: path, Kind: kind })));
}

function* exported(engine: Engine, _request: ApiRequest, reference: string): Operation<ApiAnswer> {
  const archive = engine.files.export(reference);
  if (isRefusal(archive)) return refused(archive);
  tellOf(engine, reference, 'export');
  return archiveAnswer(archive);
}

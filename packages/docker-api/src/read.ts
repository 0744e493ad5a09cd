// Questions that the tables alone answer. Live engines and tables folded up to some moment of a recorded run answer
// alike: this is what makes `docker inspect` work in the past.

import type { SimTime } from '@netreel/sim';
import { STANDARD_API, findContainer, findImage, findNetwork, fullReference, isNewerEngine, isRefusal, pickNetwork,
  shortId,
  type EngineTables, type OverlayNetwork } from '@netreel/engine';
import { answer, failure, refused } from './answer.js';
import { containerShape } from './container/inspect.js';
import { listContainers } from './container/list.js';
import { readLogs } from './container/logs.js';
import { execShape } from './exec/shape.js';
import type { ApiAnswer, ApiRequest } from './http.js';
import { historyShape } from './image/history.js';
import { listImages } from './image/list.js';
import { imageShape } from './image/shape.js';
import { listNetworks } from './network/list.js';
import { networkShape, overlayShape, type PeersOf } from './network/shape.js';
import { readNotices } from './notice/act.js';
import { readTop } from './process/top.js';
import { asNewer } from './newer/shape.js';
import { RouteTable, type Route } from './route.js';
import { infoShape, versionShape } from './system/shape.js';
import { listVolumes } from './volume/list.js';
import { volumeShape } from './volume/shape.js';

/** What a reader of tables has to be told besides. */
export interface ReadContext {
  readonly hostName: string;
  /** What the engine speaks; 1.41 when absent. */
  readonly apiVersion?: string;
  readonly now: SimTime;
  /** What the store knows; those without a container of this host have no row in its tables. */
  readonly overlays?: readonly OverlayNetwork[];
  /** Who is on the overlays of this host. */
  readonly peersOf?: PeersOf;
}

const NOBODY: PeersOf = () => [];

type Reader = (tables: EngineTables, request: ApiRequest, context: ReadContext, reference: string) => ApiAnswer;

export const READERS: readonly Route<Reader>[] = [
  { method: 'GET', path: '/_ping', answer: () => answer(200, 'OK') },
  { method: 'HEAD', path: '/_ping', answer: () => answer(200, null) },
  { method: 'GET', path: '/version', answer: (_tables, _request, context) => answer(200,
    versionShape(context.apiVersion)) },
  { method: 'GET', path: '/info', answer: (tables, _request, context) => answer(200, infoShape(tables, context)) },
  { method: 'GET', path: '/events', answer: (tables, request, context) => readNotices(tables, request, context.now) },
  { method: 'GET', path: '/networks', answer: readNetworks },
  { method: 'GET', path: '/networks/{id}', answer: readNetwork },
  { method: 'GET', path: '/containers/json', answer: readContainers },
  { method: 'GET', path: '/containers/{id}/json', answer: readContainer },
  { method: 'GET', path: '/containers/{id}/logs', answer: (tables, request, _context, reference) =>
    readLogs(tables, request, reference) },
  { method: 'GET', path: '/containers/{id}/top', answer: (tables, request, context, reference) =>
    readTop(tables, request, context.now, reference) },
  { method: 'GET', path: '/exec/{id}/json', answer: readExec },
  { method: 'GET', path: '/images/json', answer: (tables, request) => listImages(tables, request) },
  { method: 'GET', path: '/images/{name}/history', answer: readHistory },
  { method: 'GET', path: '/images/{name}/json', answer: readImage },
  { method: 'GET', path: '/volumes', answer: (tables, request) => listVolumes(tables, request.query['filters']) },
  { method: 'GET', path: '/volumes/{id}', answer: readVolume },
];

const ROUTES = new RouteTable(READERS);

/** The answer to a request that only reads; undefined when it is no such request. */
export function readAnswer(tables: EngineTables, request: ApiRequest, context: ReadContext): ApiAnswer | undefined {
  const found = ROUTES.find(request);
  const given = found?.answer(tables, request, context, found.reference);
  return given && isNewerEngine(context.apiVersion ?? STANDARD_API) ? asNewer(request, given) : given;
}

function readNetworks(tables: EngineTables, request: ApiRequest, context: ReadContext): ApiAnswer {
  return listNetworks(tables, context.overlays ?? [], context.peersOf ?? NOBODY, request);
}

function readNetwork(tables: EngineTables, _request: ApiRequest, context: ReadContext, reference: string): ApiAnswer {
  const network = findNetwork(tables, reference);
  if (!isRefusal(network)) return answer(200, networkShape(tables, network, context.peersOf ?? NOBODY));
  const elsewhere = pickNetwork(context.overlays ?? [], reference);
  return isRefusal(elsewhere) ? refused(network) : answer(200, overlayShape(elsewhere));
}

function readContainers(tables: EngineTables, request: ApiRequest, context: ReadContext): ApiAnswer {
  return listContainers(tables, request, context.now);
}

function readContainer(tables: EngineTables, _request: ApiRequest, _context: ReadContext,
  reference: string): ApiAnswer {
  const row = findContainer(tables, reference);
  return isRefusal(row) ? refused(row) : answer(200, containerShape(tables, row));
}

function readExec(tables: EngineTables, _request: ApiRequest, _context: ReadContext, reference: string): ApiAnswer {
  const exec = tables.execs.get(reference) ?? [...tables.execs.values()].find((row) => shortId(row.id) === reference);
  return exec === undefined ? failure(404, `No such exec instance: ${reference}`) : answer(200, execShape(exec));
}

function readImage(tables: EngineTables, _request: ApiRequest, _context: ReadContext, reference: string): ApiAnswer {
  const image = findImage(tables, reference);
  return image === undefined ? noImage(reference) : answer(200, imageShape(tables, image));
}

function readHistory(tables: EngineTables, _request: ApiRequest, _context: ReadContext, reference: string): ApiAnswer {
  const image = findImage(tables, reference);
  return image === undefined ? noImage(reference) : answer(200, historyShape(tables, image));
}

function noImage(reference: string): ApiAnswer {
  return failure(404, `No such image: ${fullReference(reference)}`);
}

function readVolume(tables: EngineTables, _request: ApiRequest, _context: ReadContext, name: string): ApiAnswer {
  const volume = tables.volumes.get(name);
  return volume === undefined ? failure(404, `get ${name}: no such volume`) : answer(200, volumeShape(volume));
}

// GET /networks: which networks the filters let through.

import { isPredefined, type EngineTables, type OverlayNetwork } from '@netreel/engine';
import { answer, failure } from '../answer.js';
import { Filters, readFilters } from '../filters.js';
import type { ApiAnswer, ApiRequest } from '../http.js';
import { asObject, textOf, type JsonObject } from '../json.js';
import { networkShape, overlayShape, type PeersOf } from './shape.js';

const KNOWN = ['driver', 'type', 'name', 'id', 'label', 'scope', 'dangling', 'idOrName'];

/** The filters of the request; Docker's refusal when one is wrong. */
export function networkFilters(request: ApiRequest): Filters | ApiAnswer {
  const filters = readFilters(request, KNOWN);
  if (!(filters instanceof Filters)) return filters;
  const odd = filters.of('type').find((type) => type !== 'custom' && type !== 'builtin');
  if (odd !== undefined) return failure(500, `invalid filter: 'type'='${odd}'`);
  const dangling = filters.of('dangling');
  if (dangling.length > 1) return failure(400, 'got more than one value for filter key "dangling"');
  return dangling.every((value) => ['true', '1', 'false', '0'].includes(value)) ? filters
    : failure(400, 'invalid value for filter \'dangling\', must be "true" (or "1"), or "false" (or "0")');
}

/** Whether a network, in its inspect form, is to be listed. */
export function isListed(filters: Filters, network: JsonObject): boolean {
  const name = textOf(network, 'Name');
  const id = textOf(network, 'Id');
  const builtin = isPredefined(name);
  if (filters.has('dangling')) {
    const used = Object.keys(asObject(network['Containers'])).length > 0;
    const dangling = !builtin && !used;
    if (dangling !== filters.of('dangling').some((value) => value === 'true' || value === '1')) return false;
  }
  return filters.exact('driver', textOf(network, 'Driver')) && filters.exact('scope', textOf(network, 'Scope')) &&
    filters.matches('name', name) && filters.matches('id', id) &&
    (filters.matches('idOrName', name) || filters.matches('idOrName', id)) &&
    filters.exact('type', builtin ? 'builtin' : 'custom') && filters.labelled(asObject(network['Labels']));
}

/** Networks of this host, then overlays that no container here uses; the answer to a list. */
export function listNetworks(tables: EngineTables, overlays: readonly OverlayNetwork[], peersOf: PeersOf,
  request: ApiRequest): ApiAnswer {
  const wanted = networkFilters(request);
  if (!(wanted instanceof Filters)) return wanted;
  const rows = [...[...tables.networks.values()].map((network) => networkShape(tables, network, peersOf)),
    ...overlays.filter((network) => !tables.networks.has(network.id)).map(overlayShape)];
  return answer(200, rows.filter((network) => isListed(wanted, network)));
}

// GET /volumes: which volumes the filters let through.

import { usersOf, type EngineTables, type VolumeRow } from '@netreel/engine';
import { answer, failure } from '../answer.js';
import { Filters } from '../filters.js';
import type { ApiAnswer } from '../http.js';
import { volumeShape } from './shape.js';

const KNOWN = ['dangling', 'driver', 'label', 'name'];

export function listVolumes(tables: EngineTables, text: string | undefined): ApiAnswer {
  const filters = Filters.parse(text);
  if (typeof filters === 'string') return failure(400, filters);
  const flaw = filters.invalid(KNOWN);
  if (flaw !== undefined) return failure(400, flaw);
  const dangling = filters.of('dangling')[0];
  if (dangling !== undefined && !['true', 'false', '1', '0'].includes(dangling)) {
    return failure(400, `Invalid filter 'dangling=[${dangling}]'`);
  }
  const rows = [...tables.volumes.values()].filter((row) => isListed(tables, filters, row));
  return answer(200, { Volumes: rows.map(volumeShape), Warnings: null });
}

function isListed(tables: EngineTables, filters: Filters, row: VolumeRow): boolean {
  const dangling = filters.of('dangling')[0];
  if (dangling !== undefined) {
    const wanted = dangling === 'true' || dangling === '1';
    if ((usersOf(tables, row.name).length === 0) !== wanted) return false;
  }
  return filters.exact('driver', row.driver) && filters.matches('name', row.name) && filters.labelled(row.labels);
}

// Finding one object of a swarm by what people type: its id, its name, the start of its id.

import { refuse, type Refusal } from '@netreel/engine';
import { textOf, type JsonObject } from '../json.js';

/** `kind`: service, task … as the refusal calls it. */
export function pickObject(rows: readonly JsonObject[], kind: string, reference: string,
  nameOf: (row: JsonObject) => string): JsonObject | Refusal {
  const exact = rows.find((row) => textOf(row, 'id') === reference);
  if (exact !== undefined) return exact;
  for (const matches of [rows.filter((row) => nameOf(row) === reference),
    rows.filter((row) => reference !== '' && textOf(row, 'id').startsWith(reference))]) {
    if (matches.length === 1) return matches[0]!;
    if (matches.length > 1) {
      return refuse('InvalidParameter', `${kind} ${reference} is ambiguous (${matches.length} matches found)`);
    }
  }
  return refuse('NotFound', `${kind} ${reference} not found`);
}

// Finding a container by what people type: its id, its name with or without slash, or the start of its id.

import { refuse, type Refusal } from '../refusal.js';
import type { ContainerRow, EngineTables } from '../tables.js';

/** The one container that `reference` means; Docker's refusal when it is none or several. */
export function findContainer(tables: EngineTables, reference: string): ContainerRow | Refusal {
  const exact = tables.containers.get(reference);
  if (exact !== undefined) return exact;
  const name = reference.startsWith('/') ? reference.slice(1) : reference;
  const named = containerNamed(tables, name);
  if (named !== undefined) return named;
  const started = reference === '' ? [] : [...tables.containers.values()].filter((row) => row.id.startsWith(reference));
  if (started.length > 1) return refuse('InvalidParameter', `Multiple IDs found with provided prefix: ${reference}`);
  return started[0] ?? refuse('NotFound', `No such container: ${reference}`);
}

/** The container of exactly this name. */
export function containerNamed(tables: EngineTables, name: string): ContainerRow | undefined {
  const id = tables.containersByName.get(name);
  return id === undefined ? undefined : tables.containers.get(id);
}

/** The first twelve digits, as lists and host names show them. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

// Deciding about addresses: take and release.

import type { StoreEvent } from '../events.js';
import type { Decision, DecisionContext } from './decide.js';
import { swarmId } from './identity.js';
import { hostEndpointOwner, type StoreBodies } from './objects.js';
import { isAvailable, nextAddress } from './pool.js';
import { grpcRefusal, neverAttached } from './refusal.js';
import { findNetwork, type StoreTables, type TakenRow } from './tables.js';

export function takeAddress(tables: StoreTables, body: StoreBodies['TakeAddress'], context: DecisionContext): Decision {
  const { owner, wanted } = body;
  const row = findNetwork(tables, body.network);
  if (row === undefined) return { events: [], answer: grpcRefusal('NotFound', `network ${body.network} not found`) };
  const forHost = owner === hostEndpointOwner(row.name);
  if (!forHost && !row.spec.attachable) {
    return { events: [], answer: grpcRefusal('PermissionDenied', `network ${row.name} not manually attachable`) };
  }
  const held = heldBy(row.taken.values(), owner, context.host);
  // The host gave up on an earlier request, or lost its answer: it must not hold a second address for one endpoint.
  if (held !== undefined && (wanted === null || wanted === held.address)) {
    const again: StoreEvent = { type: 'StoreAddressTaken', network: row.id, address: held.address, owner,
      host: context.host,
      task: held.task, serial: false, request: context.request, swarm: false };
    return { events: [again], answer: { ok: true, value: { address: held.address } } };
  }
  const address = wanted === null ? nextAddress(row) : wanted;
  if (address === undefined || !isAvailable(row, address)) {
    return { events: [], answer: neverAttached(wanted === null
      ? `no available IPv4 addresses on network ${row.id}` : `address wanted on network ${row.id} is not available`) };
  }
  const events: StoreEvent[] = [];
  if (held !== undefined) events.push({ type: 'StoreAddressReleased', network: row.id, address: held.address });
  const task = forHost ? '' : swarmId(context.newId, 'task');
  events.push({ type: 'StoreAddressTaken', network: row.id, address, owner, host: context.host, task,
    serial: wanted === null,
    request: context.request, swarm: false });
  return { events, answer: { ok: true, value: { address } } };
}

/**
 * What is free already, another host's, or was taken again since it was asked, is left alone: a release may come late.
 */
export function releaseAddress(tables: StoreTables, body: StoreBodies['ReleaseAddress'],
  context: DecisionContext): Decision {
  const row = findNetwork(tables, body.network);
  const taken = row?.taken.get(body.address);
  const events: StoreEvent[] = [];
  if (row !== undefined && taken !== undefined && taken.host === context.host && !taken.swarm
    && taken.request < context.request) {
    events.push({ type: 'StoreAddressReleased', network: row.id, address: body.address });
  }
  return { events, answer: { ok: true, value: null } };
}

function heldBy(rows: Iterable<TakenRow>, owner: string, host: number): TakenRow | undefined {
  for (const row of rows) if (row.owner === owner && row.host === host) return row;
  return undefined;
}

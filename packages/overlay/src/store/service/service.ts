// Deciding about services: create, update, remove, list. What follows for tasks is the orchestrator's.

import { unreachable, type Json } from '@netreel/sim';
import type { StoreEvent } from '../../events.js';
import type { Decision, DecisionContext } from '../decide.js';
import { swarmId } from '../identity.js';
import type { StoreBodies, StoreRefusal } from '../objects.js';
import { grpcRefusal } from '../refusal.js';
import type { JsonTable, ServiceRow } from '../swarm-objects.js';
import { findNetwork, predefinedNetwork, type StoreTables } from '../tables.js';
import { endpointModeOf, networksOf, portsOf, tableAt, taskTemplate, textAt } from './spec.js';

const NAME_LENGTH_MAX = 63;

export function createService(tables: StoreTables, body: StoreBodies['CreateService'],
  context: DecisionContext): Decision {
  const { spec } = body;
  const flaw = flawOf(tables, spec, undefined);
  if (flaw !== undefined) return { events: [], answer: flaw };
  const id = swarmId(context.newId, 'service');
  const event: StoreEvent = { type: 'StoreServiceCreated', id, name: textAt(spec, 'Name'), spec: spec as Json,
    at: context.now };
  return { events: [event], answer: { ok: true, value: id } };
}

/** `rollback`: `previous` takes the place of what is there; `server` does so by itself. */
export function updateService(tables: StoreTables, body: StoreBodies['UpdateService'],
  context: DecisionContext): Decision {
  const row = tables.services.get(body.service);
  if (row === undefined) return refused(grpcRefusal('NotFound', `service ${body.service} not found`));
  if (body.version !== row.version) return refused(grpcRefusal('InvalidArgument', 'update out of sequence'));
  if (body.rollback && row.previous === null) {
    return refused(grpcRefusal('FailedPrecondition', `service ${row.id} does not have a previous spec`));
  }
  const spec = body.rollback ? row.previous! : body.spec;
  const flaw = flawOf(tables, spec, row);
  if (flaw !== undefined) return refused(flaw);
  if (modeOf(spec) !== modeOf(row.spec)) {
    return refused(grpcRefusal('InvalidArgument', 'service mode change is not allowed'));
  }
  const events: StoreEvent[] = [{ type: 'StoreServiceUpdated', id: row.id, spec: spec as Json,
    previous: body.rollback ? null : row.spec as Json, at: context.now }];
  events.push({ type: 'StoreServiceProgressed', id: row.id, at: context.now, status: body.rollback
    ? { State: 'rollback_started', Message: 'manually requested rollback', StartedAt: context.now } : null });
  return { events, answer: { ok: true, value: null } };
}

export function removeService(tables: StoreTables, body: StoreBodies['RemoveService']): Decision {
  const row = tables.services.get(body.service);
  if (row === undefined) return refused(grpcRefusal('NotFound', `service ${body.service} not found`));
  return { events: [{ type: 'StoreServiceRemoved', id: row.id }], answer: { ok: true, value: null } };
}

export function listServices(tables: StoreTables): Decision {
  return { events: [], answer: { ok: true, value: [...tables.services.values()] as unknown as Json } };
}

export function listTasks(tables: StoreTables): Decision {
  return { events: [], answer: { ok: true, value: [...tables.tasks.values()] as unknown as Json } };
}

function refused(answer: StoreRefusal): Decision {
  return { events: [], answer };
}

function modeOf(spec: JsonTable): string {
  return Object.keys(tableAt(spec, 'Mode'))[0] ?? 'Replicated';
}

/** `before`: the service that the spec is to be of; undefined for a new one. */
function flawOf(tables: StoreTables, spec: JsonTable, before: ServiceRow | undefined): StoreRefusal | undefined {
  const name = textAt(spec, 'Name');
  if (name === '') return grpcRefusal('InvalidArgument', 'meta: name must be provided');
  if (name.length > NAME_LENGTH_MAX) {
    return grpcRefusal('InvalidArgument', `name must be ${NAME_LENGTH_MAX} characters or fewer`);
  }
  if (!/^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/.test(name)) {
    return grpcRefusal('InvalidArgument', 'name must be valid as a DNS name component');
  }
  if (before !== undefined && before.name !== name) {
    return grpcRefusal('InvalidArgument', 'renaming services is not supported');
  }
  if (textAt(tableAt(taskTemplate(spec), 'ContainerSpec'), 'Image') === '') {
    return grpcRefusal('InvalidArgument', 'ContainerSpec: image reference must be provided');
  }
  return networkFlaw(tables, spec) ?? portFlaw(tables, spec, before) ?? nameFlaw(tables, name, before);
}

function nameFlaw(tables: StoreTables, name: string, before: ServiceRow | undefined): StoreRefusal | undefined {
  if (before !== undefined) return undefined;
  const taken = [...tables.services.values()].some((row) => row.name.toLowerCase() === name.toLowerCase());
  return taken ? grpcRefusal('AlreadyExists',
    `name conflicts with an existing object: service ${name} already exists`) : undefined;
}

function networkFlaw(tables: StoreTables, spec: JsonTable): StoreRefusal | undefined {
  for (const { target } of networksOf(spec)) {
    if (predefinedNetwork(tables, target) !== undefined) continue;
    const row = findNetwork(tables, target);
    if (row === undefined) return grpcRefusal('InvalidArgument', `network ${target} not found`);
    if (row.ingress) {
      return grpcRefusal('InvalidArgument',
        `Service cannot be explicitly attached to the ingress network "${row.name}"`);
    }
  }
  return undefined;
}

function portFlaw(tables: StoreTables, spec: JsonTable, before: ServiceRow | undefined): StoreRefusal | undefined {
  const ports = portsOf(spec);
  const dnsrr = endpointModeOf(spec) === 'dnsrr';
  const seen = new Set<string>();
  for (const { protocol, target, published, mode } of ports) {
    if (dnsrr && mode === 'ingress') {
      return grpcRefusal('InvalidArgument',
        'EndpointSpec: port published with ingress mode can\'t be used with dnsrr mode');
    }
    const key = `${protocol}/${published}/${mode === 'host' ? target : ''}`;
    if (published !== 0 && seen.has(key)) {
      return grpcRefusal('InvalidArgument', 'EndpointSpec: duplicate published ports provided');
    }
    seen.add(key);
  }
  for (const row of tables.services.values()) {
    if (row === before) continue;
    for (const held of heldPorts(row)) {
      const mine = ports.find((port) => port.published !== 0 && port.published === held.published
        && port.protocol === held.protocol);
      if (mine === undefined || (mine.mode === 'host' && held.mode === 'host')) continue;
      switch (held.mode) {
        case 'ingress':
          return grpcRefusal('InvalidArgument',
            `port '${held.published}' is already in use by service '${row.name}' (${row.id}) as an ingress port`);
        case 'host':
          return grpcRefusal('InvalidArgument',
            `port '${held.published}' is already in use by service '${row.name}' (${row.id}) as a host-published port`);
        default:
          return unreachable(held.mode);
      }
    }
  }
  return undefined;
}

/** What a service holds, or will once it is allocated. */
function heldPorts(row: ServiceRow): ReturnType<typeof portsOf> {
  return row.endpoint?.ports ?? portsOf(row.spec);
}

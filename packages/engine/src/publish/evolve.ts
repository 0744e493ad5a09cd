// What published ports do to the tables.

import { unreachable } from '@netreel/sim';
import type { PublishEvent } from '../evolve.js';
import type { EngineTables } from '../tables.js';
import { portSpace, rangeKey } from './host-port.js';
import type { PublishedPort } from './publish.js';

export function evolvePublished(tables: EngineTables, event: PublishEvent): void {
  switch (event.type) {
    case 'HostPortTaken': {
      const { address, protocol, port, first, last } = event;
      const space = portSpace(address, protocol);
      const taken = tables.hostPorts.get(space);
      if (taken === undefined) tables.hostPorts.set(space, new Set([port]));
      else taken.add(port);
      if (last !== 0) tables.lastHostPorts.set(rangeKey(address, protocol, { first, last }), port);
      return;
    }
    case 'HostPortReleased':
      return release(tables, event.address, event.protocol, event.port);
    case 'PortsPublished': {
      const endpoint = tables.endpoints.get(event.endpoint);
      if (endpoint === undefined) return;
      endpoint.exposed = event.exposed;
      endpoint.published = event.ports as unknown as readonly PublishedPort[];
      return;
    }
    case 'PortsWithdrawn': {
      const endpoint = tables.endpoints.get(event.endpoint);
      if (endpoint === undefined) return;
      for (const { hostAddress, protocol, hostPort } of endpoint.published) {
        release(tables, hostAddress, protocol, hostPort);
      }
      endpoint.published = [];
      return;
    }
    default:
      return unreachable(event);
  }
}

function release(tables: EngineTables, address: string, protocol: string, port: number): void {
  const space = portSpace(address, protocol);
  const taken = tables.hostPorts.get(space);
  if (taken === undefined || !taken.delete(port) || taken.size > 0) return;
  tables.hostPorts.delete(space);
}

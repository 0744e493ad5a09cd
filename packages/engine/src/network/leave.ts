// An endpoint goes, and its address with it.

import type { EngineCore } from '../core.js';
import type { EndpointRow } from '../tables.js';
import { forgetUnused, giveBack } from './overlay.js';

/** Takes an endpoint away and its address back. */
export function releaseEndpoint(core: EngineCore, endpoint: EndpointRow): void {
  const { id, container, network, address } = endpoint;
  core.emit({ type: 'EndpointLeft', id, container, network });
  core.emit({ type: 'AddressReleased', network, address });
  if (core.tables.networks.get(network)?.driver === 'overlay') giveBack(core, network, address);
  forgetUnused(core, network);
}

// A container's sandbox as Linux sees it: a network namespace with a loopback, and the default route that Docker chose.

import type { EngineEvent } from '@netreel/engine';
import type { Kernel } from '@netreel/kernel';
import { linkOf, made } from './links.js';

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

export class SandboxDriver {
  constructor(private readonly kernel: Kernel) {}

  created({ netns, shared }: Of<'SandboxCreated'>): void {
    if (shared) return;
    made(this.kernel.addNetns(netns));
    made(this.kernel.setUp(linkOf(this.kernel, netns, 'lo')));
  }

  removed({ netns, shared }: Of<'SandboxRemoved'>): void {
    if (!shared) this.kernel.deleteNetns(netns);
  }

  /** The default route of `netns` goes through `gateway` from now on; 0 takes it away. */
  gatewayChosen(netns: string, gateway: number): void {
    const namespace = this.kernel.tables.netns.get(netns);
    if (namespace === undefined) return;
    for (const route of namespace.routes.filter((each) => each.prefix === 0)) {
      this.kernel.deleteRoute(
        { netns, destination: 0, prefix: 0, gateway: route.gateway, link: route.link, metric: route.metric });
    }
    if (gateway === 0) return;
    const direct =
      namespace.routes.find((route) => route.gateway === 0 && covers(route.destination, route.prefix, gateway));
    if (direct === undefined) return;
    this.kernel.addRoute({ netns, destination: 0, prefix: 0, gateway, link: direct.link });
  }
}

function covers(network: number, prefix: number, address: number): boolean {
  if (prefix === 0) return false;
  const shift = 32 - prefix;
  return network >>> shift === address >>> shift;
}

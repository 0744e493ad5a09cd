// The name server inside each container on a user-defined network: 127.0.0.11, answered from the engine's tables,
// everything else asked of the host's own name server.

import type { Engine } from '@netreel/engine';
import type { Kernel } from '@netreel/kernel';
import { EmbeddedDns } from '@netreel/programs';
import { type Machine, assert } from '@netreel/sim';
import { HOST_NETNS } from './bridge.js';

/** 127.0.0.11 */
export const EMBEDDED_DNS = 0x7f00000b;
const DNS_PORT = 53;

export class NameServers {
  private readonly servers = new Map<string, EmbeddedDns>();

  constructor(private readonly kernel: Kernel, private readonly machine: Machine, private readonly engine: Engine) {}

  /** The container has its first endpoint on a user-defined network; later ones change nothing. */
  opened(container: string, netns: string): void {
    if (this.servers.has(container)) return;
    const sockets = this.kernel.sockets(netns);
    const socket = sockets.udp();
    const listener = sockets.tcpListener();
    const refused = socket.bind(EMBEDDED_DNS, DNS_PORT) ?? listener.bind(EMBEDDED_DNS, DNS_PORT);
    assert(refused === undefined, `the embedded name server of ${container} found its port taken: ${refused}`);
    const { machine } = this;
    this.servers.set(container, new EmbeddedDns({
      socket, listener,
      names: {
        resolve: (name) => this.engine.resolveName(container, name),
        reverse: (address) => this.engine.reverse(container, address),
      },
      upstreams: this.engine.nameServers(container),
      openUpstream: () => this.kernel.sockets(HOST_NETNS).udp(),
      now: () => machine.now(),
      schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
      cancel: (ticket) => machine.cancel(ticket),
      random: machine.random(`dns/${container}`),
    }));
  }

  closed(container: string): void {
    this.servers.get(container)?.close();
    this.servers.delete(container);
  }
}

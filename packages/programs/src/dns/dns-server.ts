// A plain name server with a table of its own: the router's.

import type { UdpSocket } from '@netreel/kernel';
import type { Ipv4 } from '@netreel/wire';
import { DnsListener, type ListenerPort } from './listener.js';

const TTL_SECONDS = 60;

export interface DnsServerOptions extends ListenerPort {
  /** Bound to port 53. */
  readonly socket: UdpSocket;
  /** Addresses by name in lower case; every other name does not exist. */
  readonly zone: ReadonlyMap<string, Ipv4>;
}

export class DnsServer {
  private readonly listener: DnsListener;

  constructor(options: DnsServerOptions) {
    this.listener = new DnsListener(options, options.socket, (query) => {
      const address = options.zone.get(query.name);
      if (address === undefined) this.listener.reply(query, 'NXDOMAIN', []);
      else this.listener.reply(query, 'NOERROR',
        query.question.type === 'A' ? [{ type: 'A', name: query.question.name, ttlSeconds: TTL_SECONDS, address }]
          : []);
    });
  }

  close(): void {
    this.listener.close();
  }
}

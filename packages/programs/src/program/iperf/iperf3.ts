// iperf3: how much goes through, over TCP or UDP. Texts of iperf3 3.12.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { client } from './client.js';
import { iperfOptions } from './options.js';
import { server } from './server.js';

export function* iperf3(sys: Sys, argv: readonly string[]): Operation<number> {
  const options = iperfOptions(sys, argv);
  if (typeof options === 'number') return options;
  return options.host === undefined ? yield* server(sys, options) : yield* client(sys, options);
}

// What the conductor and the node processes tell each other. They decide when a window is run, never what happens in
// it, so nothing of this is history. Numbers 350 to 399.

import { defineRecords, type RecordOf } from '@netreel/sim';
import { createCodec, type Codec } from './codec.js';

export const controlMessages = defineRecords({
  /**
   * Node process: "I am up and live these nodes"; repeated until the conductor speaks. `commits`: how many of each are
   * durable.
   */
  Hello: { number: 350, fields: { process: 'text', nodes: 'texts', commits: 'ints' } },
  /**
   * Conductor: run [from, until). `expected`: how many envelopes each source (by index) has sent this node so far, all
   * of which must be there before the window starts. `inputs`: what is admitted from outside.
   */
  Grant: {
    number: 353,
    fields: { node: 'text', window: 'int', from: 'ns', until: 'ns', expected: 'ints', inputs: 'json' },
  },
  /**
   * Node: the window was run and its commit (`commits` so far, the last with link `chain`) is durable. `sent`:
   * envelopes to each target so far; `arrivals`: when the first one of this window reaches each target, 0 for none.
   */
  Done: {
    number: 354,
    fields: { node: 'text', window: 'int', nextAt: 'ns', sent: 'ints', records: 'int', commits: 'int', chain: 'text',
      answers: 'json', arrivals: 'ints', frames: 'int' },
  },
  /** Conductor: the run is over, for `reason`. */
  Stop: { number: 358, fields: { reason: 'text' } },
});

export type ControlMessage = RecordOf<typeof controlMessages>;

/** The codec of {@link controlMessages}. */
export const controlCodec: Codec = createCodec([controlMessages]);

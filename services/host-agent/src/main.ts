// One or more simulated hosts in a process: recovers them from the journal, then lives the windows that the conductor
// grants.

import { NodeMaker } from '@netreel/host';
import { historyCodec } from '@netreel/protocol';
import { serveNodes } from '@netreel/runtime';
import { loadConfig } from './config.js';

const maker = new NodeMaker();

void serveNodes('host-agent', loadConfig, {
  become: (machine) => { maker.become(machine); },
  release: (envelope) => maker.release(envelope),
}, historyCodec);

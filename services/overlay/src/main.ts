// What spans hosts, in a process of its own: the coordinator, and the router that hosts reach the outside through.

import { NodeMaker } from '@netreel/host';
import { historyCodec } from '@netreel/protocol';
import { serveNodes } from '@netreel/runtime';
import { loadConfig } from './config.js';

const maker = new NodeMaker();

void serveNodes('overlay', loadConfig, {
  become: (machine) => { maker.become(machine); },
  release: (envelope) => maker.release(envelope),
}, historyCodec);

// One node of the windows bench in a process of its own: node-process.mjs REDIS NATS COUNT NODE.

import { historyCodec } from '../../../packages/protocol/dist/index.js';
import { natsBus, redisJournal, runNodes } from '../../../packages/runtime/dist/index.js';
import { littleFactory, littleLab } from './little-node.mjs';

const [redisUrl, natsUrl, count, node] = process.argv.slice(2);
// Whoever started us holds our standard input: when it is gone, so are we.
process.stdin.on('end', () => process.exit(1)).on('error', () => undefined).resume();
const journal = redisJournal(redisUrl);
const bus = await natsBus(natsUrl);
await runNodes(
  { run: 'bench', lab: littleLab(Number(count)), nodes: [node], factory: littleFactory, codec: historyCodec, journal,
    bus, name: node });
await bus.close();
await journal.close();
process.exit(0);

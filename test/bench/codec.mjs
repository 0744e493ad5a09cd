// Microseconds an event costs to write and to read, in commits of several sizes. Prints one JSON row a line.
// Run after `pnpm build`: node test/bench/codec.mjs

import { createRequire } from 'node:module';
import { commitsOfEvents } from './history.mjs';

const require = createRequire(import.meta.url);
const { historyCodec } = require('../../packages/protocol/dist/index.js');

const EVENTS = 200_000;

for (const perCommit of [1, 10, 100, 1_000]) {
  const commits = commitsOfEvents(EVENTS, perCommit);
  let encoded = [];
  const best = { encode: Infinity, decode: Infinity };
  for (let round = 0; round < 5; round++) {
    let start = performance.now() * 1000;
    encoded = commits.map((commit) => historyCodec.encodeCommit(commit));
    best.encode = Math.min(best.encode, performance.now() * 1000 - start);
    start = performance.now() * 1000;
    let events = 0;
    for (const bytes of encoded) events += historyCodec.decodeCommit(bytes).commit.records.length;
    best.decode = Math.min(best.decode, performance.now() * 1000 - start);
    if (events !== EVENTS) throw new Error(`read ${events} of ${EVENTS} events`);
  }
  const bytes = encoded.reduce((sum, one) => sum + one.length, 0);
  console.log(JSON.stringify({ bench: 'codec', perCommit, encodeUs: +(best.encode / EVENTS).toFixed(3),
    decodeUs: +(best.decode / EVENTS).toFixed(3), bytesPerEvent: +(bytes / EVENTS).toFixed(1) }));
}

// Microseconds an event costs to write and to read, in commits of several sizes, and a frame that crosses to another
// host.

import { historyCodec } from '../../../packages/protocol/dist/index.js';
import { commitsOfEvents, commitsOfFrames } from '../lab/history.mjs';
import { measure } from '../measure.mjs';

const SHAPES = {
  'events, 1 a commit': (count) => commitsOfEvents(count, 1),
  'events, 10 a commit': (count) => commitsOfEvents(count, 10),
  'events, 100 a commit': (count) => commitsOfEvents(count, 100),
  'frames of 156 B, 40 a commit': (count) => commitsOfFrames(count, 40, 156),
  'frames of 1492 B, 40 a commit': (count) => commitsOfFrames(count, 40, 1492),
};

export const variants = Object.keys(SHAPES);

function encode(commits) {
  return commits.map((commit) => historyCodec.encodeCommit(commit));
}

function decode(encoded) {
  let records = 0;
  for (const bytes of encoded) {
    const decoded = historyCodec.decodeCommit(bytes);
    if (!decoded.ok) throw new Error(decoded.flaw);
    records += decoded.commit.records.length;
  }
  return records;
}

export function run(variant, { quick }) {
  const count = quick ? 50_000 : 200_000;
  const rounds = quick ? 2 : 5;
  const commits = SHAPES[variant](count);
  decode(encode(commits));
  let encodeUs = 0;
  let decodeUs = 0;
  let encoded = [];
  for (let round = 0; round < rounds; round++) {
    const written = measure(() => encode(commits));
    encoded = written.result;
    const read = measure(() => decode(encoded));
    if (read.result !== count) throw new Error(`read ${read.result} of ${count} records`);
    encodeUs += written.cpuUs;
    decodeUs += read.cpuUs;
  }
  const bytes = encoded.reduce((sum, one) => sum + one.length, 0);
  return { encodeCpuUs: encodeUs / rounds / count, decodeCpuUs: decodeUs / rounds / count, bytesEach: bytes / count };
}

// The agenda alone: one entry out, one in, with a steady number pending (the "hold" model).

import { Agenda, RANK, RandomStream } from '../../../packages/sim/dist/index.js';
import { measure } from '../measure.mjs';

const PENDING = { '1,000 pending': 1_000, '100,000 pending': 100_000 };
const SPREAD_NS = 1_000_000;

export const variants = Object.keys(PENDING);

export function run(variant, { quick }) {
  const pending = PENDING[variant];
  const count = quick ? 500_000 : 5_000_000;
  const agenda = new Agenda();
  const random = new RandomStream(7, 'agenda');
  // Drawn beforehand: the draws are not what is measured.
  const waits = Float64Array.from({ length: 65_536 }, () => random.below(SPREAD_NS));
  const handler = { fire: () => undefined };
  let sequence = 0;
  for (let entry = 0; entry < pending; entry++) agenda.push(waits[entry & 65_535], RANK.timer, 1, sequence++, handler,
    undefined, 1, 0);
  const turn = (turns) => {
    for (let step = 0; step < turns; step++) {
      agenda.pop(Number.MAX_SAFE_INTEGER);
      agenda.push(agenda.at + waits[step & 65_535], RANK.timer, 1, sequence++, agenda.handler, undefined, 1, 0);
    }
  };
  turn(count / 5);
  const { cpuUs } = measure(() => turn(count));
  return { cpuUsPerPair: cpuUs / count, pairsPerCpuSecond: count / cpuUs * 1e6 };
}

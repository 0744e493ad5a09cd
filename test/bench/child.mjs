// One repeat of one case, in a process of its own: a clean heap, and CPU time that is nobody else's.
// node --expose-gc child.mjs CASE VARIANT [--quick]; prints one JSON line.

import { calibrate } from './calibration.mjs';

const [name, variant, ...flags] = process.argv.slice(2);
const { run } = await import(`./cases/${name}.mjs`);
const calibration = calibrate();
const measured = await run(variant, { quick: flags.includes('--quick') });
process.stdout.write(`${JSON.stringify({ calibration, measured })}\n`);

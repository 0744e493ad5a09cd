// All benches, or some: each repeat in a process of its own, one row of JSON for each variant as it is measured, a
// table in the end. `pnpm bench [--only NAME] [--quick] [--repeats N] [--record]`; README.md says what the rows mean.

import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { spread } from './measure.mjs';

/** In the order in which they run. */
const CASES = ['udp-bridge', 'udp-tunnel', 'udp-nat', 'tcp-bulk', 'tcp-connections', 'agenda', 'codec', 'frames',
  'journal', 'seek', 'windows-nats', 'containers', 'yardstick'];
const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const HISTORY = fileURLToPath(new URL('history.jsonl', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REPEAT_LIMIT_MS = 300_000;

function options(words) {
  const chosen = { only: [], quick: false, record: false, repeats: 3 };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === '--quick') chosen.quick = true;
    else if (word === '--record') chosen.record = true;
    else if (word === '--only' && CASES.includes(words[at + 1])) chosen.only.push(words[++at]);
    else if (word === '--repeats' && Number(words[at + 1]) >= 1) chosen.repeats = Number(words[++at]);
    else if (word !== '--') {
      process.stderr.write(`bench: ${word} ${words[at + 1] ?? ''}\n`
        + `usage: pnpm bench [--only NAME] [--quick] [--repeats N] [--record]; names: ${CASES.join(', ')}\n`);
      process.exit(2);
    }
  }
  return chosen;
}

/** One repeat; a note instead of figures when the case cannot run here. */
function repeat(name, variant, quick) {
  const child = spawnSync(process.execPath, ['--expose-gc', CHILD, name, variant, ...(quick ? ['--quick'] : [])],
    { encoding: 'utf8', timeout: REPEAT_LIMIT_MS, maxBuffer: 1 << 24, stdio: ['ignore', 'pipe', 'pipe'] });
  const line = child.stdout?.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0 || line === '') {
    const words = (child.stderr ?? '').trim().split('\n').filter((text) => /^(\w*Error\b.*|bench): /.test(text));
    return { failed: words[0] ?? `ended with ${child.signal ?? child.status}` };
  }
  return JSON.parse(line);
}

function round(value) {
  return Number(value.toPrecision(4));
}

function rounded(values) {
  const { median, least, greatest } = spread(values);
  return { median: round(median), least: round(least), greatest: round(greatest) };
}

/** One row out of the repeats of one variant. */
function rowOf(name, variant, note, repeats) {
  const failed = repeats.find((one) => one.failed !== undefined);
  if (failed !== undefined) return { bench: name, variant, failed: failed.failed };
  const skipped = repeats.find((one) => one.measured.skipped !== undefined);
  if (skipped !== undefined) return { bench: name, variant, skipped: skipped.measured.skipped };
  const metrics = {};
  for (const key of Object.keys(repeats[0].measured)) metrics[key] = rounded(repeats.map((one) => one.measured[key]));
  return { bench: name, variant, metrics, repeats: repeats.length,
    calibrationStepNs: rounded(repeats.map((one) => one.calibration.stepNs)).median,
    coreShare: rounded(repeats.map((one) => one.calibration.share)).median, ...(note === undefined ? {} : { note }) };
}

function table(rows) {
  const lines = [];
  for (const row of rows) {
    const head = `${row.bench} ${row.variant}`;
    if (row.metrics === undefined) {
      lines.push([head, row.failed === undefined ? 'skipped' : 'FAILED', '', row.skipped ?? row.failed]);
      continue;
    }
    let first = true;
    for (const [key, { median, least, greatest }] of Object.entries(row.metrics)) {
      lines.push([first ? head : '', key, String(median), `${least}..${greatest}`]);
      first = false;
    }
  }
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map(([a, b, c, d]) =>
    `${a.padEnd(widths[0])}  ${b.padEnd(widths[1])}  ${c.padStart(widths[2])}  ${d}`).join('\n');
}

const { only, quick, record, repeats } = options(process.argv.slice(2));
const rows = [];
for (const name of only.length > 0 ? only : CASES) {
  const { variants, notes = {} } = await import(`./cases/${name}.mjs`);
  const measured = new Map(variants.map((variant) => [variant, []]));
  // Variants take turns, so that a busy minute of the machine does not fall on one of them alone.
  for (let round = 0; round < repeats; round++) {
    for (const variant of variants) {
      const sofar = measured.get(variant);
      if (sofar.some((one) => one.failed !== undefined || one.measured.skipped !== undefined)) continue;
      sofar.push(repeat(name, variant, quick));
    }
  }
  for (const variant of variants) {
    const row = rowOf(name, variant, notes[variant], measured.get(variant));
    rows.push(row);
    process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
process.stdout.write(`\n${table(rows)}\n`);
if (record) {
  const asked = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' });
  const entry = { date: new Date().toISOString(), commit: asked.stdout?.trim() ?? '', node: process.version,
    processor: cpus()[0]?.model ?? '', quick, rows };
  appendFileSync(HISTORY, `${JSON.stringify(entry)}\n`);
}
if (rows.some((row) => row.failed !== undefined)) process.exitCode = 1;

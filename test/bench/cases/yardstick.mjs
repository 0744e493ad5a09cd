// Debian's ns-3 and this simulation on the same traffic, in turn on the same machine: the ratio is what counts.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from '../measure.mjs';

const SOURCE = fileURLToPath(new URL('../yardstick/ns3-udp.cc', import.meta.url));
const CHILD = fileURLToPath(new URL('../child.mjs', import.meta.url));
const LIBRARIES = /^lib(ns3[\w.]*-(?:core|csma|bridge|internet|network|point-to-point|virtual-net-device))\.so$/;
const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'];
const OPTIMISED_IS_FASTER = 1.6;

const PAIRS = {
  'one bridge': { mode: 'bridge', ours: ['udp-bridge', 'table events recorded'] },
  'two hosts, tunnel': { mode: 'tunnel', ours: ['udp-tunnel', '64 B, table events recorded'] },
};

export const variants = Object.keys(PAIRS);
export const notes = Object.fromEntries(variants.map((variant) => [variant,
  'CPU us a delivered datagram of 64 B, recording on, pairs run in turn. Debian builds ns-3 with its logs compiled in:'
    + ` an optimised build of the same source is about ${OPTIMISED_IS_FASTER} times faster`
    + ' (measured elsewhere), which timesOptimised allows for']));

function output(command, words) {
  const child = spawnSync(command, words, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${command}: ${child.stderr ?? child.error}`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1));
}

function compile(folder) {
  const libraries = LIBRARY_FOLDERS.filter((path) => existsSync(path)).flatMap((path) => readdirSync(path))
    .map((name) => LIBRARIES.exec(name)?.[1]).filter((name) => name !== undefined);
  if (libraries.length < 7) return 'there is no libns3-dev on this machine';
  const program = join(folder, 'ns3-udp');
  const built = spawnSync('g++', ['-O3', '-std=c++17', SOURCE, '-o', program, ...libraries.map((name) => `-l${name}`)],
    { encoding: 'utf8' });
  return built.status === 0 ? undefined : `ns3-udp.cc does not compile: ${built.stderr ?? built.error}`;
}

export function run(variant, { quick }) {
  const { mode, ours } = PAIRS[variant];
  const folder = mkdtempSync(join(tmpdir(), 'netreel-bench-'));
  try {
    const skipped = compile(folder);
    if (skipped !== undefined) return { skipped };
    const theirs = [];
    const own = [];
    for (let pair = 0; pair < (quick ? 1 : 2); pair++) {
      theirs.push(output(join(folder, 'ns3-udp'), [mode, quick ? '100000' : '400000']).cpuUsPerPacket);
      const { measured } = output(process.execPath, ['--expose-gc', CHILD, ...ours, ...(quick ? ['--quick'] : [])]);
      own.push(measured.cpuUsPerPacket);
    }
    const timesDebian = spread(theirs.map((us, pair) => us / own[pair])).median;
    return { ns3CpuUs: spread(theirs).median, ourCpuUs: spread(own).median, timesDebian,
      timesOptimised: timesDebian / OPTIMISED_IS_FASTER };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

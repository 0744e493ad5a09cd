// How fast this machine's own TCP is over a path of 20 ms there and back with losses. goodput.json keeps what it finds;
// README.md says how it is done. Usage: node test/linux/measure.mjs [--record | --check]

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { Namespaces, PYTHON, beside, run, whatLacks } from './namespaces.mjs';

const DATA = beside('goodput.json');
const ONE_WAY_US = 10_000;
const PORT = 5000;
/** Loss in ten thousandths; how much of each transfer is not looked at, and how much is; how many there are. */
const CASES = [
  { lostOf10000: 10, skippedBytes: 20_000_000, countedBytes: 40_000_000, times: 20 },
  { lostOf10000: 100, skippedBytes: 2_000_000, countedBytes: 8_000_000, times: 30 },
  { lostOf10000: 500, skippedBytes: 400_000, countedBytes: 2_000_000, times: 40 },
];
/** Twice the same machine differs by less, and other kernels' habits show. */
const CHECK_TIMES = 5;
const CHECK_RATIO = 1.4;

/** One end: its TAP, its address, and the rule that loses. Linux's own defaults where this machine has others. */
function dress(netns, device, address, lostOf10000) {
  run('ip', '-n', netns, 'link', 'set', device, 'txqueuelen', '20000');
  run('ip', '-n', netns, 'addr', 'add', `${address}/24`, 'dev', device);
  run('ip', '-n', netns, 'link', 'set', device, 'up');
  run('ip', 'netns', 'exec', netns, 'sysctl', '-qw', 'net.ipv4.tcp_rmem=4096 131072 6291456',
    'net.ipv4.tcp_no_metrics_save=1');
  const nft = (...words) => run('ip', 'netns', 'exec', netns, 'nft', ...words);
  nft('add', 'table', 'ip', 'path');
  nft('add', 'chain', 'ip', 'path', 'in', '{ type filter hook prerouting priority -300; }');
  nft('add', 'rule', 'ip', 'path', 'in', 'ip', 'protocol', 'tcp', 'numgen', 'random', 'mod', '10000', 'lt',
    String(lostOf10000), 'drop');
}

async function measure({ lostOf10000, skippedBytes, countedBytes, times }) {
  const namespaces = new Namespaces();
  try {
    const middle = namespaces.add('m');
    const left = namespaces.add('l');
    const right = namespaces.add('r');
    const relay = await namespaces.start(middle, PYTHON, beside('relay.py'), 'left', 'right', String(ONE_WAY_US));
    run('ip', '-n', middle, 'link', 'set', 'left', 'netns', left);
    run('ip', '-n', middle, 'link', 'set', 'right', 'netns', right);
    dress(left, 'left', '10.9.0.1', lostOf10000);
    dress(right, 'right', '10.9.0.2', lostOf10000);
    const receiver = await namespaces.start(right, PYTHON, beside('transfer.py'), 'receive', String(PORT),
      String(skippedBytes));
    const words = ['netns', 'exec', left, PYTHON, beside('transfer.py'), 'send', '10.9.0.2', PORT,
      skippedBytes + countedBytes, times];
    const sender = spawn('ip', words.map(String), { stdio: 'inherit' });
    const code = await new Promise((resolve) => { sender.once('exit', resolve); });
    if (code !== 0) throw new Error(`the sender ended with ${code}`);
    const dropped = run('ip', '-n', left, '-s', '-j', 'link', 'show', 'left');
    relay.kill('SIGTERM');
    await relay.ended;
    const { frames, meanLateUs } = JSON.parse(relay.lines.at(-1));
    return { lostOf10000, skippedBytes, countedBytes, relay: { frames, meanLateUs },
      dropsAtDevice: JSON.parse(dropped)[0].stats64.tx.dropped, us: receiver.lines.map(Number) };
  } finally {
    await namespaces.remove();
  }
}

function goodput({ countedBytes, us }) {
  return us.length * countedBytes / us.reduce((sum, each) => sum + each, 0);
}

/** A list of numbers, ten on a line. */
function lines(list) {
  const words = JSON.parse(list);
  const rows = [];
  for (let at = 0; at < words.length; at += 10) rows.push(`    ${words.slice(at, at + 10).join(', ')}`);
  return `[\n${rows.join(',\n')}\n   ]`;
}

const lacks = whatLacks();
if (lacks !== undefined) {
  console.log(`skipped: ${lacks}`);
  process.exit(0);
}
const checking = process.argv.includes('--check');
const kept = checking ? JSON.parse(readFileSync(DATA, 'utf8')) : undefined;
const rows = [];
for (const wanted of CASES) {
  const row = await measure(checking ? { ...wanted, times: CHECK_TIMES } : wanted);
  rows.push(row);
  const before = kept?.rows.find((one) => one.lostOf10000 === row.lostOf10000);
  const ratio = before === undefined ? 1 : goodput(row) / goodput(before);
  console.log(`${row.lostOf10000 / 100} % lost: ${goodput(row).toFixed(3)} MB/s, relay ${row.relay.meanLateUs} us late`
    + (before === undefined ? '' : `, ${ratio.toFixed(2)} times what is kept`));
  if (ratio > CHECK_RATIO || ratio < 1 / CHECK_RATIO) process.exitCode = 1;
}
if (process.argv.includes('--record')) {
  const data = { kernel: release(), measured: new Date().toISOString().slice(0, 10), congestionControl: 'cubic',
    roundTripUs: 2 * ONE_WAY_US, rows };
  const text = JSON.stringify(data, undefined, 1).replace(/\[[\d\s,]+\]/g, lines);
  writeFileSync(DATA, `${text}\n`);
}

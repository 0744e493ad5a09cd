import { PURE_ROOMS, checkPurity } from './purity.js';
import { expectNone, files, isCode, isTest, sourceOf } from './tree.js';

describe('pure rooms', () => {
  it.each(PURE_ROOMS)('%s knows no clock, no chance, no I/O, no async', (room) => {
    const sources = files.filter((path) => path.startsWith(`packages/${room}/src/`) && isCode(path) && !isTest(path));
    expect(sources.length).toBeGreaterThan(0);
    expectNone(sources.flatMap((path) => checkPurity(sourceOf(path))));
  });
});

describe('the check itself', () => {
  const check = (text: string, file = 'packages/sim/src/a.ts'): string[] => checkPurity(sourceOf(file, text));

  it.each([
    ['const t = Date.now();', 'Date'],
    ['let t: Date;', 'Date'],
    ['const r = Math.random();', 'Math.random'],
    ['const { random } = Math;', 'Math as a value'],
    ["const r = Math['random']();", 'Math as a value'],
    ['const p = Math.pow(2, 3) + Math.log2(8);', 'Math.pow'],
    ['const p = 2 ** 3;', '**'],
    ['let p = 2; p **= 3;', '**'],
    ['const t = performance.now();', 'performance'],
    ['crypto.getRandomValues(a);', 'crypto'],
    ['setTimeout(f, 1);', 'setTimeout'],
    ['queueMicrotask(f);', 'queueMicrotask'],
    ['async function f() {}', 'async'],
    ['const f = async () => 1;', 'async'],
    ['class A { async f() {} }', 'async'],
    ['await f();', 'await'],
    ['for await (const a of b) f(a);', 'await'],
    ['let p: Promise<void>;', 'Promise'],
    ['const e = process.env;', 'process'],
    ['declare const process: { env: string }; f(process.env);', 'process'],
    ['console.error(1);', 'console'],
    ["import { readFileSync } from 'node:fs';", 'node:fs'],
    ["export * from 'node:os';", 'node:os'],
    ["const fs = require('fs');", 'require'],
    ["const fs = import('fs');", 'import()'],
    ['a.sort((x, y) => x.localeCompare(y));', 'localeCompare'],
    ['n.toLocaleString();', 'toLocaleString'],
    ['new Intl.NumberFormat();', 'Intl'],
    ['new WeakRef(a);', 'WeakRef'],
    ['new FinalizationRegistry(f);', 'FinalizationRegistry'],
    ['globalThis.x = 1;', 'globalThis'],
    ['const b = Buffer.from(a);', 'Buffer'],
    ['const a = { process };', 'process'],
    ['const s = `${Date.now()}`;', 'Date'],
  ])('finds what is forbidden in %s', (text, word) => {
    const complaints = check(text);
    expect(complaints.length).toBeGreaterThan(0);
    expect(complaints[0]).toContain(`packages/sim/src/a.ts:1: ${word} in a pure room; `);
  });

  it.each([
    '// Date.now() and Math.random() are for others',
    '/* async, await, Promise */ const a = 1;',
    "const s = 'process.env'; const t = `console ${s}`;",
    'const n = Math.floor(Math.max(1, 2) / 3);',
    'function f(process: P) { process.exit(); }',
    'function f({ process }: P) { return process.name; }',
    'const f = (process: P) => { const g = () => process.pid; return g; };',
    'for (const process of all) process.stop();',
    'const drivers = { process: 1, crypto: 2 }; drivers.process++;',
    'interface A { process: B; console(): void }',
    "import { window } from './window.js'; window();",
    'const row = kernel.performance;',
  ])('lets pass %s', (text) => expect(check(text)).toEqual([]));

  it('a name declared elsewhere in the file does not excuse a global', () => {
    expect(check('function f(process: P) { return process; }\nconst e = process.env;'))
      .toEqual([expect.stringContaining('a.ts:2')]);
  });

  it('Buffer is known in the one file that talks to dns-packet', () => {
    expect(check('Buffer.from(a);', 'packages/wire/src/dns.ts')).toEqual([]);
  });
});

import { DOORS, MAY_IMPORT, checkImports, checkManifest, specifiersOf } from './layers.js';
import { type Member, expectNone, files, isCode, members, sourceOf } from './tree.js';

const codeOf = (member: Member): string[] =>
  files.filter((path) => path.startsWith(`${member.folder}/`) && isCode(path));

describe('layers', () => {
  it('the table has no circle: every room knows only rooms above it', () => {
    const rooms = Object.keys(MAY_IMPORT);
    expectNone(
      rooms.flatMap((room, place) => MAY_IMPORT[room]!.filter((other) => !rooms.slice(0, place).includes(other))
      .map((other) => `test/tidy/layers.ts: ${room} may know ${other}, which does not stand above it`)));
  });

  it('every package has its row, and every row its package', () => {
    expect(members.map(({ name }) => name.slice('@netreel/'.length)).sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it('package.json names only what the layer may know', () => expectNone(members.flatMap(checkManifest)));

  it('imports name only what the layer may know, and what package.json lists', () => {
    expectNone(members.flatMap((member) => codeOf(member).flatMap((path) => checkImports(member, sourceOf(path)))));
  });

  it('package.json lists nothing that no file imports', () => {
    expectNone(members.flatMap((member) => {
      const used = new Set(codeOf(member).flatMap((path) => specifiersOf(sourceOf(path)).map(({ text }) =>
        text.split('/').slice(0, text.startsWith('@') ? 2 : 1).join('/'))));
      return Object.keys(member.manifest.dependencies ?? {})
        .filter((name) => !name.startsWith('@types/') && !used.has(name))
        .map((name) => `${member.folder}/package.json: nothing imports ${name}; take it out`);
    }));
  });
});

describe('the check itself', () => {
  const engine: Member = { folder: 'packages/engine', name: '@netreel/engine',
    manifest: { dependencies: { '@netreel/sim': 'workspace:*', 'nats': '1.0.0' } } };
  const check = (text: string, file = 'packages/engine/src/a.ts'): string[] =>
    checkImports(engine, sourceOf(file, text));

  it('lets a room import what it may', () => {
    expect(check("import { assert } from '@netreel/sim'; export * from './network/create.js';")).toEqual([]);
  });

  it.each([
    ["import { Kernel } from '@netreel/kernel';", 'engine may not know kernel; it may know wire, sim'],
    ["import type { Frame } from '@netreel/wire';", '@netreel/wire is not in packages/engine/package.json'],
    ["export { connect } from 'nats';", 'nats belongs to runtime'],
    ["const x = require('left-pad');", 'left-pad has no door yet'],
    ["let x: import('@netreel/host').Host;", 'engine may not know host'],
    ["import { x } from '@netreel/sim/src/machine.js';", 'reaches inside @netreel/sim'],
    ["import { x } from '../../sim/src/machine.js';", 'leaves packages/engine'],
    ["import { x } from './near';", 'has no ending'],
  ])('refuses %s', (text, why) => {
    expect(check(text)).toEqual([expect.stringContaining(why)]);
    expect(check(text)[0]).toContain('packages/engine/src/a.ts:1');
  });

  it('refuses a dependency below', () => {
    expect(checkManifest(engine))
      .toEqual([expect.stringContaining('packages/engine/package.json: nats belongs to runtime')]);
  });

  it('keeps dns-packet in one file', () => {
    const wire: Member =
      { folder: 'packages/wire', name: '@netreel/wire', manifest: { dependencies: { 'dns-packet': '1.0.0' } } };
    const text = "import packet from 'dns-packet';";
    expect(checkImports(wire, sourceOf(DOORS['dns-packet']!.file!, text))).toEqual([]);
    expect(checkImports(wire, sourceOf('packages/wire/src/icmp.ts', text)))
      .toEqual([expect.stringContaining('packages/wire/src/dns.ts only')]);
  });
});

import { refusesUnknown, tablesOf, textsOf } from './records.js';
import { expectNone, files, isTest, sourceOf } from './tree.js';

/** Each table of records and the files that must know every one of its types. Events: the evolve that applies them. */
const KNOWN_BY: Readonly<Record<string,
  { readonly is: 'events' | 'inputs' | 'messages' | 'control'; readonly by: readonly string[] }>> = {
  kernelEvents: { is: 'events', by: ['packages/kernel/src/evolve.ts'] },
  engineEvents: { is: 'events', by: ['packages/engine/src/evolve.ts'] },
  networkEvents: { is: 'events', by: ['packages/overlay/src/store/evolve.ts'] },
  swarmEvents: { is: 'events', by: ['packages/overlay/src/store/swarm-evolve.ts'] },
  raftEvents: { is: 'events', by: ['packages/overlay/src/raft/evolve.ts'] },
  memberEvents: { is: 'events', by: ['packages/overlay/src/member/tables.ts'] },
  gossipEvents: { is: 'events', by: ['packages/overlay/src/gossip/evolve.ts'] },
  hostEvents: { is: 'events', by: ['packages/host/src/faults.ts', 'packages/world/src/operator.ts'] },
  runInputs: { is: 'inputs', by: ['packages/sim/src/seed.ts'] },
  hostInputs: { is: 'inputs', by: ['packages/host/src/host.ts', 'packages/host/src/faults.ts'] },
  underlayMessages: { is: 'messages', by: ['packages/host/src/host.ts'] },
  storeMessages: { is: 'messages',
    by: ['packages/overlay/src/control/control-plane.ts', 'packages/host/src/swarm-side.ts'] },
  dispatchMessages: { is: 'messages',
    by: ['packages/overlay/src/control/dispatcher.ts', 'packages/overlay/src/member/agent.ts'] },
  raftMessages: { is: 'messages', by: ['packages/overlay/src/raft/raft.ts'] },
  gossipMessages: { is: 'messages', by: ['packages/overlay/src/gossip/gossip.ts'] },
  controlMessages: { is: 'control',
    by: ['packages/runtime/src/loop/conductor.ts', 'packages/runtime/src/loop/node-process.ts',
    'packages/runtime/src/loop/node-runner.ts'] },
};

const tables = files.filter((path) => /^packages\/[^/]+\/src\//.test(path) && path.endsWith('.ts') && !isTest(path))
  .flatMap((path) => tablesOf(sourceOf(path)));
const recorded = tables.filter((table) => !table.gathered);

describe('records', () => {
  it('every table of records is one that this page knows', () => {
    expectNone(recorded.filter(({ name }) => KNOWN_BY[name] === undefined)
      .map(({ name, path }) =>
        `${path}: ${name} is new; say in test/tidy/records.test.ts who applies or takes its records`));
    expectNone(Object.keys(KNOWN_BY).filter((name) => !recorded.some((table) => table.name === name))
      .map((name) => `test/tidy/records.test.ts: no table ${name} any more; take it out`));
  });

  it.each(Object.keys(KNOWN_BY))('%s: no type passes silently', (name) => {
    const { by, is } = KNOWN_BY[name]!;
    const instead = is === 'events' ? 'apply' : 'take';
    const known = textsOf(by);
    const table = recorded.find((each) => each.name === name)!;
    expect(table.types.length).toBeGreaterThan(0);
    expectNone(table.types.filter(({ type }) => !known.has(type))
      .map(({ type }) =>
        `${table.path}: ${type} of ${name} is not named in ${by.join(', ')}; ${instead} it there`));
  });

  it('an evolve says unreachable to what it does not know', () => {
    expectNone(Object.values(KNOWN_BY).filter(({ is }) => is === 'events').map(({ by }) => by[0]!)
      .filter((path) => path.endsWith('/evolve.ts') && !refusesUnknown(sourceOf(path)))
      .map((path) => `${path}: an unknown event would pass silently; end the switch in unreachable(event)`));
  });

  it('a number belongs to one type in the whole house', () => {
    const owner = new Map<number, string>();
    expectNone(recorded.flatMap(({ path, types }) => types.flatMap(({ type, number }) => {
      const other = owner.get(number);
      owner.set(number, type);
      return other === undefined ? []
        : [`${path}: ${type} has number ${number}, as ${other} has; give it the next free one of its room`];
    })));
  });

  it('whatever enters a history has its writer: protocol/src/rooms.ts lists its table', () => {
    const room = sourceOf('packages/protocol/src/rooms.ts').text;
    const covered = (name: string): boolean => room.includes(name)
      || tables.some((table) => table.gathered && room.includes(table.name)
        && sourceOf(table.path).text.includes(`...${name}`));
    expectNone(recorded.filter(({ name }) => KNOWN_BY[name]?.is !== 'control' && !covered(name))
      .map(({ name, path }) =>
        `${path}: ${name} is not in packages/protocol/src/rooms.ts; records of it could not be written`));
  });
});

describe('the check itself', () => {
  it('reads tables out of code', () => {
    const text =
      'export const a = defineRecords({ X: { number: 16, fields: {} }, Y: { number: 17, fields: {} } });\n'
      + 'export const b = defineRecords({ ...a });';
    expect(tablesOf(sourceOf('a.ts', text))).toEqual([
      { name: 'a', path: 'a.ts', types: [{ type: 'X', number: 16 }, { type: 'Y', number: 17 }], gathered: false },
      { name: 'b', path: 'a.ts', types: [], gathered: true },
    ]);
  });

  it('a comment names no type', () => {
    expect(textsOf([], [sourceOf('a.ts', "// 'X'\nconst a = 'Y';")])).toEqual(new Set(['Y']));
  });

  it('an evolve without a last word is found', () => {
    expect(refusesUnknown(sourceOf('a.ts', 'switch (a) { default: return; }'))).toBe(false);
    expect(refusesUnknown(sourceOf('a.ts', 'switch (a) { default: unreachable(a); }'))).toBe(true);
  });
});

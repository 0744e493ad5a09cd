import { checkSizes } from './sizes.js';
import { expectNone, files, isCode, members, sourceOf } from './tree.js';

describe('sizes', () => {
  const code = files.filter(isCode);

  it.each(['packages', 'services', 'deploy', 'test'])('%s: files, lines and functions stay readable', (part) => {
    expectNone(code.filter((path) => path.startsWith(`${part}/`)).flatMap((path) => checkSizes(sourceOf(path))));
  });

  it('a package has one index.ts at most', () => {
    expectNone(
      members.flatMap(({ folder }) =>
        files.filter((path) => path.startsWith(`${folder}/`) && path.endsWith('/index.ts')).slice(1)
      .map((path) => `${path}: a second index.ts; name the file by what it holds`)));
  });

  it('every package says in a README.md what it is for', () => {
    expectNone(members.filter(({ folder }) => !files.includes(`${folder}/README.md`))
      .map(({ folder }) =>
        `${folder}: no README.md; write what the room is for, its words, and where to start reading`));
  });
});

describe('the check itself', () => {
  const check = (text: string, path = 'packages/sim/src/a.ts'): string[] => checkSizes(sourceOf(path, text));
  const long = (head: string, tail: string): string => `${head}\n${'  f();\n'.repeat(70)}${tail}\n`;

  it('lets 400 lines pass and refuses 401', () => {
    expect(check('f();\n'.repeat(400))).toEqual([]);
    expect(check('f();\n'.repeat(401))).toEqual(['packages/sim/src/a.ts: 401 lines; cut it by duty below 400']);
  });

  it('lets 120 columns pass and refuses 121, and counts letters, not bytes', () => {
    expect(check(`// ${'é'.repeat(117)}`)).toEqual([]);
    expect(check(`f();\n// ${'e'.repeat(118)}`)).toEqual(['packages/sim/src/a.ts:2: 121 columns; wrap it at 120']);
  });

  it.each([['function a() {', '}'], ['const a = () => {', '};'], ['class A { constructor() {', '} }'],
    ['class A { get x() {', '} }']])(
    'refuses %s … of 72 lines', (head, tail) => {
      expect(check(long(head, tail))).toEqual([expect.stringContaining('a.ts:1: a function of 72 lines')]);
    });

  it('a chapter of a test may be long, what it leans on may not', () => {
    const test = 'packages/sim/src/a.test.ts';
    expect(check(long("describe('x', () => {", "  it('y', f);\n});"), test)).toEqual([]);
    expect(check(long('function journalContract() {', "  it('y', f);\n}"), test)).toEqual([]);
    expect(check(long('function a() {', '}'), test)).toHaveLength(1);
    expect(check(long("describe('x', () => {", "  it('y', f);\n});"))).toHaveLength(1);
  });
});

import { checkExports, checkPath, checkText } from './words.js';
import { expectNone, files, isCode, isText, read, sourceOf } from './tree.js';

describe('words', () => {
  it('no marker, no path of one machine, no stray print is left in any file', () => {
    expectNone(files.filter((path) => isText(path) && path !== 'pnpm-lock.yaml')
      .flatMap((path) => checkText(path, read(path))));
  });

  it('files and folders are named by what they hold', () => expectNone(files.flatMap(checkPath)));

  it('exported things are named by what they do', () => {
    expectNone(files.filter(isCode).flatMap((path) => checkExports(sourceOf(path))));
  });
});

describe('the check itself', () => {
  const marker = 'TO' + 'DO';

  it.each([
    [`// ${marker}: later`, 'left behind'],
    [`// ${'XX' + 'X'}`, 'left behind'],
    [`const home = '${'/wo' + 'rk/main'}';`, 'path of one machine'],
    [`see ${'/ro' + 'ot/notes'}`, 'path of one machine'],
    ['  console' + '.log(1);', 'prints'],
  ])('finds %s', (line, why) => {
    expect(checkText('packages/sim/src/a.ts', `\n${line}`))
      .toEqual([expect.stringMatching(`^packages/sim/src/a.ts:2: .*${why}`)]);
  });

  it.each(['packages/world/src', "HOME: '/root'", 'mktemp /tmp/a.XXXXXX', 'https://example.org/work/x',
    'the hack' + 'ney carriage'])(
    'lets pass %s', (line) => expect(checkText('packages/sim/src/a.ts', line)).toEqual([]));

  it('printing is the job of the command', () => {
    expect(checkText('packages/cli/src/a.ts', 'console' + '.log(1);')).toEqual([]);
  });

  it.each(['packages/sim/src/utils.ts', 'packages/common/src/a.ts', 'packages/sim/src/frame-helper.test.ts',
    'src/NetworkManager.ts'])(
    'refuses the name %s', (path) => expect(checkPath(path)).toEqual([expect.stringContaining(`${path}: `)]));

  it.each(['export class NodeManager {}', 'export const dnsUtil = 1;', 'export function commonPart() {}',
    'const a = 1; export { a as helper };'])(
    'refuses %s', (text) => expect(checkExports(sourceOf('a.ts', text))).toHaveLength(1));

  it.each(['const helper = 1;', 'export class Utilisation {}', 'export type Commons = 1;'])(
    'lets pass %s', (text) => expect(checkExports(sourceOf('a.ts', text))).toEqual([]));
});

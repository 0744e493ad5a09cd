// Images are the engine's, programs have a room of their own: what one names the other must have.

import { programText, programsOfImages } from '@netreel/engine';
import { APK, APT, catalogue, executableText, packages } from '@netreel/programs';

/** Named by images or packages already; their programs come with the rooms that they need. */
const AWAITED = new Set(['dig', 'host', 'postgres', 'ss', 'telnet']);

function isThere(name: string): boolean {
  const slash = name.indexOf('/');
  const plain = name.slice(slash + 1);
  return name === 'busybox' || AWAITED.has(plain) || plain === 'ping6' || catalogue.has(plain) ||
    packages.get(name.slice(0, slash))?.has(plain) === true;
}

test('both write the file of a program alike', () => {
  expect(programText('ping')).toBe(executableText('ping'));
});

test('every program that an image holds is there', () => {
  expect([...programsOfImages()].filter((name) => !isThere(name))).toEqual([]);
});

test('every program that a package holds is there', () => {
  const named = [...Object.values(APT), ...Object.values(APK)].flatMap(({ programs }) => Object.values(programs));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

test('every program is in some image or package', () => {
  const held = new Set([...programsOfImages(), ...[...Object.values(APT), ...Object.values(APK)]
    .flatMap(({ programs }) => Object.values(programs))].map((name) => name.slice(name.indexOf('/') + 1)));
  const own = new Set(['docker-entrypoint.sh', '/docker-entrypoint.sh']);
  expect([...catalogue.keys()].filter((name) => !held.has(name) && !own.has(name))).toEqual([]);
});

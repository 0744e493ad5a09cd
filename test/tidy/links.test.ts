import { checkLinks, withFolders } from './links.js';
import { expectNone, files, read } from './tree.js';

const pages = files.filter((path) => path.endsWith('.md'));

it('every link of every page leads somewhere', () => {
  const known = withFolders(files);
  expectNone(pages.flatMap((path) => checkLinks(path, read(path), known)));
});

it('every file that a page names in the house is there', () => {
  const known = withFolders(files);
  expectNone(
    ['README.md', 'ARCHITECTURE.md', 'STYLE.md', ...pages.filter((path) => path.startsWith('docs/'))].flatMap((path) =>
    read(path).split('\n')
      .flatMap((line, place) => [...line.matchAll(/`((?:packages|services|deploy|test|docs|proto)\/[\w./-]*[\w/])`/g)]
      .filter((match) => !known.has(match[1]!.replace(/\/$/, '')))
      .map((match) => `${path}:${place + 1}: ${match[1]} is not there; name the file as it is called now`))));
});

describe('the check itself', () => {
  const known = withFolders(['docs/adr/0001-x.md', 'README.md']);
  const check = (text: string): string[] => checkLinks('docs/a.md', text, known);

  it('follows links from the page', () => {
    expect(check('[a](adr/0001-x.md) [b](../README.md#top) [c](adr/) [d](https://example.org/x) [e](#here)'))
      .toEqual([]);
  });

  it.each(['[a](adr/0002-y.md)', '[a](README.md)', '![a](b.png)', '[a]: nowhere.md'])('finds the dead link in %s',
    (text) => {
    expect(check(`\n${text}`)).toEqual([expect.stringContaining('docs/a.md:2: ')]);
  });

  it('code is no link', () => expect(check('`[a](b.md)`\n```\n[a](b.md)\n```')).toEqual([]));
});

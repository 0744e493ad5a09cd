import { emptyEngineTables } from '../tables.js';
import { digestOfText } from './layers.js';
import { configDocument } from './identity.js';
import { firstImages, registryImages } from './registry.js';
import { fullReference, referenceFlaw } from './reference.js';
import { findImage, imageSize, imageTree, layerOf } from './store.js';

describe('the images of a fresh engine', () => {
  test('are those of the test bed', () => {
    expect(firstImages().map(({ tags, config }) => [tags.join(' '), config.Entrypoint, config.Cmd,
      Object.keys(config.ExposedPorts ?? {}).join(), config.WorkingDir, config.StopSignal ?? ''])).toEqual([
      ['busybox:latest', null, ['sh'], '', '', ''],
      ['alpine:latest', null, ['/bin/sh'], '', '', ''],
      ['ubuntu:latest ubuntu:focal ubuntu:18.04 ubuntu:14.04 ubuntu14.04:latest', null, ['/bin/bash'], '', '', ''],
      ['nginx:latest nginx-custom:latest', ['/docker-entrypoint.sh'], ['nginx', '-g', 'daemon off;'], '80/tcp', '',
        'SIGQUIT'],
      ['mysql:latest mysql:5.7.8 mysql-custom:latest', ['docker-entrypoint.sh'], ['mysqld'], '3306/tcp', '', ''],
      ['redis:latest', ['docker-entrypoint.sh'], ['redis-server'], '6379/tcp', '/data', ''],
    ]);
  });

  test('are called by their digests, and so are their layers', () => {
    for (const row of registryImages()) {
      expect(row.id).toBe(digestOfText(configDocument(row)));
      expect(row.layers.every((digest) => /^sha256:[0-9a-f]{64}$/.test(digest))).toBe(true);
    }
    const tables = emptyEngineTables();
    expect(imageSize(tables, findImage(tables, 'nginx')!)).toBe(1_984_333 + 722);
  });

  test('hold what makes a Linux one', () => {
    const tables = emptyEngineTables();
    const tree = imageTree(tables, findImage(tables, 'ubuntu')!.layers);
    expect([...tree.entries.keys()].sort()).toEqual(['.dockerenv', 'bin', 'data', 'dev', 'etc', 'home', 'proc', 'root',
      'sbin', 'sys', 'tmp', 'usr', 'var']);
    expect(layerOf(tables, `sha256:${'0'.repeat(64)}`).tree.entries.size).toBe(0);
  });
});

test('every tag is of one image of the registry', () => {
  const tags = registryImages().flatMap((row) => row.tags);
  expect(tags.filter((tag, place) => tags.indexOf(tag) !== place)).toEqual([]);
});

test.each([['busybox', 'busybox:latest'], ['docker.io/library/nginx:1', 'nginx:1'],
  ['localhost:5000/a', 'localhost:5000/a:latest'], ['me/app:x', 'me/app:x']])('%s is %s', (typed, full) => {
  expect([fullReference(typed), referenceFlaw(typed)]).toEqual([full, undefined]);
});

test.each(['Bad', 'a b', 'a:', ':x'])('%s is no name of an image', (typed) => {
  expect(referenceFlaw(typed)).toMatch(/^invalid reference format/);
});

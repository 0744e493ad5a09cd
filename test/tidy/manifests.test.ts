// What the repository brings in from outside: exact versions, and no word of where they were fetched from.

import { expectNone, files, read } from './tree.js';

const manifests = files.filter((path) => path === 'package.json' || path.endsWith('/package.json'));
const EXACT = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

type Manifest = Readonly<Partial<Record<(typeof SECTIONS)[number], Readonly<Record<string, string>>>>>;

function checkVersions(path: string, manifest: Manifest): string[] {
  return SECTIONS.flatMap((section) => Object.entries(manifest[section] ?? {})
    .filter(([, version]) => !EXACT.test(version) && version !== 'workspace:*')
    .map(([name, version]) =>
      `${path}: ${name} ${JSON.stringify(version)} is no exact version; write the one that was tested`));
}

function checkHosts(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, place) => (/https?:\/\/|registry\s*[=:]|\btarball:/.test(line)
    ? [`${path}:${place + 1}: names a server (${line.trim().slice(0, 60)}); leave that to each machine's own settings`]
    : []));
}

describe('packages from outside', () => {
  it('every version is exact', () => {
    expectNone(manifests.flatMap((path) => checkVersions(path, JSON.parse(read(path)) as Manifest)));
  });

  it('one library has one version in the whole house', () => {
    const seen = new Map<string, Map<string, string>>();
    for (const path of manifests) {
      const manifest = JSON.parse(read(path)) as Manifest;
      for (const section of SECTIONS) {
        for (const [name, version] of Object.entries(manifest[section] ?? {})) {
          seen.set(name, (seen.get(name) ?? new Map()).set(version, path));
        }
      }
    }
    expectNone([...seen].filter(([, versions]) => versions.size > 1)
      .map(([name, versions]) =>
        `${name}: ${[...versions].map(([version, path]) => `${version} in ${path}`).join(', ')}; agree on one`));
  });

  it('no registry is named', () => {
    const settings = files.filter((path) => /(^|\/)(pnpm-lock\.yaml|pnpm-workspace\.yaml|\.npmrc)$/.test(path));
    expect(settings).toContain('pnpm-lock.yaml');
    expectNone([...settings, ...manifests].flatMap((path) => checkHosts(path, read(path))));
  });

  it('the checks can fail', () => {
    expect(checkVersions('package.json',
      { dependencies: { a: '^1.2.3', b: '1.2.3', c: 'latest', d: 'workspace:*', e: '1.0.0-rc.1' } }))
      .toEqual([expect.stringContaining('a "^1.2.3"'), expect.stringContaining('c "latest"')]);
    expect(checkHosts('pnpm-lock.yaml', 'a: 1\n  tarball: https://example.org/a.tgz'))
      .toEqual([expect.stringContaining('pnpm-lock.yaml:2')]);
  });
});

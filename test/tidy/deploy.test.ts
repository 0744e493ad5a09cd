// What deploy/ and docker-compose.yml say, read as text: no engine is needed to see a missing service or a setting
// nobody reads.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expectNone, files, read, root } from './tree.js';

interface Yaml {
  parse(text: string, options?: { merge: boolean }): unknown;
  parseAllDocuments(text: string): { readonly errors: readonly Error[]; toJS(): unknown }[];
}
// The room that owns the library lends it.
const yaml = createRequire(join(root, 'packages/cli/package.json'))('yaml') as Yaml;

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
}
const compose =
  yaml.parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service>; volumes: object };
const services = Object.entries(compose.services);

const settingsRead =
  new Set([...read('packages/runtime/src/loop/service-config.ts').matchAll(/'(NETREEL_[A-Z_]+)'|(NETREEL_[A-Z_]+)=/g)]
  .flatMap(([, quoted, told]) => quoted ?? told ?? []));
const isProcess = ([, { command = [] }]: (typeof services)[number]): boolean =>
  command.some((word) => word.startsWith('services/'));
const takesNodes = ([, { command = [] }]: (typeof services)[number]): boolean =>
  !command.some((word) => word.includes('conductor'));

const TAGGED = /^[\w./-]+:\d+\.\d+[\w.-]*$/;

/** Hosts of the scenario that compose plays, and what spans them. */
const tourNodes =
  [...Object.keys((yaml.parse(read('tour.yaml')) as { hosts: object }).hosts), 'overlay', 'router'].sort();

describe('docker-compose.yml', () => {
  it('names every part of a run', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['conductor', 'host1', 'host2', 'host3', 'nats', 'overlay', 'prepare', 'redis']);
  });

  it('its processes live exactly the nodes of the tour', () => {
    const nodes = services.flatMap(([, { environment }]) => environment?.['NETREEL_NODES']?.split(',') ?? []);
    expect(nodes.sort()).toEqual(tourNodes);
  });

  it('every image has a version', () => {
    expectNone(services.filter(([, { image }]) => !TAGGED.test(image))
      .map(([name, { image }]) => `docker-compose.yml: image ${image} of ${name} has no version; write name:1.2`));
  });

  it('a process gets exactly the settings that it reads and that are compose\'s to give', () => {
    // A process that stands by, and one that ends with its input, belong to whoever started them.
    expect([...settingsRead].sort())
      .toEqual(['NETREEL_ENDS_WITH_INPUT', 'NETREEL_LOG', 'NETREEL_NATS', 'NETREEL_NODES',
        'NETREEL_REDIS', 'NETREEL_RUN', 'NETREEL_STANDBY']);
    for (const service of services.filter(isProcess)) {
      const { environment = {} } = service[1];
      const wanted =
        ['NETREEL_LOG', 'NETREEL_NATS', ...(takesNodes(service) ? ['NETREEL_NODES'] : []), 'NETREEL_REDIS',
          'NETREEL_RUN'];
      expect({ service: service[0], settings: Object.keys(environment).sort() })
        .toEqual({ service: service[0], settings: wanted });
    }
  });

  it('commands name sources that are there', () => {
    expectNone(
      services.flatMap(([name, { command = [] }]) =>
        command.filter((word) => /^(services|deploy)\//.test(word) && !known(word))
      .map((word) => `docker-compose.yml: ${word} of ${name} is not there; name the main of a service`)));
  });

  it('volumes and services that are referred to are declared', () => {
    expect(Object.keys(compose.volumes)).toEqual(['history']);
    for (const [, { depends_on: after = {} }] of services) {
      for (const other of Object.keys(after)) expect(Object.keys(compose.services)).toContain(other);
    }
  });

  it('Redis appends to its file', () => {
    expect(compose.services['redis']!.command!.join(' ')).toContain('--appendonly yes');
  });
});

/** A compiled main stands for its source. */
const known = (path: string): boolean =>
  files.includes(path.replace('/dist/', '/src/').replace(/main\.js$/, 'main.ts'));

const sourcesIn = (text: string): string[] =>
  [...text.matchAll(/\b((?:services|deploy)\/[\w./-]+\.m?js)\b/g)].map((match) => match[1]!);
const settingsIn = (text: string): string[] => [...text.matchAll(/\bNETREEL_[A-Z]+\b/g)].map((match) => match[0]);

describe('deploy/', () => {
  const texts =
    files.filter((path) => path.startsWith('deploy/') && !path.startsWith('deploy/bootstrap/')
      && !path.endsWith('.dockerignore'));

  it('has units, a container file and a cluster sketch', () => {
    expect(texts.map((path) => path.split('/')[1]))
      .toEqual(expect.arrayContaining(['containers', 'kubernetes', 'systemd']));
  });

  it.each(texts)('%s names only sources that are there and settings that are read', (path) => {
    const text = read(path);
    expectNone(sourcesIn(text).filter((source) => !known(source)).map((source) => `${path}: ${source} is not there`));
    expectNone(settingsIn(text).filter((name) => !settingsRead.has(name))
      .map((name) => `${path}: ${name} is read by nobody; see packages/runtime/src/loop/service-config.ts`));
  });

  it('the cluster sketch is YAML, holds a StatefulSet of hosts, and versions its images', () => {
    const documents = yaml.parseAllDocuments(read('deploy/kubernetes/netreel.yaml'));
    expect(documents.flatMap(({ errors }) => errors.map(String))).toEqual([]);
    const objects =
      documents.map((document) =>
        document.toJS() as { kind: string; metadata: { name: string }; spec?: { replicas?: number } });
    expect(objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'host')?.spec?.replicas)
      .toBe(3);
    const images = [...read('deploy/kubernetes/netreel.yaml').matchAll(/image: (\S+)/g)].map((match) => match[1]!);
    expect(images.length).toBeGreaterThan(0);
    expect(images.filter((image) => !TAGGED.test(image))).toEqual([]);
  });

  it('the container file starts from versioned images and copies what is there', () => {
    const lines = read('deploy/containers/Containerfile').split('\n');
    const bases = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
    expect(bases.filter((image) => !TAGGED.test(image))).toEqual([]);
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
  });

  it('units start a service and are restarted', () => {
    const units = texts.filter((path) => path.endsWith('.service'));
    expect(units).toHaveLength(3);
    for (const path of units) expect(read(path)).toMatch(/node services\/[\w-]+\/dist\/main\.js\nRestart=on-failure\n/);
  });

  it('the checks can fail', () => {
    expect(TAGGED.test('redis')).toBe(false);
    expect(TAGGED.test('docker.io/library/redis:latest')).toBe(false);
    expect(known('services/nobody/dist/main.js')).toBe(false);
    expect(settingsRead.has('NETREEL_NOBODY')).toBe(false);
  });
});

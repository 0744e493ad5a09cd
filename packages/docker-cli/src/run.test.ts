import { docker } from '../test/scripted-api.js';

describe('mistyped commands', () => {
  it.each([
    [
      'network insepct bridge',
      1,
      `docker: unknown command: docker network insepct

Usage:  docker network

Run 'docker network --help' for more information
`,
    ],
    ['netork ls', 1, "docker: unknown command: docker netork\n\nRun 'docker --help' for more information\n"],
    [
      'network inspect',
      1,
      `docker: 'docker network inspect' requires at least 1 argument

Usage:  docker network inspect [OPTIONS] NETWORK [NETWORK...]

See 'docker network inspect --help' for more information
`,
    ],
    [
      'network connect --nosuch a b',
      125,
      `unknown flag: --nosuch

Usage:  docker network connect [OPTIONS] NETWORK CONTAINER

Run 'docker network connect --help' for more information
`,
    ],
    [
      'network disconnect one',
      1,
      `docker: 'docker network disconnect' requires 2 arguments

Usage:  docker network disconnect [OPTIONS] NETWORK CONTAINER

Run 'docker network disconnect --help' for more information
`,
    ],
    [
      'network create',
      1,
      `docker: 'docker network create' requires 1 argument

Usage:  docker network create [OPTIONS] NETWORK

Run 'docker network create --help' for more information
`,
    ],
    [
      'port',
      1,
      `docker: 'docker port' requires at least 1 and at most 2 arguments

Usage:  docker port CONTAINER [PRIVATE_PORT[/PROTO]]

Run 'docker port --help' for more information
`,
    ],
    [
      'ps extra',
      1,
      "docker: 'docker ps' accepts no arguments\n\nUsage:  docker ps [OPTIONS]\n\nRun 'docker ps --help' for " +
      "more information\n",
    ],
    [
      'container list extra',
      1,
      `docker: 'docker container ls' accepts no arguments

Usage:  docker container ls [OPTIONS]

Run 'docker container ls --help' for more information
`,
    ],
    [
      'foo --bar',
      125,
      `unknown flag: --bar

Usage:  docker [OPTIONS] COMMAND [ARG...]

Run 'docker --help' for more information
`,
    ],
    ['-l x ps', 1, 'Unable to parse logging level: x\n'],
  ])('docker %s', (line, exit, stderr) => {
    expect(docker(line)).toEqual({ exit, stdout: '', stderr, chunks: [{ stream: 'stderr', text: stderr }] });
  });
});

describe('help', () => {
  it('is the page of the command', () => {
    expect(docker('network rm --help').stdout).toBe(`Usage:  docker network rm NETWORK [NETWORK...]

Remove one or more networks

Aliases:
  docker network rm, docker network remove

Options:
  -f, --force   Do not error if the network does not exist
`);
    expect(docker('help network rm').stdout).toBe(docker('network rm --help').stdout);
  });

  it('is on standard error when nobody asked', () => {
    const { stdout, stderr, exit } = docker('network');
    expect([stdout, exit]).toEqual(['', 0]);
    expect(stderr).toContain('  prune       Remove all unused networks\n');
    expect(docker('network --help').stdout).toBe(stderr);
  });
});

it('tells its version without an engine', () => {
  expect(docker('--version').stdout).toBe('Docker version 28.2.2, build e6534b4\n');
});

it('reads options before the command', () => {
  expect(docker('-D -H tcp://elsewhere ps -q', [{ expect: 'GET /containers/json', answer: [] }]).exit).toBe(0);
});

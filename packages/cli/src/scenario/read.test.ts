import { UserFault } from '../fault.js';
import { readScenario } from './read.js';

const GOOD = `name: two hosts
seed: 7
hosts: { host1: {}, host2: {} }
underlay: { latency: 200us, bandwidth: 10Gbit }
steps:
  - host1: docker network create -d overlay --attachable ov
  - host1: docker exec a ping -c 3 b
    expect: { exit: 0, stdout: '/0% packet loss/' }
  - fault: { partition: [[host1], [host2]], for: 5s }
  - wait: 6s
always:
  - unique-addresses
  - tables-agree: { within: 10s }
`;

const complaint = (text: string): string => {
  try {
    readScenario('lab.yaml', text);
  } catch (error) {
    if (error instanceof UserFault) return `${error.exit} ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('a scenario file', () => {
  it('becomes a scenario', () => {
    const scenario = readScenario('lab.yaml', GOOD);
    expect(scenario.lab.nodes.map((node) => node.name)).toEqual(['host1', 'host2', 'overlay', 'router']);
    expect(scenario.lab.nodes.map((node) => node.address & 255)).toEqual([11, 12, 2, 1]);
    expect(scenario.lab.underlay).toMatchObject({ latencyNs: 200_000, bitsPerSecond: 10_000_000_000 });
    expect(scenario.steps.map((step) => step.kind)).toEqual(['command', 'command', 'fault', 'wait']);
    expect(scenario.steps[1]).toMatchObject({ line: 7, host: 'host1', command: 'docker exec a ping -c 3 b' });
    expect(scenario.steps[2])
      .toMatchObject(
        { forNs: 5_000_000_000, rules: [{ from: ['host1'], to: ['host2'] }, { from: ['host2'], to: ['host1'] }] });
    expect(scenario.always)
      .toEqual(
        [{ name: 'unique-addresses', withinNs: 10_000_000_000 }, { name: 'tables-agree', withinNs: 10_000_000_000 }]);
  });

  it('gives addresses in the order of the file and indexes in the order of names', () => {
    const { lab } = readScenario('lab.yaml', 'name: x\nhosts: { host2: {}, host10: {}, host1: {} }\n');
    expect(lab.nodes.map(({ name, address }) => [name, address & 255]))
      .toEqual([['host1', 13], ['host10', 12], ['host2', 11], ['overlay', 2], ['router', 1]]);
  });

  it('matches a text where it occurs, and /…/ as a regular expression', () => {
    const [step] =
      readScenario('lab.yaml',
        "name: x\nhosts: { h: {} }\nsteps:\n  - h: docker ps\n    expect: { stdout: '/^a.c$/m', stderr: a.c }\n").steps;
    const { expect: wanted } =
      step as { expect: { stdout: { matches(text: string): boolean }; stderr: { matches(text: string): boolean } } };
    expect([wanted.stdout.matches('x\nabc\n'), wanted.stderr.matches('abc'), wanted.stderr.matches('xa.cx')])
      .toEqual([true, false, true]);
  });
});

describe('a lift', () => {
  it('takes every direction of a partition away', () => {
    const { steps } = readScenario('lab.yaml', 'name: x\nhosts: { a: {}, b: {} }\nsteps:\n' +
      '  - fault: { partition: [[a], [b]], id: split }\n  - lift: split\n');
    const [fault, lift] = steps;
    expect(fault?.kind === 'fault' && fault.rules.map((rule) => rule.id)).toEqual(['split/0-1', 'split/1-0']);
    expect(lift?.kind === 'lift' && lift.ids).toEqual(['split/0-1', 'split/1-0']);
  });
});

describe('a wrong scenario file is told by line and column', () => {
  const steps = (step: string): string => `name: x\nhosts: { host1: {} }\nsteps:\n  - ${step}\n`;
  it.each([
    ['no YAML', 'name: [x', /^2 lab\.yaml:1:\d+: /],
    ['no name', 'hosts: { h: {} }\n', /^2 lab\.yaml:1:1: .*(expected string|required)/],
    ['an unknown key', 'name: x\nhosts: { h: {} }\nspeed: 3\n', /^2 lab\.yaml:3:8: unrecognized key: "speed"/],
    ['no hosts', 'name: x\nhosts: {}\n', /^2 lab\.yaml:2:8: a scenario needs a host/],
    ['a reserved name', 'name: x\nhosts: { overlay: {} }\n', /^2 lab\.yaml:2:8: a host is named/],
    ['an unknown host', steps('host9: docker ps'),
      /^2 lab\.yaml:4:12: no host "host9" in this scenario; there are host1/],
    ['docker on the router', steps('router: docker ps'), /^2 lab\.yaml:4:13: the router is a machine without Docker/],
    ['a host in a partition', steps('fault: { partition: [[host1], [host7]] }'), /^2 lab\.yaml:4:36: no host "host7"/],
    ['two actions', steps('{ host1: docker ps, wait: 1s }'), /^2 lab\.yaml:4:5: a step does one thing/],
    ['no command', steps('host1: 5'), /^2 lab\.yaml:4:12: expected a command line/],
    ['a duration', steps('wait: soon'), /^2 lab\.yaml:4:11: "soon" is no duration; expected for example 200us/],
    ['a bandwidth', 'name: x\nhosts: { h: {} }\nunderlay: { bandwidth: fast }\n',
      /^2 lab\.yaml:3:24: "fast" is no bandwidth/],
    ['no latency at all', 'name: x\nhosts: { h: {} }\nunderlay: { latency: 0 }\n',
      /^2 lab\.yaml:3:22: an underlay without any latency/],
    ['a regular expression', steps("{ host1: docker ps, expect: { stdout: '/(/' } }"),
      /^2 lab\.yaml:4:43: .* is no regular expression/],
    ['an expectation of a wait', steps('{ wait: 1s, expect: { exit: 0 } }'),
      /^2 lab\.yaml:4:\d+: expect belongs to a command/],
    ['an unknown check', 'name: x\nhosts: { h: {} }\nalways: [peace]\n', /^2 lab\.yaml:3:10: known checks are/],
    ['a fault to lift that never was', steps('lift: storm'), /^2 lab\.yaml:4:11: no fault "storm" before this step/],
    ['an unknown fault', steps('fault: { fire: 3 }'), /^2 lab\.yaml:4:12: a fault is one of/],
  ])('%s', (_what, text, expected) => expect(complaint(text)).toMatch(expected));
});

import { SECOND } from '@netreel/sim';
import { docker, id } from '../../test/scripted-api.js';
import { DEFAULT_EPOCH_SECONDS } from '@netreel/sim';

const published = (inside: number, outside: number, IP: string) => ({
  IP,
  PrivatePort: inside,
  PublicPort: outside,
  Type: 'tcp',
});
const both = (inside: number, outside: number) => [
  published(inside, outside, '0.0.0.0'),
  published(inside, outside, '::'),
];

const CONTAINERS = [
  {
    Id: id('b50'),
    Names: ['/web', '/client/w'],
    Image: 'nginx',
    ImageID: `sha256:${id('3eb')}`,
    Command: "/docker-entrypoint.sh nginx -g 'daemon off;'",
    Created: DEFAULT_EPOCH_SECONDS + 10,
    Ports: [{ PrivatePort: 80, Type: 'tcp' }, ...[0, 1, 2, 3].flatMap((step) => both(7000 + step, 7000 + step))],
    Labels: { tier: 'db', a: 'b' },
    State: 'running',
    Status: 'Up 3 seconds',
    HostConfig: { NetworkMode: 'default' },
    NetworkSettings: { Networks: { lab: {}, bridge: {} } },
    Mounts: [
      { Type: 'volume', Name: 'vol', Driver: 'local' },
      { Type: 'bind', Source: '/a/path/that/is/long' },
    ],
  },
  {
    Id: id('afe'),
    Names: ['/box'],
    Image: 'busybox',
    ImageID: `sha256:${id('3ec')}`,
    Command: 'sh',
    Created: DEFAULT_EPOCH_SECONDS,
    Ports: [...both(81, 7011), ...both(80, 7010)],
    Labels: {},
    State: 'exited',
    Status: 'Exited (0) 1 second ago',
    NetworkSettings: { Networks: {} },
    Mounts: [],
  },
];

const ps = (flags: string, expected = 'GET /containers/json', answer: unknown = CONTAINERS) =>
  docker(`ps ${flags}`, [{ expect: expected, answer: answer as never }], { now: 75 * SECOND });

describe('docker ps', () => {
  it('is a table', () => {
    expect(
      ps(
        "-a --format 'table {{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Names}}'",
        'GET /containers/json?all=1',
      ).stdout,
    ).toBe(
      [
        'CONTAINER ID   IMAGE     COMMAND                  CREATED              STATUS                    NAMES',
        'b50000000000   nginx     "/docker-entrypoint.…"   About a minute ago   Up 3 seconds              web',
        'afe000000000   busybox   "sh"                     About a minute ago   Exited (0) 1 second ago   box',
        '',
      ].join('\n'),
    );
    expect(ps('', undefined, []).stdout).toBe(
      'CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n',
    );
  });

  it('joins ports into ranges only where inside and outside are the same', () => {
    expect(ps("--format '{{.Names}} [{{.Ports}}]'").stdout).toBe(
      'web [80/tcp, 0.0.0.0:7000-7003->7000-7003/tcp, [::]:7000-7003->7000-7003/tcp]\n' +
        'box [0.0.0.0:7010->80/tcp, [::]:7010->80/tcp, 0.0.0.0:7011->81/tcp, [::]:7011->81/tcp]\n',
    );
  });

  it.each([
    ['-q', 'b50000000000\nafe000000000\n'],
    [
      '--format \'{{.Names}} {{.Label "tier"}}|{{.Labels}}|{{.Mounts}}|{{.LocalVolumes}}|{{.Networks}}\'',
      'web db|a=b,tier=db|vol,/a/path/that/i…|1|bridge,lab\nbox ||||\n'.replace('box ||||', 'box |||0|'),
    ],
    [
      "--no-trunc --format '{{.ID}} {{.Names}} {{.Command}}'",
      `${id('b50')} web,client/w "/docker-entrypoint.sh nginx -g 'daemon off;'"\n${id('afe')} box "sh"\n`,
    ],
    ["--format '{{.CreatedAt}}'", '2024-01-01 00:00:10 +0000 UTC\n2024-01-01 00:00:00 +0000 UTC\n'],
  ])('%s', (flags, stdout) => {
    expect(ps(flags).stdout).toBe(stdout);
  });

  it('asks for sizes only when somebody looks', () => {
    const sized = [{ ...CONTAINERS[0], SizeRootFs: 1_984_333 }];
    expect(ps("--format '{{.Size}}'", 'GET /containers/json?size=1', sized).stdout).toBe('0B (virtual 1.98MB)\n');
    expect(ps("--format '{{json .}}'", 'GET /containers/json?size=1', sized).stdout).toContain(
      '"Size":"0B (virtual 1.98MB)","State":"running"',
    );
    ps('-s', 'GET /containers/json?size=1', []);
  });

  it.each([
    ['-l', 'GET /containers/json?limit=1'],
    ['-n 2', 'GET /containers/json?limit=2'],
    [
      '-aq --filter name=^t --filter status=exited',
      'GET /containers/json?all=1&filters={"name":{"^t":true},"status":{"exited":true}}',
    ],
  ])('%s asks %s', (flags, expected) => {
    expect(ps(flags, expected).exit).toBe(0);
  });

  it('tries its template first', () => {
    expect(docker("ps --format '{{.Nope}}'")).toMatchObject({
      exit: 1,
      stderr:
        'failed to execute template: template: :1:2: executing "" at <.Nope>: can\'t evaluate field Nope in type ' +
        '*formatter.ContainerContext\n',
    });
    expect(docker("ps --format '{{.ID'")).toMatchObject({
      exit: 1,
      stderr: 'failed to parse template: template: :1: unclosed action\n',
    });
  });

  it('names the place of a mistake in a table, and of a wrong argument', () => {
    expect(docker("ps --format 'table {{.Nope}}'").stderr).toContain('template: :1:8: executing "" at <.Nope>');
    const { stderr } = docker("ps --format '{{.Label 1}}'");
    expect(stderr).toContain(':1:9: executing "" at <1>: expected string; found 1\n');
  });

  it('has other names', () => {
    expect(docker('container ls -q', [{ expect: 'GET /containers/json', answer: [] }]).exit).toBe(0);
    expect(docker('container ps -q', [{ expect: 'GET /containers/json', answer: [] }]).exit).toBe(0);
  });
});

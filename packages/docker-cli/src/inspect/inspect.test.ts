import { docker, id, refused } from '../../test/scripted-api.js';

const LAB = {
  Name: 'lab',
  Id: id('c81'),
  Created: '2024-01-01T00:00:01Z',
  Scope: 'local',
  Driver: 'bridge',
  EnableIPv6: false,
  IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '10.9.8.0/24' }] },
  Internal: false,
  Containers: {},
  Options: {},
  Labels: { env: 'test', cut: 'a<b' },
};
const found = { expect: 'GET /networks/lab', answer: LAB };
const missing = refused('GET /networks/nosuch', 404, 'network nosuch not found');

describe('docker network inspect', () => {
  it.each([
    ['{{.Name}} {{.Driver}} {{.Scope}} {{.Internal}} {{.EnableIPv6}}', 'lab bridge local false false\n'],
    ['{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}}', '10.9.8.0/24 \n'],
    ['{{json .Labels}}', '{"cut":"a<b","env":"test"}\n'],
    ['{{json .IPAM.Config}}', '[{"Subnet":"10.9.8.0/24"}]\n'],
    ['{{.IPAM.Config}} {{.Labels}}', '[{10.9.8.0/24   map[]}] map[cut:a<b env:test]\n'],
    ['{{.Created}} {{.ID}}', `2024-01-01 00:00:01 +0000 UTC ${id('c81')}\n`],
    ['{{.Id}}', `${id('c81')}\n`],
    ['{{.ConfigOnly}} {{.ConfigFrom.Network}} {{.Attachable}}', 'false  false\n'],
    ['{{len .Containers}}', '0\n'],
  ])('-f %s', (format, stdout) => {
    expect(docker(`network inspect -f '${format}' lab`, [found])).toMatchObject({ exit: 0, stdout, stderr: '' });
  });

  it("prints the engine's own JSON, with an empty list for nothing", () => {
    expect(docker('network inspect lab', [{ ...found, answer: { Name: 'lab', Labels: {}, Cut: 'a<b' } }]).stdout).toBe(
      '[\n    {\n        "Name": "lab",\n        "Labels": {},\n        "Cut": "a\\u003cb"\n    }\n]\n',
    );
    expect(docker('network inspect nosuch', [missing])).toMatchObject({
      exit: 1,
      stdout: '[]\n',
      stderr: 'Error response from daemon: network nosuch not found\n',
    });
    expect(docker('network inspect --format json lab', [{ ...found, answer: { Name: 'lab' } }]).stdout).toBe(
      '[{"Name":"lab"}]\n',
    );
  });

  it('prints what was found before what was not', () => {
    expect(docker("network inspect --format '{{.Name}}' nosuch lab", [missing, found])).toMatchObject({
      exit: 1,
      stdout: 'lab\n',
      stderr: 'Error response from daemon: network nosuch not found\n',
    });
  });

  it("complains of a template in Docker's words", () => {
    expect(docker("network inspect --format '{{.Nope}}' lab", [found])).toMatchObject({
      exit: 1,
      stdout: '\n',
      stderr: 'template parsing error: template: :1:2: executing "" at <.Nope>: map has no entry for key "Nope"\n',
    });
    expect(docker("network inspect --format '{{.Name' lab")).toMatchObject({
      exit: 64,
      stdout: '',
      stderr: 'template parsing error: template: :1: unclosed action\n',
    });
  });
});

const BOX = {
  Id: id('484'),
  Name: '/box',
  Created: '2024-01-01T00:00:01Z',
  RestartCount: 0,
  Args: ['1000'],
  State: { Status: 'running', Running: true, Pid: 351, ExitCode: 0 },
  Config: { Env: ['A=b'], Labels: { a: 'b' }, ExposedPorts: { '80/tcp': {} } },
  HostConfig: { NetworkMode: 'lab', RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 }, PortBindings: {} },
  NetworkSettings: {
    IPAddress: '',
    Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '443/tcp': null },
    Networks: {
      'our-net': {
        IPAMConfig: null,
        Links: null,
        Aliases: ['www'],
        NetworkID: id('1'),
        EndpointID: id('2'),
        Gateway: '172.22.0.1',
        IPAddress: '172.22.0.2',
        IPPrefixLen: 16,
        IPv6Gateway: '',
        GlobalIPv6Address: '',
        GlobalIPv6PrefixLen: 0,
        MacAddress: '02:42:ac:16:00:02',
        DriverOpts: null,
      },
    },
  },
};
const box = { expect: 'GET /containers/box/json', answer: BOX };

describe('docker inspect', () => {
  it.each([
    ['{{.Name}} [{{.NetworkSettings.IPAddress}}] {{.HostConfig.NetworkMode}}', '/box [] lab\n'],
    ['{{range $k, $v := .NetworkSettings.Networks}}{{println $k $v.IPAddress}}{{end}}', 'our-net 172.22.0.2\n\n'],
    ['{{(index .NetworkSettings.Networks "our-net").IPAddress}}', '172.22.0.2\n'],
    ['{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}', '8080\n'],
    ['{{range $p, $b := .NetworkSettings.Ports}}{{println $p (len $b)}}{{end}}', '443/tcp 0\n80/tcp 1\n\n'],
    ['{{json .NetworkSettings.Ports}}', '{"443/tcp":null,"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}\n'],
    ['{{.NetworkSettings.Networks.nosuch.IPAddress}}', '<no value>\n'],
    [
      '{{json .NetworkSettings.Networks}}',
      `{"our-net":{"IPAMConfig":null,"Links":null,"Aliases":["www"],"MacAddress":"02:42:ac:16:00:02",` +
      `"DriverOpts":null,` +
        `"GwPriority":0,"NetworkID":"${id('1')}","EndpointID":"${id('2')}","Gateway":"172.22.0.1",` +
        `"IPAddress":"172.22.0.2","IPPrefixLen":16,"IPv6Gateway":"",` +
        `"GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}\n`,
    ],
    [
      '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}|{{.RestartCount}} {{.HostConfig.RestartPolicy}}',
      'running 0 |0 {on-failure 3}\n',
    ],
    [
      '{{json .Config.ExposedPorts}} {{index .Config.Labels "nope"}}|{{index .Config.Labels "a"}}',
      '{"80/tcp":{}} |b\n',
    ],
    // Only the JSON has a field of this name, and there numbers are texts.
    ['{{.Id}} {{len .RestartCount}}', `${id('484')} 1\n`],
  ])('-f %s', (format, stdout) => {
    expect(docker(`inspect -f '${format}' box`, [box])).toMatchObject({ exit: 0, stdout, stderr: '' });
  });

  it('looks for a container, an image, a network, a volume, and what a swarm manager knows', () => {
    const none = (path: string) => refused(`GET ${path}`, 404, 'not there');
    expect(
      docker('inspect nosuch', [
        none('/containers/nosuch/json'),
        none('/images/nosuch/json'),
        none('/networks/nosuch'),
        none('/volumes/nosuch'),
        { expect: 'GET /info', answer: { Swarm: { ControlAvailable: false } } },
        none('/plugins/nosuch/json'),
      ]),
    ).toMatchObject({ exit: 1, stdout: '[]\n', stderr: 'Error: No such object: nosuch\n' });
    expect(
      docker("inspect -f '{{.ID}}' web", [
        none('/containers/web/json'),
        none('/images/web/json'),
        none('/networks/web'),
        none('/volumes/web'),
        { expect: 'GET /info', answer: { Swarm: { ControlAvailable: true } } },
        { expect: 'GET /services/web?insertDefaults=true', answer: { ID: 'svc' } },
      ]).stdout,
    ).toBe('svc\n');
  });

  it('--type looks in one place', () => {
    expect(docker("inspect --type network --format '{{.Name}}' nosuch", [missing])).toMatchObject({
      exit: 1,
      stdout: '\n',
      stderr: 'Error response from daemon: network nosuch not found\n',
    });
    expect(docker('inspect --type foo x').stderr).toBe(
      'unknown type: "foo": must be one of "config", "container", "image", "network", ' +
        '"node", "plugin", "secret", "service", "task", "volume"\n',
    );
  });

  it('complains of the JSON when neither view has an answer', () => {
    expect(docker("inspect -f '{{.State.Nope}}' box", [box]).stderr).toBe(
      'template parsing error: template: :1:8: executing "" at <.State.Nope>: map has no entry for key "Nope"\n',
    );
  });
});

import { docker, id, refused } from '../../test/scripted-api.js';

const creation = {
  Driver: 'bridge',
  Scope: '',
  IPAM: { Driver: 'default', Options: {}, Config: [] },
  Internal: false,
  Attachable: false,
  Ingress: false,
  ConfigOnly: false,
  ConfigFrom: null,
  Options: {},
  Labels: {},
  Name: 'lab',
  CheckDuplicate: true,
};

describe('docker network create', () => {
  it('asks for the defaults and prints the id', () => {
    const result = docker('network create lab', [
      { expect: 'POST /networks/create', body: creation, status: 201, answer: { Id: id('5b3'), Warning: '' } },
    ]);
    expect(result).toMatchObject({ exit: 0, stdout: `${id('5b3')}\n`, stderr: '' });
  });

  it('sends every flag', () => {
    docker(
      'network create -d overlay --subnet 10.1.0.0/16 --subnet fd00::/64 --gateway 10.1.0.1 --ip-range 10.1.2.0/24 ' +
        '--aux-address a=10.1.0.9 --aux-address b=fd00::9 --ipv6 --internal --attachable --label a=b=c -o x=y -o z ' +
        '--ipam-driver other --ipam-opt c=d --scope local --config-from base lab',
      [
        {
          expect: 'POST /networks/create',
          status: 201,
          answer: { Id: id('1') },
          body: {
            ...creation,
            Driver: 'overlay',
            Scope: 'local',
            EnableIPv6: true,
            Internal: true,
            Attachable: true,
            ConfigFrom: { Network: 'base' },
            IPAM: {
              Driver: 'other',
              Options: { c: 'd' },
              Config: [
                {
                  Subnet: '10.1.0.0/16',
                  IPRange: '10.1.2.0/24',
                  Gateway: '10.1.0.1',
                  AuxiliaryAddresses: { a: '10.1.0.9' },
                },
                { Subnet: 'fd00::/64', AuxiliaryAddresses: { b: 'fd00::9' } },
              ],
            },
            Options: { x: 'y', z: '' },
            Labels: { a: 'b=c' },
          },
        },
      ],
    );
  });

  it.each([
    ['--subnet 10.2.0.0/24 --gateway 10.3.0.1', 'no matching subnet for gateway 10.3.0.1'],
    ['--gateway 10.3.0.1', 'every ip-range or gateway must have a corresponding subnet'],
    ['--subnet 10.4.0.0/24 --ip-range 10.5.0.0/25', 'no matching subnet for range 10.5.0.0/25'],
    ['--ip-range 10.5.0.0/25', 'every ip-range or gateway must have a corresponding subnet'],
    ['--subnet 10.6.0.0/24 --gateway nonsense', 'no matching subnet for gateway nonsense'],
    ['--subnet 10.1.0.0/16 --subnet 10.1.2.0/24', 'multiple overlapping subnet configuration is not supported'],
    ['--subnet 10.1.0.0/16 --aux-address a=10.2.0.1', 'no matching subnet for aux-address 10.2.0.1'],
    ['--subnet nonsense --gateway 1.2.3.4', 'invalid subnet: invalid CIDR address: nonsense'],
    ['--subnet 10.1.0.0/16 --ip-range nonsense', 'invalid CIDR address: nonsense'],
  ])('refuses %s itself', (flags, text) => {
    expect(docker(`network create ${flags} lab`)).toMatchObject({ exit: 1, stdout: '', stderr: `${text}\n` });
  });

  it('leaves a subnet alone to the engine, and prints what the engine says', () => {
    const message = 'Invalid subnet 10.1.0.0 : invalid CIDR address: 10.1.0.0';
    expect(
      docker('network create --subnet 10.1.0.0 lab', [refused('POST /networks/create', 400, message)]),
    ).toMatchObject({ exit: 1, stdout: '', stderr: `Error response from daemon: ${message}\n` });
  });
});

describe('docker network rm', () => {
  it('goes on after a failure and ends with its status', () => {
    const result = docker('network rm n1x nosuch n2x', [
      { expect: 'GET /networks/n1x', answer: { Name: 'n1x' } },
      { expect: 'DELETE /networks/n1x', status: 204 },
      refused('GET /networks/nosuch', 404, 'network nosuch not found'),
      refused('DELETE /networks/nosuch', 404, 'network nosuch not found'),
      { expect: 'GET /networks/n2x', answer: { Name: 'n2x' } },
      { expect: 'DELETE /networks/n2x', status: 204 },
    ]);
    expect(result).toMatchObject({
      exit: 1,
      stdout: 'n1x\nn2x\n',
      stderr: 'Error response from daemon: network nosuch not found\nexit status 1\n',
    });
    expect(result.chunks.map((chunk) => chunk.text)).toEqual([
      'n1x\n',
      'Error response from daemon: network nosuch not found\n',
      'n2x\n',
      'exit status 1\n',
    ]);
  });

  it('does not mind with -f', () => {
    const script = [
      refused('GET /networks/nosuch', 404, 'network nosuch not found'),
      refused('DELETE /networks/nosuch', 404, 'network nosuch not found'),
    ];
    expect(docker('network rm -f nosuch', script)).toMatchObject({ exit: 0, stdout: '', stderr: '' });
  });
});

describe('docker network connect and disconnect', () => {
  const endpoint = {
    IPAMConfig: {},
    Links: null,
    Aliases: [],
    MacAddress: '',
    DriverOpts: {},
    GwPriority: 0,
    NetworkID: '',
    EndpointID: '',
    Gateway: '',
    IPAddress: '',
    IPPrefixLen: 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    DNSNames: null,
  };

  it('connects', () => {
    expect(
      docker("network connect 'my net' box", [
        { expect: 'POST /networks/my net/connect', body: { Container: 'box', EndpointConfig: endpoint } },
      ]),
    ).toMatchObject({ exit: 0, stdout: '', stderr: '' });
    docker(
      'network connect --alias z --alias y --ip 10.9.9.9 --ip6 fe80::2 --link c:d --link-local-ip 169.254.9.9 ' +
      '--driver-opt k=v --gw-priority 3 lab box',
      [
        {
          expect: 'POST /networks/lab/connect',
          body: {
            Container: 'box',
            EndpointConfig: {
              ...endpoint,
              IPAMConfig: { IPv4Address: '10.9.9.9', IPv6Address: 'fe80::2', LinkLocalIPs: ['169.254.9.9'] },
              Links: ['c:d'],
              Aliases: ['z', 'y'],
              DriverOpts: { k: 'v' },
              GwPriority: 3,
            },
          },
        },
      ],
    );
  });

  it('disconnects', () => {
    docker('network disconnect -f lab box', [
      { expect: 'POST /networks/lab/disconnect', body: { Container: 'box', Force: true } },
    ]);
    const message = 'network nosuch not found';
    expect(
      docker('network disconnect nosuch one', [refused('POST /networks/nosuch/disconnect', 404, message)]),
    ).toMatchObject({ exit: 1, stderr: `Error response from daemon: ${message}\n` });
  });
});

const NETWORKS = [
  { Name: 'none', Id: id('645'), Driver: 'null', Scope: 'local', Created: '2024-01-01T00:00:00.5Z', Labels: {} },
  {
    Name: 'net10',
    Id: id('aaa'),
    Driver: 'bridge',
    Scope: 'local',
    Created: '2024-01-01T00:00:01Z',
    Labels: { team: 'blue', a: '<' },
  },
  { Name: 'net2', Id: id('bbb'), Driver: 'overlay', Scope: 'swarm', Created: '2024-01-01T00:00:01Z', Labels: null },
  { Name: 'Lab', Id: id('ccc'), Driver: 'bridge', Scope: 'local', Created: '2024-01-01T00:00:01Z', Labels: {} },
];

describe('docker network ls', () => {
  const list = (flags: string, expected = 'GET /networks') =>
    docker(`network ls ${flags}`, [{ expect: expected, answer: NETWORKS }]);

  it('is a table by name, capitals first', () => {
    expect(list('').stdout).toBe(
      [
        'NETWORK ID     NAME      DRIVER    SCOPE',
        'ccc000000000   Lab       bridge    local',
        'bbb000000000   net2      overlay   swarm',
        'aaa000000000   net10     bridge    local',
        '645000000000   none      null      local',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['-q', 'ccc000000000\nbbb000000000\naaa000000000\n645000000000\n'],
    ["--format '{{.Name}}: {{.Driver}}'", 'Lab: bridge\nnet2: overlay\nnet10: bridge\nnone: null\n'],
    [
      '--format \'table {{.Name}}\\t{{.Label "team"}}\'',
      'NAME      team\nLab       \nnet2      \nnet10     blue\nnone      \n',
    ],
  ])('%s', (flags, stdout) => {
    expect(list(flags).stdout).toBe(stdout);
  });

  it('--format json has every column, in order and escaped', () => {
    expect(list('--format json').stdout.split('\n')[2]).toBe(
      '{"CreatedAt":"2024-01-01 00:00:01 +0000 UTC","Driver":"bridge","ID":"aaa000000000",' +
        '"IPv4":"false","IPv6":"false","Internal":"false","Labels":"a=\\u003c,team=blue","Name":"net10",' +
        '"Scope":"local"}',
    );
  });

  it('sends filters', () => {
    list(
      '--filter name=a --filter name=b --filter label=team=blue',
      'GET /networks?filters={"label":{"team=blue":true},"name":{"a":true,"b":true}}',
    );
  });

  it('names a column that is not there', () => {
    expect(list("--format '{{.Nope}}'")).toMatchObject({
      exit: 1,
      stdout: '',
      stderr:
        'template parsing error: template: :1:2: executing "" at <.Nope>: can\'t evaluate field Nope in type ' +
        '*network.networkContext\n',
    });
  });
});

describe('docker network prune', () => {
  it('tells what went', () => {
    expect(
      docker('network prune -f --filter label!=keep', [
        { expect: 'POST /networks/prune?filters={"label!":{"keep":true}}', answer: { NetworksDeleted: ['idle'] } },
      ]).stdout,
    ).toBe('Deleted Networks:\nidle\n\n');
    expect(
      docker('network prune -f', [{ expect: 'POST /networks/prune', answer: { NetworksDeleted: null } }]).stdout,
    ).toBe('');
  });

  it('asks, and nobody answers', () => {
    expect(docker('network prune')).toMatchObject({
      exit: 0,
      stderr: '',
      stdout:
        'WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you ' +
        'want to continue? [y/N] ',
    });
  });
});

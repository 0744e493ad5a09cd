import type { Json } from '@netreel/sim';
import { docker, id } from '../../../test/scripted-api.js';
import { type JsonRecord, recordOf } from '../../json.js';

const BOX = id('61d');

/** What `docker create ...` sends. */
function sent(flags: string): JsonRecord {
  let seen: Json = null;
  docker(`create ${flags}`, [
    {
      expect: 'POST /containers/create',
      status: 201,
      answer: { Id: BOX },
      see: (body) => {
        seen = body;
      },
    },
  ]);
  return recordOf(seen);
}

const host = (flags: string) => sent(flags)['HostConfig'] as JsonRecord;
const endpoints = (flags: string) => (sent(flags)['NetworkingConfig'] as JsonRecord)['EndpointsConfig'];

describe('what docker run asks for', () => {
  it('of a plain container', () => {
    expect(sent('busybox')).toMatchObject({
      Hostname: '',
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      OpenStdin: false,
      StdinOnce: false,
      Env: null,
      Cmd: null,
      Image: 'busybox',
      Volumes: {},
      Entrypoint: null,
      Labels: {},
      HostConfig: {
        NetworkMode: 'default',
        PortBindings: {},
        RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
        AutoRemove: false,
        Dns: [],
        DnsOptions: [],
        DnsSearch: [],
        ExtraHosts: null,
        Links: null,
        MemorySwappiness: -1,
      },
      NetworkingConfig: { EndpointsConfig: { default: { IPAMConfig: null, Links: null, Aliases: null } } },
    });
  });

  it('of itself', () => {
    expect(
      sent(
        '-it -h desk --domainname d -u 1 -w /x -e A=1 -e B=2 -e A=3 -l x=y -l z --entrypoint /bin/sh -v /data -v ' +
        '/tmp:/mnt:ro ' +
          "--stop-signal SIGINT --stop-timeout 3 --health-cmd 'x y' busybox -c 'sleep 100'",
      ),
    ).toMatchObject({
      Hostname: 'desk',
      Domainname: 'd',
      User: '1',
      AttachStdin: true,
      Tty: true,
      OpenStdin: true,
      StdinOnce: true,
      Env: ['A=3', 'B=2'],
      Cmd: ['-c', 'sleep 100'],
      Healthcheck: { Test: ['CMD-SHELL', 'x y'] },
      Volumes: { '/data': {} },
      WorkingDir: '/x',
      Entrypoint: ['/bin/sh'],
      Labels: { x: 'y', z: '' },
      StopSignal: 'SIGINT',
      StopTimeout: 3,
      HostConfig: { Binds: ['/tmp:/mnt:ro'] },
    });
    expect(sent('--entrypoint= busybox')['Entrypoint']).toEqual(['']);
  });

  it('of its host', () => {
    expect(
      host(
        '--rm --dns 1.1.1.1 --dns-search s.x --dns-opt a:1 --add-host q:1.2.3.4 --add-host gw=host-gateway ' +
        '--cap-add net_admin --cap-drop ALL ' +
          '--privileged -m 64m --cpus 1.5 --init --sysctl net.ipv4.ip_forward=1 --ulimit nofile=3:4 --tmpfs ' +
          '/t:rw --log-opt max-size=5m --read-only ' +
          '--pid host --mount type=tmpfs,dst=/x --device /dev/null --gpus all busybox',
      ),
    ).toMatchObject({
      AutoRemove: true,
      Dns: ['1.1.1.1'],
      DnsSearch: ['s.x'],
      DnsOptions: ['a:1'],
      ExtraHosts: ['q:1.2.3.4', 'gw:host-gateway'],
      CapAdd: ['CAP_NET_ADMIN'],
      CapDrop: ['ALL'],
      Privileged: true,
      Memory: 67_108_864,
      NanoCpus: 1_500_000_000,
      Init: true,
      Sysctls: { 'net.ipv4.ip_forward': '1' },
      Ulimits: [{ Name: 'nofile', Hard: 4, Soft: 3 }],
      Tmpfs: { '/t': 'rw' },
      LogConfig: { Type: '', Config: { 'max-size': '5m' } },
      ReadonlyRootfs: true,
      PidMode: 'host',
      Mounts: [{ Type: 'tmpfs', Target: '/x' }],
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/null', CgroupPermissions: 'rwm' }],
    });
    expect(host('--restart on-failure:3 busybox')['RestartPolicy']).toEqual({
      Name: 'on-failure',
      MaximumRetryCount: 3,
    });
  });

  it('of its ports', () => {
    const flags =
      '-p 8080:80 -p 127.0.0.1:9000-9001:90-91/udp -p 443 -p 7000-7009:70 -p [::1]:81:81 -p published=5,target=6,' +
      'protocol=UDP --expose 77 --expose 78-79/udp -P busybox';
    expect(host(flags)).toMatchObject({
      PublishAllPorts: true,
      PortBindings: {
        '80/tcp': [{ HostIp: '', HostPort: '8080' }],
        '90/udp': [{ HostIp: '127.0.0.1', HostPort: '9000' }],
        '91/udp': [{ HostIp: '127.0.0.1', HostPort: '9001' }],
        '443/tcp': [{ HostIp: '', HostPort: '' }],
        '70/tcp': [{ HostIp: '', HostPort: '7000-7009' }],
        '81/tcp': [{ HostIp: '::1', HostPort: '81' }],
        '6/udp': [{ HostIp: '', HostPort: '5' }],
      },
    });
    expect(Object.keys(sent(flags)['ExposedPorts'] as JsonRecord)).toEqual([
      '443/tcp',
      '6/udp',
      '70/tcp',
      '77/tcp',
      '78/udp',
      '79/udp',
      '80/tcp',
      '81/tcp',
      '90/udp',
      '91/udp',
    ]);
  });

  it('of its networks', () => {
    expect(host('--net lab busybox')['NetworkMode']).toBe('lab');
    expect(endpoints('--network lab busybox')).toEqual({});
    expect(
      endpoints('--network lab --network-alias a --net-alias b --ip 10.0.0.9 --ip6 fe80::1 --link plain:p busybox'),
    ).toMatchObject({
      lab: { IPAMConfig: { IPv4Address: '10.0.0.9', IPv6Address: 'fe80::1' }, Links: ['plain:p'], Aliases: ['a', 'b'] },
    });
    expect(endpoints('--network name=lab,alias=a,ip=1.2.3.4,driver-opt=k=v busybox')).toMatchObject({
      lab: { IPAMConfig: { IPv4Address: '1.2.3.4' }, Aliases: ['a'], DriverOpts: { k: 'v' } },
    });
    expect(endpoints('--network bridge --link plain:p --ip 10.0.0.9 busybox')).toMatchObject({
      bridge: { Links: null, IPAMConfig: { IPv4Address: '10.0.0.9' } },
    });
    expect(Object.keys(endpoints('--network lab1 --network lab2 busybox') as JsonRecord)).toEqual(['lab1', 'lab2']);
    expect(host('--network container:base busybox')['NetworkMode']).toBe('container:base');
  });

  it("with the client's environment", () => {
    docker(
      'create -e COLOUR -e NONE busybox',
      [
        {
          expect: 'POST /containers/create',
          answer: { Id: BOX },
          body: expect.objectContaining({ Env: ['COLOUR=red', 'NONE'] }) as Json,
        },
      ],
      { env: new Map([['COLOUR', 'red']]) },
    );
  });
});

it('takes a MAC address for an engine that can have it', () => {
  docker(
    'create --mac-address 02:42:de:ad:be:ef busybox',
    [
      {
        expect: 'POST /containers/create',
        answer: { Id: BOX },
        body: expect.objectContaining({ MacAddress: '02:42:de:ad:be:ef' }) as Json,
      },
    ],
    { apiVersion: '1.47' },
  );
});

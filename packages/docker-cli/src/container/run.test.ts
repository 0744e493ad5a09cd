import type { Json } from '@netreel/sim';
import { docker, id, refused } from '../../test/scripted-api.js';
import { type JsonRecord, recordOf } from '../json.js';

const BOX = id('61d');
const HELP = "\n\nRun 'docker run --help' for more information\n";
const USAGE = `\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]${HELP}`;

/** What `docker create ...` sends. */
function sent(flags: string): JsonRecord {
  let seen: Json = null;
  docker(`create ${flags}`, [{ expect: 'POST /containers/create', status: 201, answer: { Id: BOX }, see: (body) => { seen = body; } }]);
  return recordOf(seen);
}

const host = (flags: string) => sent(flags)['HostConfig'] as JsonRecord;
const endpoints = (flags: string) => (sent(flags)['NetworkingConfig'] as JsonRecord)['EndpointsConfig'];

describe('what docker run asks for', () => {
  it('of a plain container', () => {
    expect(sent('busybox')).toMatchObject({
      Hostname: '', AttachStdin: false, AttachStdout: true, AttachStderr: true, Tty: false, OpenStdin: false, StdinOnce: false, Env: null,
      Cmd: null, Image: 'busybox', Volumes: {}, Entrypoint: null, Labels: {},
      HostConfig: {
        NetworkMode: 'default', PortBindings: {}, RestartPolicy: { Name: 'no', MaximumRetryCount: 0 }, AutoRemove: false, Dns: [], DnsOptions: [],
        DnsSearch: [], ExtraHosts: null, Links: null, MemorySwappiness: -1,
      },
      NetworkingConfig: { EndpointsConfig: { default: { IPAMConfig: null, Links: null, Aliases: null } } },
    });
  });

  it('of itself', () => {
    expect(sent("-it -h desk --domainname d -u 1 -w /x -e A=1 -e B=2 -e A=3 -l x=y -l z --entrypoint /bin/sh -v /data -v /tmp:/mnt:ro "
      + "--stop-signal SIGINT --stop-timeout 3 --health-cmd 'x y' busybox -c 'sleep 100'")).toMatchObject({
      Hostname: 'desk', Domainname: 'd', User: '1', AttachStdin: true, Tty: true, OpenStdin: true, StdinOnce: true, Env: ['A=3', 'B=2'],
      Cmd: ['-c', 'sleep 100'], Healthcheck: { Test: ['CMD-SHELL', 'x y'] }, Volumes: { '/data': {} }, WorkingDir: '/x', Entrypoint: ['/bin/sh'],
      Labels: { x: 'y', z: '' }, StopSignal: 'SIGINT', StopTimeout: 3, HostConfig: { Binds: ['/tmp:/mnt:ro'] },
    });
    expect(sent('--entrypoint= busybox')['Entrypoint']).toEqual(['']);
  });

  it('of its host', () => {
    expect(host('--rm --dns 1.1.1.1 --dns-search s.x --dns-opt a:1 --add-host q:1.2.3.4 --add-host gw=host-gateway --cap-add net_admin --cap-drop ALL '
      + '--privileged -m 64m --cpus 1.5 --init --sysctl net.ipv4.ip_forward=1 --ulimit nofile=3:4 --tmpfs /t:rw --log-opt max-size=5m --read-only '
      + '--pid host --mount type=tmpfs,dst=/x --device /dev/null --gpus all busybox')).toMatchObject({
      AutoRemove: true, Dns: ['1.1.1.1'], DnsSearch: ['s.x'], DnsOptions: ['a:1'], ExtraHosts: ['q:1.2.3.4', 'gw:host-gateway'],
      CapAdd: ['CAP_NET_ADMIN'], CapDrop: ['ALL'], Privileged: true, Memory: 67_108_864, NanoCpus: 1_500_000_000, Init: true,
      Sysctls: { 'net.ipv4.ip_forward': '1' }, Ulimits: [{ Name: 'nofile', Hard: 4, Soft: 3 }], Tmpfs: { '/t': 'rw' },
      LogConfig: { Type: '', Config: { 'max-size': '5m' } }, ReadonlyRootfs: true, PidMode: 'host', Mounts: [{ Type: 'tmpfs', Target: '/x' }],
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/null', CgroupPermissions: 'rwm' }],
    });
    expect(host('--restart on-failure:3 busybox')['RestartPolicy']).toEqual({ Name: 'on-failure', MaximumRetryCount: 3 });
  });

  it('of its ports', () => {
    const flags = '-p 8080:80 -p 127.0.0.1:9000-9001:90-91/udp -p 443 -p 7000-7009:70 -p [::1]:81:81 -p published=5,target=6,protocol=UDP --expose 77 --expose 78-79/udp -P busybox';
    expect(host(flags)).toMatchObject({
      PublishAllPorts: true,
      PortBindings: {
        '80/tcp': [{ HostIp: '', HostPort: '8080' }], '90/udp': [{ HostIp: '127.0.0.1', HostPort: '9000' }],
        '91/udp': [{ HostIp: '127.0.0.1', HostPort: '9001' }], '443/tcp': [{ HostIp: '', HostPort: '' }],
        '70/tcp': [{ HostIp: '', HostPort: '7000-7009' }], '81/tcp': [{ HostIp: '::1', HostPort: '81' }], '6/udp': [{ HostIp: '', HostPort: '5' }],
      },
    });
    expect(Object.keys(sent(flags)['ExposedPorts'] as JsonRecord)).toEqual(
      ['443/tcp', '6/udp', '70/tcp', '77/tcp', '78/udp', '79/udp', '80/tcp', '81/tcp', '90/udp', '91/udp']);
  });

  it('of its networks', () => {
    expect(host('--net lab busybox')['NetworkMode']).toBe('lab');
    expect(endpoints('--network lab busybox')).toEqual({});
    expect(endpoints('--network lab --network-alias a --net-alias b --ip 10.0.0.9 --ip6 fe80::1 --link plain:p busybox')).toMatchObject({
      lab: { IPAMConfig: { IPv4Address: '10.0.0.9', IPv6Address: 'fe80::1' }, Links: ['plain:p'], Aliases: ['a', 'b'] },
    });
    expect(endpoints('--network name=lab,alias=a,ip=1.2.3.4,driver-opt=k=v busybox')).toMatchObject({
      lab: { IPAMConfig: { IPv4Address: '1.2.3.4' }, Aliases: ['a'], DriverOpts: { k: 'v' } },
    });
    expect(endpoints('--network bridge --link plain:p --ip 10.0.0.9 busybox')).toMatchObject({ bridge: { Links: null, IPAMConfig: { IPv4Address: '10.0.0.9' } } });
    expect(Object.keys(endpoints('--network lab1 --network lab2 busybox') as JsonRecord)).toEqual(['lab1', 'lab2']);
    expect(host('--network container:base busybox')['NetworkMode']).toBe('container:base');
  });

  it('with the client\'s environment', () => {
    docker('create -e COLOUR -e NONE busybox', [{
      expect: 'POST /containers/create', answer: { Id: BOX }, body: expect.objectContaining({ Env: ['COLOUR=red', 'NONE'] }) as Json,
    }], { env: new Map([['COLOUR', 'red']]) });
  });
});

describe('docker run -d', () => {
  const created = { expect: 'POST /containers/create?name=web', status: 201, answer: { Id: BOX, Warnings: [] } };
  const start = `POST /containers/${BOX}/start`;

  it('creates, tells the id, starts', () => {
    expect(docker('run -d --name web busybox', [
      { ...created, body: expect.objectContaining({ AttachStdin: false, AttachStdout: false, AttachStderr: false }) as Json }, { expect: start, status: 204 },
    ])).toMatchObject({ exit: 0, stdout: `${BOX}\n`, stderr: '' });
  });

  it('tells the id even when the start fails', () => {
    expect(docker('run -d --name web --network nosuch busybox', [created, refused(start, 404, 'network nosuch not found')]))
      .toMatchObject({ exit: 125, stdout: `${BOX}\n`, stderr: `docker: Error response from daemon: network nosuch not found${HELP}` });
  });

  it('passes warnings on', () => {
    const warned = { ...created, answer: { Id: BOX, Warnings: ['Published ports are discarded when using host network mode'] } };
    expect(docker('run -d --name web --net host -p 1:1 --dns 127.0.0.1 busybox', [warned, { expect: start, status: 204 }]).stderr).toBe(
      'WARNING: Published ports are discarded when using host network mode\nWARNING: Localhost DNS (127.0.0.1) may fail in containers.\n');
  });

  it('-it is no terminal, but nobody looks', () => {
    expect(docker('run -itd --name web busybox', [created, { expect: start, status: 204 }]).exit).toBe(0);
  });
});

describe('docker run', () => {
  const created = { expect: 'POST /containers/create', status: 201, answer: { Id: BOX, Warnings: [] } };
  const attach = `POST /containers/${BOX}/attach?stderr=1&stdout=1&stream=1`;
  const output = [{ stream: 'stdout', text: 'hi\n' }, { stream: 'stderr', text: 'oh\n' }, { stream: 'stdout', text: 'bye\n' }] as const;

  it('attaches and waits before it starts, and ends as the container ends', () => {
    const result = docker("run --rm busybox sh -c 'exit 3'", [
      created, { expect: attach, output }, { expect: `POST /containers/${BOX}/wait?condition=removed`, answer: { StatusCode: 3 } },
      { expect: `POST /containers/${BOX}/start`, status: 204 },
    ]);
    expect(result).toEqual({ exit: 3, stdout: 'hi\nbye\n', stderr: 'oh\n', chunks: output });
  });

  it('has one stream with a terminal', () => {
    const result = docker('run -t busybox x', [
      created, { expect: attach, output }, { expect: `POST /containers/${BOX}/wait?condition=next-exit`, answer: { StatusCode: 0 } },
      { expect: `POST /containers/${BOX}/start`, status: 204 },
    ]);
    expect(result).toMatchObject({ exit: 0, stdout: 'hi\noh\nbye\n', stderr: '' });
  });

  it('-it needs a terminal', () => {
    expect(docker('run -it busybox')).toMatchObject({ exit: 1, stderr: 'the input device is not a TTY\n' });
    expect(docker('run -it busybox', [refused('POST /containers/create', 400, 'x')], { terminal: true }).exit).toBe(125);
  });

  it.each([
    ['exec: "nosuch": executable file not found in $PATH: unknown', 127],
    ['exec: "/etc/passwd": permission denied: unknown', 126],
    ['Address already in use', 125],
  ])('%s ends with %i', (message, exit) => {
    const result = docker('run busybox nosuch', [
      created, { expect: attach }, { expect: `POST /containers/${BOX}/wait?condition=next-exit` }, refused(`POST /containers/${BOX}/start`, 400, message),
    ]);
    expect(result).toMatchObject({ exit, stdout: '', stderr: `docker: Error response from daemon: ${message}${HELP}` });
  });

  it('fetches an image that is missing', () => {
    const gone = refused('POST /containers/create', 404, 'No such image: team/app:latest');
    const pull = 'POST /images/create?fromImage=docker.io/team/app&tag=latest';
    expect(docker('run -d team/app', [gone, { expect: pull, answer: [{ status: 'Pulling from team/app', id: 'latest' }] }, created,
      { expect: `POST /containers/${BOX}/start`, status: 204 }])).toMatchObject({ exit: 0, stdout: `${BOX}\n`,
      stderr: "Unable to find image 'team/app:latest' locally\nlatest: Pulling from team/app\n" });
    expect(docker('run nosuch:1', [refused('POST /containers/create', 404, 'No such image: nosuch:1'),
      refused('POST /images/create?fromImage=docker.io/library/nosuch&tag=1', 500, 'no such host')])).toMatchObject({
      exit: 125, stderr: `Unable to find image 'nosuch:1' locally\ndocker: Error response from daemon: no such host${HELP}` });
    expect(docker('run --pull never nosuch', [refused('POST /containers/create', 404, 'No such image: nosuch:latest')]).stderr)
      .toBe(`docker: Error response from daemon: No such image: nosuch:latest${HELP}`);
  });
});

describe('what docker run refuses itself', () => {
  it.each([
    ['-p 80:80:80', 'invalid IP address: 80'],
    ['-p 70000:80', 'invalid hostPort: 70000'],
    ['-p abc:80', 'invalid hostPort: abc'],
    ['-p 80:abc', 'invalid containerPort: abc'],
    ['-p 80:80/icmp', 'invalid proto: icmp'],
    ['-p 1.2.3:80:80', 'invalid IP address: 1.2.3'],
    ['-p 1-3:1-2', 'invalid ranges specified for container and host Ports: 1-2 and 1-3'],
    ['--expose abc', 'invalid range format for --expose: abc, error: strconv.ParseUint: parsing "abc": invalid syntax'],
    ['--expose 1:2', 'invalid port format for --expose: 1:2'],
    ['--mac-address nonsense', 'nonsense is not a valid mac address'],
    ['--mac-address 02:42:de:ad:be:ef', '"specify mac-address per network" requires API version 1.44, but the Docker daemon API version is 1.41'],
    ['--network bridge --network-alias q', 'network-scoped aliases are only supported for user-defined networks'],
    ['--network name=lab,alias=a --network-alias b', 'conflicting options: cannot specify both --network-alias and per-network alias'],
    ['--rm --restart always', 'conflicting options: cannot specify both --restart and --rm'],
    ['--restart on-failure:x', 'invalid restart policy format: maximum retry count must be an integer'],
    ['--pid foo', '--pid: invalid PID mode'],
    ['--env-file /nosuch', 'open /nosuch: no such file or directory'],
    ['--pull sometimes', 'invalid pull option: \'sometimes\': must be one of "always", "missing" or "never"'],
    ['--no-healthcheck --health-cmd x', '--no-healthcheck conflicts with --health-* options'],
    ['--log-driver none --log-opt a=b', 'invalid logging opts for driver none'],
    ['--security-opt x', 'Invalid --security-opt: "x"'],
  ])('%s', (flags, text) => {
    expect(docker(`run -d ${flags} busybox`)).toMatchObject({ exit: 125, stdout: '', stderr: `docker: ${text}${HELP}` });
  });

  it.each([
    ['busyBox', 'invalid reference format: repository name (library/busyBox) must be lowercase'],
    ['containerImage:1', 'invalid reference format: repository name (library/containerImage) must be lowercase'],
    ['busybox:BAD:x', 'invalid reference format'],
    ['busybox@sha256:abc', 'invalid reference format'],
  ])('the image %s', (image, text) => {
    expect(docker(`run -d ${image}`)).toMatchObject({ exit: 125, stderr: `docker: ${text}${HELP}` });
  });

  it.each([
    ['--nosuchflag busybox', 'unknown flag: --nosuchflag'],
    ['-d -p', "flag needs an argument: 'p' in -p"],
    ['--link a:b:c:d busybox', 'invalid argument "a:b:c:d" for "--link" flag: bad format for links: a:b:c:d'],
    ['--dns nonsense busybox', 'invalid argument "nonsense" for "--dns" flag: IP address is not correctly formatted: nonsense'],
    ['--add-host foo busybox', 'invalid argument "foo" for "--add-host" flag: bad format for add-host: "foo"'],
    ['--label = busybox', 'invalid argument "=" for "-l, --label" flag: invalid label \'=\': empty name'],
    ['--sysctl a=b busybox', 'invalid argument "a=b" for "--sysctl" flag: sysctl \'a=b\' is not allowed'],
    ['--attach foo busybox', 'invalid argument "foo" for "-a, --attach" flag: valid streams are STDIN, STDOUT and STDERR'],
    ['--ulimit x busybox', 'invalid argument "x" for "--ulimit" flag: invalid ulimit argument: x'],
  ])('the line: run %s', (line, text) => {
    expect(docker(`run ${line}`)).toMatchObject({ exit: 125, stderr: `${text}${USAGE}` });
  });

  it('a word too few, and two ways at once', () => {
    expect(docker('run')).toMatchObject({ exit: 1, stderr: "docker: 'docker run' requires at least 1 argument\n\n"
      + "Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nSee 'docker run --help' for more information\n" });
    expect(docker('run -d -a stdout busybox')).toMatchObject({ exit: 1, stderr: 'conflicting options: cannot specify both --attach and --detach\n' });
  });
});

it('takes a MAC address for an engine that can have it', () => {
  docker('create --mac-address 02:42:de:ad:be:ef busybox', [{
    expect: 'POST /containers/create', answer: { Id: BOX }, body: expect.objectContaining({ MacAddress: '02:42:de:ad:be:ef' }) as Json,
  }], { apiVersion: '1.47' });
});

describe('docker create', () => {
  it('puts the engine\'s refusal plainly', () => {
    expect(docker('create --name box busybox', [refused('POST /containers/create?name=box', 409, 'Conflict.')]))
      .toMatchObject({ exit: 1, stdout: '', stderr: 'Error response from daemon: Conflict.\n' });
    expect(docker('create -p 80:80:80 busybox')).toMatchObject({ exit: 125,
      stderr: "docker: invalid IP address: 80\n\nRun 'docker create --help' for more information\n" });
  });
});

import type { Json } from '@netreel/sim';
import { docker, id, refused } from '../../test/scripted-api.js';

const BOX = id('61d');
const HELP = "\n\nRun 'docker run --help' for more information\n";
const USAGE = `\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]${HELP}`;

describe('docker run -d', () => {
  const created = { expect: 'POST /containers/create?name=web', status: 201, answer: { Id: BOX, Warnings: [] } };
  const start = `POST /containers/${BOX}/start`;

  it('creates, tells the id, starts', () => {
    expect(
      docker('run -d --name web busybox', [
        {
          ...created,
          body: expect.objectContaining({ AttachStdin: false, AttachStdout: false, AttachStderr: false }) as Json,
        },
        { expect: start, status: 204 },
      ]),
    ).toMatchObject({ exit: 0, stdout: `${BOX}\n`, stderr: '' });
  });

  it('tells the id even when the start fails', () => {
    expect(
      docker('run -d --name web --network nosuch busybox', [created, refused(start, 404, 'network nosuch not found')]),
    ).toMatchObject({
      exit: 125,
      stdout: `${BOX}\n`,
      stderr: `docker: Error response from daemon: network nosuch not found${HELP}`,
    });
  });

  it('passes warnings on', () => {
    const warned = {
      ...created,
      answer: { Id: BOX, Warnings: ['Published ports are discarded when using host network mode'] },
    };
    expect(
      docker('run -d --name web --net host -p 1:1 --dns 127.0.0.1 busybox', [warned, { expect: start, status: 204 }])
        .stderr,
    ).toBe(
      'WARNING: Published ports are discarded when using host network mode\nWARNING: Localhost DNS (127.0.0.1) ' +
      'may fail in containers.\n',
    );
  });

  it('-it is no terminal, but nobody looks', () => {
    expect(docker('run -itd --name web busybox', [created, { expect: start, status: 204 }]).exit).toBe(0);
  });
});

describe('docker run', () => {
  const created = { expect: 'POST /containers/create', status: 201, answer: { Id: BOX, Warnings: [] } };
  const attach = `POST /containers/${BOX}/attach?stderr=1&stdout=1&stream=1`;
  const output = [
    { stream: 'stdout', text: 'hi\n' },
    { stream: 'stderr', text: 'oh\n' },
    { stream: 'stdout', text: 'bye\n' },
  ] as const;

  it('attaches and waits before it starts, and ends as the container ends', () => {
    const result = docker("run --rm busybox sh -c 'exit 3'", [
      created,
      { expect: attach, output },
      { expect: `POST /containers/${BOX}/wait?condition=removed`, answer: { StatusCode: 3 } },
      { expect: `POST /containers/${BOX}/start`, status: 204 },
    ]);
    expect(result).toEqual({ exit: 3, stdout: 'hi\nbye\n', stderr: 'oh\n', chunks: output });
  });

  it('has one stream with a terminal', () => {
    const result = docker('run -t busybox x', [
      created,
      { expect: attach, output },
      { expect: `POST /containers/${BOX}/wait?condition=next-exit`, answer: { StatusCode: 0 } },
      { expect: `POST /containers/${BOX}/start`, status: 204 },
    ]);
    expect(result).toMatchObject({ exit: 0, stdout: 'hi\noh\nbye\n', stderr: '' });
  });

  it('-it needs a terminal', () => {
    expect(docker('run -it busybox')).toMatchObject({ exit: 1, stderr: 'the input device is not a TTY\n' });
    expect(docker('run -it busybox', [refused('POST /containers/create', 400, 'x')], { terminal: true }).exit).toBe(
      125,
    );
  });

  it.each([
    ['exec: "nosuch": executable file not found in $PATH: unknown', 127],
    ['exec: "/etc/passwd": permission denied: unknown', 126],
    ['Address already in use', 125],
  ])('%s ends with %i', (message, exit) => {
    const result = docker('run busybox nosuch', [
      created,
      { expect: attach },
      { expect: `POST /containers/${BOX}/wait?condition=next-exit` },
      refused(`POST /containers/${BOX}/start`, 400, message),
    ]);
    expect(result).toMatchObject({ exit, stdout: '', stderr: `docker: Error response from daemon: ${message}${HELP}` });
  });

  it('fetches an image that is missing', () => {
    const gone = refused('POST /containers/create', 404, 'No such image: team/app:latest');
    const pull = 'POST /images/create?fromImage=docker.io/team/app&tag=latest';
    expect(
      docker('run -d team/app', [
        gone,
        { expect: pull, answer: [{ status: 'Pulling from team/app', id: 'latest' }] },
        created,
        { expect: `POST /containers/${BOX}/start`, status: 204 },
      ]),
    ).toMatchObject({
      exit: 0,
      stdout: `${BOX}\n`,
      stderr: "Unable to find image 'team/app:latest' locally\nlatest: Pulling from team/app\n",
    });
    expect(
      docker('run nosuch:1', [
        refused('POST /containers/create', 404, 'No such image: nosuch:1'),
        refused('POST /images/create?fromImage=docker.io/library/nosuch&tag=1', 500, 'no such host'),
      ]),
    ).toMatchObject({
      exit: 125,
      stderr: `Unable to find image 'nosuch:1' locally\ndocker: Error response from daemon: no such host${HELP}`,
    });
    expect(
      docker('run --pull never nosuch', [refused('POST /containers/create', 404, 'No such image: nosuch:latest')])
        .stderr,
    ).toBe(`docker: Error response from daemon: No such image: nosuch:latest${HELP}`);
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
    [
      '--mac-address 02:42:de:ad:be:ef',
      '"specify mac-address per network" requires API version 1.44, but the Docker daemon API version is 1.41',
    ],
    ['--network bridge --network-alias q', 'network-scoped aliases are only supported for user-defined networks'],
    [
      '--network name=lab,alias=a --network-alias b',
      'conflicting options: cannot specify both --network-alias and per-network alias',
    ],
    ['--rm --restart always', 'conflicting options: cannot specify both --restart and --rm'],
    ['--restart on-failure:x', 'invalid restart policy format: maximum retry count must be an integer'],
    ['--pid foo', '--pid: invalid PID mode'],
    ['--env-file /nosuch', 'open /nosuch: no such file or directory'],
    ['--pull sometimes', 'invalid pull option: \'sometimes\': must be one of "always", "missing" or "never"'],
    ['--no-healthcheck --health-cmd x', '--no-healthcheck conflicts with --health-* options'],
    ['--log-driver none --log-opt a=b', 'invalid logging opts for driver none'],
    ['--security-opt x', 'Invalid --security-opt: "x"'],
  ])('%s', (flags, text) => {
    expect(docker(`run -d ${flags} busybox`)).toMatchObject({
      exit: 125,
      stdout: '',
      stderr: `docker: ${text}${HELP}`,
    });
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
    [
      '--dns nonsense busybox',
      'invalid argument "nonsense" for "--dns" flag: IP address is not correctly formatted: nonsense',
    ],
    ['--add-host foo busybox', 'invalid argument "foo" for "--add-host" flag: bad format for add-host: "foo"'],
    ['--label = busybox', 'invalid argument "=" for "-l, --label" flag: invalid label \'=\': empty name'],
    ['--sysctl a=b busybox', 'invalid argument "a=b" for "--sysctl" flag: sysctl \'a=b\' is not allowed'],
    [
      '--attach foo busybox',
      'invalid argument "foo" for "-a, --attach" flag: valid streams are STDIN, STDOUT and STDERR',
    ],
    [
      '--network name=lab,nosuch=1 busybox',
      'invalid argument "name=lab,nosuch=1" for "--network" flag: invalid field key nosuch',
    ],
    ['--mount type=tmpfs busybox', 'invalid argument "type=tmpfs" for "--mount" flag: target is required'],
    ['--ulimit foo=5 busybox', 'invalid argument "foo=5" for "--ulimit" flag: invalid ulimit type: foo'],
    ['--dns-search b_d.x busybox', 'invalid argument "b_d.x" for "--dns-search" flag: b_d.x is not a valid domain'],
    ['--ulimit x busybox', 'invalid argument "x" for "--ulimit" flag: invalid ulimit argument: x'],
  ])('the line: run %s', (line, text) => {
    expect(docker(`run ${line}`)).toMatchObject({ exit: 125, stderr: `${text}${USAGE}` });
  });

  it('a word too few, and two ways at once', () => {
    expect(docker('run')).toMatchObject({
      exit: 1,
      stderr:
        "docker: 'docker run' requires at least 1 argument\n\n" +
        "Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nSee 'docker run --help' for more information\n",
    });
    expect(docker('run -d -a stdout busybox')).toMatchObject({
      exit: 1,
      stderr: 'conflicting options: cannot specify both --attach and --detach\n',
    });
  });
});

describe('docker create', () => {
  it("puts the engine's refusal plainly", () => {
    expect(
      docker('create --name box busybox', [refused('POST /containers/create?name=box', 409, 'Conflict.')]),
    ).toMatchObject({ exit: 1, stdout: '', stderr: 'Error response from daemon: Conflict.\n' });
    expect(docker('create -p 80:80:80 busybox')).toMatchObject({
      exit: 125,
      stderr: "docker: invalid IP address: 80\n\nRun 'docker create --help' for more information\n",
    });
  });
});

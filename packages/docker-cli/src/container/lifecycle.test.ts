import { docker, id, refused } from '../../test/scripted-api.js';

const gone = (expected: string, name = 'nosuch') => refused(expected, 404, `No such container: ${name}`);
const GONE = 'Error response from daemon: No such container: nosuch\n';

describe('commands about a container that is not there', () => {
  it.each([
    ['exec nosuch true', 'GET /containers/nosuch/json', GONE],
    ['start nosuch', 'POST /containers/nosuch/start', `${GONE}Error: failed to start containers: nosuch\n`],
    ['stop nosuch', 'POST /containers/nosuch/stop', GONE],
    ['restart nosuch', 'POST /containers/nosuch/restart', GONE],
    ['pause nosuch', 'POST /containers/nosuch/pause', GONE],
    ['rm nosuch', 'DELETE /containers/nosuch', GONE],
    ['port nosuch', 'GET /containers/nosuch/json', GONE],
    ['logs nosuch', 'GET /containers/nosuch/json', GONE],
    ['top nosuch', 'GET /containers/nosuch/top', GONE],
    ['wait nosuch', 'POST /containers/nosuch/wait', GONE],
    [
      'rename nosuch e',
      'POST /containers/nosuch/rename?name=e',
      `${GONE}Error: failed to rename container named nosuch\n`,
    ],
  ])('docker %s', (line, expected, stderr) => {
    expect(docker(line, [gone(expected)])).toMatchObject({ exit: 1, stdout: '', stderr });
  });
});

describe('several containers at once', () => {
  it('the names that worked, then what did not', () => {
    expect(
      docker('stop -t 0 box nosuch', [
        { expect: 'POST /containers/box/stop?t=0', status: 204 },
        gone('POST /containers/nosuch/stop?t=0'),
      ]),
    ).toMatchObject({ exit: 1, stdout: 'box\n', stderr: GONE });
    expect(
      docker('start a nosuch', [
        { expect: 'POST /containers/a/start', status: 204 },
        gone('POST /containers/nosuch/start'),
      ]),
    ).toMatchObject({ exit: 1, stdout: 'a\n', stderr: `${GONE}Error: failed to start containers: nosuch\n` });
    expect(
      docker('kill -s INT a b', [
        { expect: 'POST /containers/a/kill?signal=INT', status: 204 },
        { expect: 'POST /containers/b/kill?signal=INT', status: 204 },
      ]).stdout,
    ).toBe('a\nb\n');
    expect(
      docker('wait a b', [
        { expect: 'POST /containers/a/wait', answer: { StatusCode: 0 } },
        { expect: 'POST /containers/b/wait', answer: { StatusCode: 137 } },
      ]).stdout,
    ).toBe('0\n137\n');
  });

  it('rm -f minds nothing that is gone already', () => {
    expect(
      docker('rm -fv a nosuch', [
        { expect: 'DELETE /containers/a?force=1&v=1', status: 204 },
        gone('DELETE /containers/nosuch?force=1&v=1'),
      ]),
    ).toMatchObject({ exit: 0, stdout: 'a\n', stderr: GONE });
  });
});

describe('single commands', () => {
  it('stop sends a signal only to an engine that takes one, and knows its old flag', () => {
    docker('stop -s INT box', [{ expect: 'POST /containers/box/stop' }]);
    docker('stop -s INT box', [{ expect: 'POST /containers/box/stop?signal=INT' }], { apiVersion: '1.42' });
    expect(docker('stop --time 0 box', [{ expect: 'POST /containers/box/stop?t=0' }]).stdout).toBe(
      'Flag --time has been deprecated, use --timeout instead\nbox\n',
    );
  });

  it('rename is silent, and has no empty names', () => {
    expect(
      docker('rename before after', [{ expect: 'POST /containers/before/rename?name=after', status: 204 }]),
    ).toMatchObject({ exit: 0, stdout: '' });
    expect(docker("rename box ''").stderr).toBe('Error: Neither old nor new names may be empty\n');
  });

  it('update sends a policy', () => {
    expect(
      docker('update --restart no loop', [
        {
          expect: 'POST /containers/loop/update',
          answer: { Warnings: null },
          body: expect.objectContaining({ RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }) as never,
        },
      ]).stdout,
    ).toBe('loop\n');
    expect(docker('update loop').stderr).toBe('you must provide one or more flags when using this command\n');
  });

  it('container prune tells what went', () => {
    expect(
      docker('container prune -f', [
        { expect: 'POST /containers/prune', answer: { ContainersDeleted: ['a', 'b'], SpaceReclaimed: 1500 } },
      ]).stdout,
    ).toBe('Deleted Containers:\na\nb\n\nTotal reclaimed space: 1.5kB\n');
  });
});

describe('docker port', () => {
  const Ports = {
    '80/tcp': [
      { HostIp: '0.0.0.0', HostPort: '8080' },
      { HostIp: '::', HostPort: '8080' },
    ],
    '443/tcp': null,
    '9/udp': [{ HostIp: '127.0.0.1', HostPort: '9000' }],
  };
  const port = (words: string) =>
    docker(`port site ${words}`, [{ expect: 'GET /containers/site/json', answer: { NetworkSettings: { Ports } } }]);

  it.each([
    ['', '9/udp -> 127.0.0.1:9000\n80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n'],
    ['80', '0.0.0.0:8080\n[::]:8080\n'],
    ['9/udp', '127.0.0.1:9000\n'],
  ])('port site %s', (words, stdout) => {
    expect(port(words)).toMatchObject({ exit: 0, stdout, stderr: '' });
  });

  it.each([
    ['81', "Error: No public port '81' published for site\n"],
    ['443', "Error: No public port '443' published for site\n"],
    ['80/udp', "Error: No public port '80/udp' published for site\n"],
    ['abc', 'Error: invalid port (abc): strconv.ParseUint: parsing "abc": invalid syntax\n'],
  ])('port site %s is refused', (words, stderr) => {
    expect(port(words)).toMatchObject({ exit: 1, stdout: '', stderr });
  });
});

describe('docker exec', () => {
  const there = { expect: 'GET /containers/box/json', answer: { Id: id('484') } };
  const made = { expect: 'POST /containers/box/exec', status: 201, answer: { Id: 'e1' } };

  it('runs a command and ends as it ends', () => {
    const output = [
      { stream: 'stdout', text: 'out\n' },
      { stream: 'stderr', text: 'err\n' },
    ] as const;
    expect(
      docker("exec -e COLOUR=blue -w /tmp -u 0 box sh -c 'exit 5'", [
        there,
        {
          ...made,
          body: {
            User: '0',
            Privileged: false,
            Tty: false,
            AttachStdin: false,
            AttachStderr: true,
            AttachStdout: true,
            Detach: false,
            DetachKeys: '',
            Env: ['COLOUR=blue'],
            WorkingDir: '/tmp',
            Cmd: ['sh', '-c', 'exit 5'],
          },
        },
        { expect: 'POST /exec/e1/start', body: { Detach: false, Tty: false }, output },
        { expect: 'GET /exec/e1/json', answer: { ExitCode: 5 } },
      ]),
    ).toMatchObject({ exit: 5, stdout: 'out\n', stderr: 'err\n', chunks: output });
  });

  it("-d does not wait; -it needs a terminal; a stopped container is the engine's to refuse", () => {
    expect(
      docker('exec -d box sleep 9', [
        there,
        made,
        { expect: 'POST /exec/e1/start', body: { Detach: true, Tty: false } },
      ]),
    ).toMatchObject({ exit: 0, stdout: '' });
    expect(docker('exec -it box sh', [there])).toMatchObject({ exit: 1, stderr: 'the input device is not a TTY\n' });
    expect(docker('exec box true', [there, refused(made.expect, 409, 'Container x is not running')])).toMatchObject({
      exit: 1,
      stderr: 'Error response from daemon: Container x is not running\n',
    });
  });
});

describe('docker logs, top, start -a and attach', () => {
  const output = [{ stream: 'stdout', text: 'hi\n' }] as const;
  const BOX = id('484');
  const inspected = {
    Id: BOX,
    Config: { Tty: false, OpenStdin: true },
    State: { Running: true },
    HostConfig: { AutoRemove: false },
  };

  it('logs asks by the id, with moments as Unix seconds', () => {
    expect(
      docker('logs -t -n 1 --since 10m --until 2024-01-01 web', [
        { expect: 'GET /containers/web/json', answer: inspected },
        {
          expect: `GET /containers/${BOX}/logs?since=1704066600&stderr=1&stdout=1&tail=1&timestamps=1` +
            `&until=1704067200.000000000`,
          output,
        },
      ]).stdout,
    ).toBe('hi\n');
    expect(docker('logs --since foo web', [{ expect: 'GET /containers/web/json', answer: inspected }]).stderr).toBe(
      'invalid value for "since": failed to parse value as time or duration: "foo"\n',
    );
  });

  it('logs knows the calendar', () => {
    const script = [{ expect: 'GET /containers/web/json', answer: inspected }];
    expect(docker('logs --since 2023-13-45 web', script).stderr).toBe(
      'invalid value for "since": parsing time "2023-13-45": month out of range\n',
    );
    expect(docker('logs --until 2023-02-29 web', script).stderr).toBe(
      'invalid value for "until": parsing time "2023-02-29": day out of range\n',
    );
  });

  it('top sets its columns wide', () => {
    expect(
      docker('top box -o pid,args', [
        {
          expect: 'GET /containers/box/top?ps_args=-o pid,args',
          answer: { Titles: ['PID', 'CMD'], Processes: [['351', 'sleep 9']] },
        },
      ]).stdout,
    ).toBe('PID                 CMD\n351                 sleep 9\n');
  });

  it('start -a stays until the end', () => {
    expect(
      docker('start -a box', [
        { expect: 'GET /containers/box/json', answer: inspected },
        { expect: `POST /containers/${BOX}/attach?stderr=1&stdout=1&stream=1`, output },
        { expect: `POST /containers/${BOX}/wait?condition=next-exit`, answer: { StatusCode: 2 } },
        { expect: `POST /containers/${BOX}/start`, status: 204 },
      ]),
    ).toMatchObject({ exit: 2, stdout: 'hi\n' });
  });

  it('attach wants a running container', () => {
    const wait = { expect: 'POST /containers/box/wait', answer: { StatusCode: 0 } };
    expect(
      docker('attach box', [wait, { expect: 'GET /containers/box/json', answer: { State: { Running: false } } }]),
    ).toMatchObject({ exit: 1, stderr: 'You cannot attach to a stopped container, start it first\n' });
    expect(
      docker('attach --no-stdin box', [
        wait,
        { expect: 'GET /containers/box/json', answer: inspected },
        { expect: 'POST /containers/box/attach?stderr=1&stdout=1&stream=1', output },
      ]),
    ).toMatchObject({ exit: 0, stdout: 'hi\n' });
  });
});

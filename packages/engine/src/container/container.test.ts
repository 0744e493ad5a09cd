import { startOperation } from '@netreel/sim';
import { formatIpv4 } from '@netreel/wire';
import type { OutputPiece } from '../tables.js';
import { TestHost, containerRequest } from '../testing.js';

const SECOND = 1_000_000_000;
const types = (events: readonly { readonly type: string }[]): string[] => events.map((event) => event.type);
const addressOf = (host: TestHost, name: string): string =>
  [...host.tables.endpoints.values()].filter((one) => one.container === host.row(name).id).map((one) =>
    formatIpv4(one.address)).join(' ');

describe('the life of a container in events', () => {
  it('is created with its network, and nothing else', () => {
    const host = new TestHost();
    expect(types(host.during(() => host.create('box')))).toEqual(['ContainerCreated', 'EndpointConfigured']);
    expect(host.row('box')).toMatchObject({ status: 'created', netns: '', pid: 0 });
  });

  it('is warned that the host\'s own stack publishes nothing', () => {
    const host = new TestHost();
    const portBindings = { '80/tcp': [{ hostIp: '', hostPort: '8080' }] };
    const warningsOn = (network: string): readonly string[] => host.must(host.engine.createContainer(
      containerRequest(`on-${network}`, { network, host: { portBindings } }))).warnings;
    expect(warningsOn('host')).toEqual(['Published ports are discarded when using host network mode']);
    expect(warningsOn('bridge')).toEqual([]);
  });

  it('starts: sandbox, address, endpoint, route, files, process', () => {
    const host = new TestHost();
    const id = host.create('box');
    const events = host.during(() => host.must(host.engine.startContainer('box')));
    expect(types(events)).toEqual(['SandboxCreated', 'EndpointConfigured', 'AddressAssigned', 'EndpointJoined',
      'GatewayChosen',
      'FileWritten', 'FileWritten', 'FileWritten', 'ContainerStarted']);
    expect(events[0]).toEqual({ type: 'SandboxCreated', container: id, netns: `c-${id.slice(0, 12)}`, shared: false });
    expect(events[3]).toMatchObject({ interface: 'eth0', address: 0xac11_0002, prefix: 16, gateway: 0xac11_0001,
      mtu: 1500,
      mac: 0x0242_ac11_0002, names: ['box'] });
  });

  it('ends: endpoint, address, sandbox, death', () => {
    const host = new TestHost();
    host.run('box');
    expect(types(host.during(() => host.must(host.engine.killContainer('box')))))
      .toEqual(['NoticePosted', 'ContainerDied', 'EndpointLeft', 'AddressReleased', 'SandboxRemoved']);
    expect(host.row('box')).toMatchObject({ status: 'exited', exitCode: 137 });
  });

  it('goes by itself with --rm, and whoever waits for that wakes with the status', () => {
    const host = new TestHost();
    host.create('box', { cmd: ['soon'], host: { autoRemove: true } });
    const waiting = host.begin(host.engine.waitContainer('box', 'removed'));
    host.must(host.engine.startContainer('box'));
    host.pass(3 * SECOND);
    expect(waiting.result).toEqual({ value: { exitCode: 3, error: '' } });
    expect(host.tables.containers.size).toBe(0);
  });
});

describe('create refuses', () => {
  it.each([
    ['bad name', {}, 'Invalid container name (bad name), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed'],
    ['x', {}, 'Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed'],
    ['c1x', { image: 'nosuch' }, 'No such image: nosuch:latest'],
    ['c1x', { network: 'lab', endpoint: { ipv4Address: '300.1.1.1' } }, 'invalid IPv4 address: 300.1.1.1'],
    ['c1x', { network: 'container:' }, 'Invalid network mode: invalid container format container:<name|id>'],
    ['c1x', { network: 'container:base', hostname: 'desk' }, 'conflicting options: hostname and the network mode'],
    ['c1x', { network: 'container:base', host: { dns: ['192.0.2.53'] } },
      'conflicting options: dns and the network mode'],
    ['c1x', { network: 'container:base', host: { extraHosts: ['a:10.0.0.1'] } },
      'conflicting options: custom host-to-IP mapping and the network mode'],
    ['c1x', { network: 'container:base', exposedPorts: ['80/tcp'] },
      'conflicting options: port exposing and the container type network mode'],
    ['c1x', { network: 'container:base', host: { portBindings: { '80/tcp': [{ hostIp: '', hostPort: '8080' }] } } },
      'conflicting options: port publishing and the container type network mode'],
    ['c1x', { network: 'host', host: { links: ['target:t'] } },
      'conflicting options: host type networking can\'t be used with links. This would result in undefined behavior'],
    ['c1x', { host: { links: ['nosuch:x'] } }, 'could not get container for nosuch: No such container: nosuch'],
  ])('%s %j', (name, wishes, message) => {
    const host = new TestHost();
    expect(host.refusal(host.engine.createContainer(containerRequest(name, wishes)))).toBe(message);
    expect(host.tables.containers.size).toBe(0);
  });

  it('a name that is taken', () => {
    const host = new TestHost();
    const id = host.create('dup');
    const text = `Conflict. The container name "/dup" is already in use by container "${id}". You have to ` +
      'remove (or rename) that container to be able to reuse that name.';
    expect(host.refusal(host.engine.createContainer(containerRequest('dup')))).toBe(text);
    host.create('other');
    expect(host.refusal(host.engine.renameContainer('other', 'dup'))).toBe(`Error when allocating new name: ${text}`);
  });
});

describe('a start that fails', () => {
  it('leaves the container created, with code and text, and nothing of its network', () => {
    const host = new TestHost();
    host.create('box', { network: 'nosuch' });
    expect(host.refusal(host.engine.startContainer('box'))).toBe('network nosuch not found');
    expect(host.row('box')).toMatchObject({ status: 'created', exitCode: 128, error: 'network nosuch not found',
      netns: '' });
  });

  it('says of a missing program what the runtime says, with 127', () => {
    const host = new TestHost();
    host.create('box', { cmd: ['nosuchcommand'] });
    const text = 'failed to create shim task: OCI runtime create failed: runc create failed: unable to start ' +
      'container process: exec: "nosuchcommand": executable file not found in $PATH: unknown';
    expect(host.refusal(host.engine.startContainer('box'))).toBe(text);
    expect(host.row('box')).toMatchObject({ status: 'created', exitCode: 127, error: text });
    expect(addressOf(host, 'box')).toBe('');
    host.run('next');
    expect(addressOf(host, 'next')).toBe('172.17.0.2');
  });

  it('wakes who waits for the exit, and removes with --rm', () => {
    const host = new TestHost();
    host.create('box', { cmd: ['nosuchcommand'], host: { autoRemove: true } });
    const attached = host.begin(host.engine.attachContainer('box', { history: true, stream: true },
      { write: () => undefined }));
    host.refusal(host.engine.startContainer('box'));
    expect(attached.result).toEqual({ value: undefined });
    expect(host.tables.containers.size).toBe(0);
  });
});

describe('stop', () => {
  it('sends the stop signal, and SIGKILL after ten seconds to who does not heed it', () => {
    const host = new TestHost();
    host.run('box');
    host.must(host.engine.stopContainer('box'));
    expect(host.signals).toEqual(['SIGTERM box', 'SIGKILL box']);
    expect(host.now).toBe(10 * SECOND);
    expect(host.row('box')).toMatchObject({ status: 'exited', exitCode: 137 });
  });

  it('uses the image\'s stop signal, and is over as soon as the process is', () => {
    const host = new TestHost();
    host.run('web', { image: 'nginx' });
    host.must(host.engine.stopContainer('web'));
    expect(host.signals).toEqual(['SIGQUIT web']);
    expect(host.now).toBe(0);
    expect(host.row('web').exitCode).toBe(0);
  });

  it('frees the address: the order of later starts decides', () => {
    const host = new TestHost();
    for (const name of ['first', 'second']) host.run(name);
    for (const name of ['first', 'second']) host.must(host.engine.stopContainer(name, 0));
    for (const name of ['second', 'first']) host.must(host.engine.startContainer(name));
    expect([addressOf(host, 'first'), addressOf(host, 'second')]).toEqual(['172.17.0.3', '172.17.0.2']);
  });

  it('changes nothing when nothing runs', () => {
    const host = new TestHost();
    host.create('box');
    expect(host.ask(host.engine.stopContainer('box'))).toEqual({ changed: false });
    host.must(host.engine.startContainer('box'));
    expect(host.ask(host.engine.startContainer('box'))).toEqual({ changed: false });
  });

  it('of a restart keeps the address when nobody takes it in between', () => {
    const host = new TestHost();
    host.run('a1');
    host.run('a2');
    host.must(host.engine.restartContainer('a1', 0));
    expect(addressOf(host, 'a1')).toBe('172.17.0.2');
  });

  it.each([
    ['nosuch', 'SIGKILL', 'Cannot kill container: nosuch: No such container: nosuch'],
    ['box', 'SIGNOPE', 'Invalid signal: SIGNOPE'],
  ])('kill %s %s is refused', (name, signal, message) => {
    const host = new TestHost();
    host.create('box');
    expect(host.refusal(host.engine.killContainer(name, signal))).toBe(message);
  });

  it('kill of what does not run is refused', () => {
    const host = new TestHost();
    const id = host.create('k1');
    expect(host.refusal(host.engine.killContainer('k1')))
      .toBe(`Cannot kill container: k1: Container ${id} is not running`);
  });
});

describe('removal', () => {
  it('needs force for what runs', () => {
    const host = new TestHost();
    const id = host.run('box');
    expect(host.refusal(host.engine.removeContainer('box', { force: false, volumes: false })))
      .toBe(`You cannot remove a running container ${id}. Stop the container before attempting removal or force ` +
        'remove');
    host.must(host.engine.removeContainer('box', { force: true, volumes: false }));
    expect(host.refusal(host.engine.removeContainer('box', { force: true,
      volumes: false }))).toBe('No such container: box');
  });
});

describe('restart policies', () => {
  it('always: again after 100 ms, then 200, with a count', () => {
    const host = new TestHost();
    host.run('loop', { cmd: ['soon'], host: { restartPolicy: { name: 'always', maximumRetryCount: 0 } } });
    host.pass(2 * SECOND);
    expect(host.row('loop')).toMatchObject({ status: 'restarting', exitCode: 3, restartCount: 1 });
    host.pass(100_000_000);
    expect(host.row('loop')).toMatchObject({ status: 'running', restartCount: 1 });
    host.pass(2 * SECOND + 199_999_999);
    expect(host.row('loop').status).toBe('restarting');
    host.pass(1);
    expect(host.row('loop')).toMatchObject({ status: 'running', restartCount: 2 });
    expect(addressOf(host, 'loop')).toBe('172.17.0.2');
  });

  it('on-failure: no more often than it says; never after a stop by hand', () => {
    const host = new TestHost();
    host.run('twice', { cmd: ['soon'], host: { restartPolicy: { name: 'on-failure', maximumRetryCount: 2 } } });
    host.run('stopped', { host: { restartPolicy: { name: 'always', maximumRetryCount: 0 } } });
    host.must(host.engine.killContainer('stopped'));
    host.pass(60 * SECOND);
    expect(host.row('twice')).toMatchObject({ status: 'exited', restartCount: 2 });
    expect(host.row('stopped').status).toBe('exited');
  });

  it('a removal cancels the restart that was due', () => {
    const host = new TestHost();
    host.run('loop', { cmd: ['soon'], host: { restartPolicy: { name: 'always', maximumRetryCount: 0 } } });
    host.pass(2 * SECOND);
    host.must(host.engine.removeContainer('loop', { force: true, volumes: false }));
    host.pass(60 * SECOND);
    expect(host.tables.containers.size).toBe(0);
  });
});

describe('attach and wait', () => {
  it('attach to a container before its start hears all of it', () => {
    const host = new TestHost();
    host.create('box', { cmd: ['echo'] });
    const heard: OutputPiece[] = [];
    const attached = host.begin(host.engine.attachContainer('box', { history: false, stream: true },
      { write: (row) => heard.push(row) }));
    const waited = host.begin(host.engine.waitContainer('box', 'next-exit'));
    host.must(host.engine.startContainer('box'));
    host.pass(SECOND);
    expect(attached.result).toEqual({ value: undefined });
    expect(heard).toEqual([{ stream: 'stdout', text: 'hello\nworld\n' }, { stream: 'stderr', text: 'oops\n' }]);
    expect(waited.result?.value).toEqual({ exitCode: 0, error: '' });
    expect(host.ask(host.engine.waitContainer('box', 'not-running'))).toEqual({ exitCode: 0, error: '' });
  });
});

describe('two at once', () => {
  const given = (): TestHost => {
    const host = new TestHost();
    host.network('ov', { driver: 'overlay', attachable: true });
    host.create('box', { network: 'ov' });
    return host;
  };

  it('starts: one of them finds it done', () => {
    const host = given();
    const starts = [0, 1].map(() => host.begin(host.engine.startContainer('box')));
    host.pass(SECOND);
    expect(starts.map((start) => start.result?.value)).toEqual([{ changed: true }, { changed: false }]);
    expect(host.events.filter((event) => event.type === 'SandboxCreated')).toHaveLength(1);
  });

  it('a start and a removal: the removal waits, and leaves nothing', () => {
    const host = given();
    host.begin(host.engine.startContainer('box'));
    const removal = host.begin(host.engine.removeContainer('box', { force: true, volumes: false }));
    host.pass(SECOND);
    expect(removal.result).toEqual({ value: undefined });
    expect([host.tables.containers.size, host.tables.endpoints.size, [...host.store.byId.values()][0]!.taken.size])
      .toEqual([0, 0, 0]);
  });

  it('a start that is abandoned on its way leaves nothing of its network', () => {
    const host = given();
    const abandon = startOperation(host.engine.startContainer('box'), () => undefined);
    host.pass(500_000);
    expect(host.row('box').netns).not.toBe('');
    abandon();
    host.pass(SECOND);
    expect([host.row('box').netns, host.tables.endpoints.size, host.tables.networks.size]).toEqual(['', 0, 4]);
    host.must(host.engine.startContainer('box'));
    expect(host.row('box').status).toBe('running');
  });

  it('one that is abandoned while it waits holds nobody up', () => {
    const host = given();
    host.begin(host.engine.startContainer('box'));
    const abandon = startOperation(host.engine.restartContainer('box', 0), () => undefined);
    const removal = host.begin(host.engine.removeContainer('box', { force: true, volumes: false }));
    abandon();
    host.pass(SECOND);
    expect(removal.result).toEqual({ value: undefined });
  });
});

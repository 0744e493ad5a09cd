import { formatIpv4 } from '@netreel/wire';
import { PLAIN_ENDPOINT } from '../container/spec.js';
import { isRefusal } from '../refusal.js';
import { TestHost, containerRequest, subnet } from '../testing.js';

const addressesOf = (host: TestHost, container: string): string[] =>
  [...host.tables.endpoints.values()].filter((one) => one.container === host.row(container).id)
    .map((one) => `${one.interface} ${formatIpv4(one.address)} mtu ${one.mtu}`);

const gatewayOf = (host: TestHost, container: string): string => formatIpv4(host.row(container).gateway);

const SPEC = { name: 'x', checkDuplicate: true, driver: '', internal: false, attachable: false, ingress: false,
  ipv6: false,
  ipamDriver: 'default', ipamOptions: {}, ipam: [], options: {}, labels: {}, configOnly: false, configFrom: '' };

describe('a fresh engine', () => {
  it('has three networks, made at time 0', () => {
    const host = new TestHost();
    expect(host.events.filter((event) => event.type === 'NetworkCreated')
      .map(({ name, driver, bridge, createdAt }) => [name, driver, bridge, createdAt]))
      .toEqual([['none', 'null', '', 0], ['host', 'host', '', 0], ['bridge', 'bridge', 'docker0', 0]]);
  });
});

describe('network create', () => {
  it.each([
    [{ name: 'lab' }, 'network with name lab already exists'],
    [{ name: 'bridge' }, 'operation is not permitted on predefined bridge network'],
    [{ name: 'lab3', driver: 'host' }, 'only one instance of "host" network is allowed'],
    [{ name: 'lab4', driver: 'null' }, 'only one instance of "null" network is allowed'],
    [{ name: 'lab5', driver: 'nosuchdriver' }, 'plugin "nosuchdriver" not found'],
    [{ name: 'six', ipv6: true },
      'could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network'],
    [{ name: 'lab2', configFrom: 'nosuch' }, 'configuration network "nosuch" does not exist'],
  ])('refuses %j', (spec, message) => {
    const host = new TestHost();
    host.network('lab');
    expect(host.refusal(host.engine.createNetwork({ ...SPEC, ...spec }))).toBe(message);
  });

  it('looks 15 seconds for a plugin of an unknown driver', () => {
    const host = new TestHost();
    host.refusal(host.engine.createNetwork({ ...SPEC, driver: 'nosuchdriver' }));
    expect(host.now).toBe(15_000_000_000);
  });

  it('takes its settings from a configuration-only network, which then is in use', () => {
    const host = new TestHost();
    host.network('base', { configOnly: true, driver: 'bridge', ipam: subnet('10.66.0.0/24',
      { gateway: '10.66.0.1' }) });
    host.network('lab', { configFrom: 'base' });
    host.run('box', { network: 'lab' });
    expect(addressesOf(host, 'box')).toEqual(['eth0 10.66.0.2 mtu 1500']);
    host.create('box2', { network: 'base' });
    expect(host.refusal(host.engine.startContainer('box2')))
      .toBe('cannot create endpoint on configuration-only network');
    expect(host.refusal(host.engine.removeNetwork('base')))
      .toBe('error while removing network: configuration network "base" is in use');
  });

  it('makes a second network of a name only when nobody minds, and then the name is ambiguous', () => {
    const host = new TestHost();
    const first = host.network('lab');
    const second = host.must(host.engine.createNetwork({ ...SPEC, name: 'lab', checkDuplicate: false }));
    expect(second.warning).toBe(`Network with name lab (id : ${first}) already exists`);
    expect(host.refusal(host.engine.removeNetwork('lab'))).toBe('network lab is ambiguous (2 matches found on name)');
    host.must(host.engine.removeNetwork(first.slice(0, 12)));
    host.must(host.engine.removeNetwork('lab'));
  });
});

describe('network rm', () => {
  it('refuses what is predefined, missing or in use', () => {
    const host = new TestHost();
    const id = host.network('user-network');
    host.run('container1', { network: 'user-network' });
    expect(host.refusal(host.engine.removeNetwork('bridge')))
      .toBe('bridge is a pre-defined network and cannot be removed');
    expect(host.refusal(host.engine.removeNetwork('nosuch'))).toBe('network nosuch not found');
    expect(host.refusal(host.engine.removeNetwork('user-network')))
      .toBe(`error while removing network: network user-network id ${id} has active endpoints`);
  });

  it('is not held up by a stopped container, which then cannot start, not even on a new network of that name', () => {
    const host = new TestHost();
    const id = host.network('user-network');
    host.run('container1', { network: 'user-network' });
    host.must(host.engine.stopContainer('container1', 0));
    host.must(host.engine.removeNetwork('user-network'));
    expect(host.refusal(host.engine.startContainer('container1'))).toBe(`network ${id} not found`);
    host.network('user-network');
    expect(host.refusal(host.engine.startContainer('container1'))).toBe(`network ${id} not found`);
    expect(host.row('container1').status).toBe('exited');
  });

  it('prunes what no container uses', () => {
    const host = new TestHost();
    host.network('used');
    host.network('idle');
    host.network('kept', { labels: { keep: 'yes' } });
    host.run('box', { network: 'used' });
    expect(host.ask(host.engine.pruneNetworks((network) => network.labels['keep'] === undefined))).toEqual(['idle']);
    host.must(host.engine.stopContainer('box', 0));
    expect(host.ask(host.engine.pruneNetworks(() => true))).toEqual(['used', 'kept']);
  });
});

describe('network connect and disconnect', () => {
  const given = (): TestHost => {
    const host = new TestHost();
    host.network('our-net');
    host.run('one', { network: 'our-net' });
    host.run('inhost', { network: 'host' });
    host.run('innone', { network: 'none' });
    host.run('base');
    host.run('shares', { network: 'container:base' });
    return host;
  };
  const shared =
    'container sharing network namespace with another container or host cannot be connected to any other network';
  const hostMode = 'container cannot be disconnected from host network or connected to host network';
  const noneMode = 'container cannot be connected to multiple networks with one of the networks in private (none) mode';

  it.each([
    ['our-net', 'one', 'endpoint with name one already exists in network our-net'],
    ['nosuch', 'one', 'network nosuch not found'],
    ['our-net', 'nosuch', 'No such container: nosuch'],
    ['host', 'one', hostMode],
    ['none', 'one', noneMode],
    ['our-net', 'inhost', shared],
    ['our-net', 'innone', noneMode],
    ['our-net', 'shares', shared],
  ])('refuses to connect %s %s', (network, container, message) => {
    const host = given();
    expect(host.refusal(host.engine.connect(network, container, PLAIN_ENDPOINT))).toBe(message);
  });

  it.each([
    ['our-net', 'nosuch', false, 'No such container: nosuch'],
    ['our-net', 'nosuch', true, 'endpoint nosuch not found'],
    ['nosuch', 'one', false, 'network nosuch not found'],
    ['host', 'inhost', false, hostMode],
  ])('refuses to disconnect %s %s', (network, container, force, message) => {
    const host = given();
    expect(host.refusal(host.engine.disconnect(network, container, force))).toBe(message);
  });

  it('names the container that is not connected', () => {
    const host = given();
    expect(host.refusal(host.engine.disconnect('bridge', 'one', false)))
      .toBe(`container ${host.row('one').id} is not connected to network bridge`);
  });

  it('lets a container leave none for another network', () => {
    const host = given();
    host.must(host.engine.disconnect('none', 'innone', false));
    host.must(host.engine.connect('our-net', 'innone', PLAIN_ENDPOINT));
    expect(addressesOf(host, 'innone')).toEqual(['eth0 172.18.0.3 mtu 1500']);
  });

  it('refuses an alias on the default bridge', () => {
    const host = new TestHost();
    host.create('box');
    expect(host.refusal(host.engine.connect('bridge', 'box', { ...PLAIN_ENDPOINT, aliases: ['other'] })))
      .toBe('network-scoped alias is supported only for containers in user defined networks');
  });

  it('counts interface names up for the life of the namespace, and frees the address', () => {
    const host = given();
    expect(host.during(() => host.must(host.engine.disconnect('our-net', 'one', false))).map((event) => event.type))
      .toEqual(['EndpointForgotten', 'EndpointLeft', 'AddressReleased', 'GatewayChosen', 'NoticePosted']);
    expect(host.row('one').attachments.size).toBe(0);
    host.must(host.engine.connect('our-net', 'one', PLAIN_ENDPOINT));
    expect(addressesOf(host, 'one')).toEqual(['eth1 172.18.0.2 mtu 1500']);
  });

  it('notes down what a stopped container will be on', () => {
    const host = new TestHost();
    host.network('our-net');
    host.create('one');
    host.must(host.engine.connect('our-net', 'one', PLAIN_ENDPOINT));
    expect([...host.row('one').attachments.keys()]).toEqual(['bridge', 'our-net']);
    expect(addressesOf(host, 'one')).toEqual([]);
    host.must(host.engine.startContainer('one'));
    expect(addressesOf(host, 'one')).toEqual(['eth0 172.17.0.2 mtu 1500', 'eth1 172.18.0.2 mtu 1500']);
  });

  it('keeps the mode\'s short id as typed and attaches to the network it means', () => {
    const host = new TestHost();
    const id = host.network('lab');
    host.run('box', { network: id.slice(0, 12) });
    expect([...host.row('box').attachments.keys()]).toEqual(['lab']);
    expect(host.row('box').spec.host.networkMode).toBe(id.slice(0, 12));
  });
});

describe('the default route', () => {
  it('is that of the network whose name sorts first', () => {
    const host = new TestHost();
    host.network('zulu');
    host.network('alpha');
    host.run('mid', { network: 'zulu' });
    expect(gatewayOf(host, 'mid')).toBe('172.18.0.1');
    host.must(host.engine.connect('alpha', 'mid', PLAIN_ENDPOINT));
    expect(gatewayOf(host, 'mid')).toBe('172.19.0.1');
    host.must(host.engine.disconnect('alpha', 'mid', false));
    expect(gatewayOf(host, 'mid')).toBe('172.18.0.1');
  });

  it('is an internal network\'s only where there is no other', () => {
    const host = new TestHost();
    host.network('closed', { internal: true });
    host.network('open');
    host.run('mid', { network: 'closed' });
    expect(gatewayOf(host, 'mid')).toBe('172.18.0.1');
    host.must(host.engine.connect('open', 'mid', PLAIN_ENDPOINT));
    expect(gatewayOf(host, 'mid')).toBe('172.19.0.1');
  });
});

describe('an overlay', () => {
  const given = (options = {}): TestHost => {
    const host = new TestHost();
    host.network('ov', { driver: 'overlay', attachable: true, options });
    return host;
  };

  it('has no row on a host before a container there uses it', () => {
    const host = given();
    expect(isRefusal(host.engine.findNetwork('ov'))).toBe(true);
    expect(host.ask(host.engine.overlays()).map((network) => network.name)).toEqual(['ov']);
  });

  it('gives the engine itself the second address, and goes on after freed ones', () => {
    const host = given();
    for (const name of ['c1x', 'c2x', 'c3x']) host.run(name, { network: 'ov' });
    expect(['c1x', 'c2x', 'c3x'].flatMap((name) => addressesOf(host, name)))
      .toEqual(['eth0 10.0.1.2 mtu 1450', 'eth1 172.18.0.3 mtu 1500', 'eth0 10.0.1.4 mtu 1450',
        'eth1 172.18.0.4 mtu 1500', 'eth0 10.0.1.5 mtu 1450', 'eth1 172.18.0.5 mtu 1500']);
    host.must(host.engine.removeContainer('c1x', { force: true, volumes: false }));
    host.run('c4x', { network: 'ov' });
    expect(addressesOf(host, 'c4x')).toEqual(['eth0 10.0.1.6 mtu 1450', 'eth1 172.18.0.3 mtu 1500']);
    const network = [...host.tables.networks.values()].find((one) => one.name === 'ov')!;
    expect([...network.addresses].map(([address, owner]) =>
      `${formatIpv4(address)} ${owner.length === 64 ? 'endpoint' : owner}`))
      .toEqual(['10.0.1.3 ov-endpoint', '10.0.1.4 endpoint', '10.0.1.5 endpoint', '10.0.1.6 endpoint']);
  });

  it('joins in the order: row, address, endpoint, way out, own address, files, process', () => {
    const host = given();
    host.create('c1x', { network: 'ov' });
    expect(host.during(() => host.must(host.engine.startContainer('c1x'))).map((event) => event.type)).toEqual([
      'SandboxCreated', 'NetworkCreated', 'EndpointConfigured', 'AddressAssigned', 'EndpointJoined', 'AddressAssigned',
      'EndpointJoined', 'GatewayChosen', 'AddressAssigned', 'FileWritten', 'FileWritten', 'FileWritten',
      'ContainerStarted']);
    expect(host.row('c1x').gateway).toBe(0xac12_0001);
  });

  it('leaves the host with its last container, address and row', () => {
    const host = given();
    host.run('c1x', { network: 'ov' });
    expect(host.during(() => host.must(host.engine.killContainer('c1x'))).map((event) => event.type)).toEqual([
      'NoticePosted', 'ContainerDied', 'EndpointLeft', 'AddressReleased', 'AddressReleased', 'NetworkRemoved',
      'EndpointLeft', 'AddressReleased', 'SandboxRemoved']);
    host.pass(1_000_000);
    expect([...host.store.byId.values()][0]!.taken.size).toBe(0);
    host.must(host.engine.startContainer('c1x'));
    expect(addressesOf(host, 'c1x')).toEqual(['eth0 10.0.1.4 mtu 1450', 'eth1 172.18.0.3 mtu 1500']);
  });

  it('asks for its own address once when two containers come at the same time', () => {
    const host = given();
    host.create('a1', { network: 'ov' });
    host.create('a2', { network: 'ov' });
    const starts = ['a1', 'a2'].map((name) => host.begin(host.engine.startContainer(name)));
    host.pass(10_000_000);
    expect(starts.map((start) => start.result)).toEqual([{ value: { changed: true } }, { value: { changed: true } }]);
    const owners = host.events.filter((event) => event.type === 'AddressAssigned').map((event) => event.owner);
    expect(owners.filter((owner) => owner === 'ov-endpoint')).toHaveLength(1);
  });

  it('leaves 26 bytes less when it is encrypted', () => {
    const host = given({ encrypted: '' });
    host.run('e1', { network: 'ov' });
    expect(addressesOf(host, 'e1')).toEqual(['eth0 10.0.1.2 mtu 1424', 'eth1 172.18.0.3 mtu 1500']);
  });

  it('tells the store that it is to be the routing mesh', () => {
    const host = new TestHost();
    for (const ingress of [true, false]) {
      host.must(host.engine.createNetwork({ ...SPEC, name: `mesh-${ingress}`, driver: 'overlay', ingress }));
    }
    expect([...host.store.byId.values()].map((network) => network.ingress)).toEqual([true, false]);
  });

  it('is refused to containers unless it is attachable', () => {
    const host = new TestHost();
    host.network('ov', { driver: 'overlay' });
    host.create('box', { network: 'ov' });
    expect(host.refusal(host.engine.startContainer('box')))
      .toBe('Could not attach to network ov: rpc error: code = PermissionDenied desc = network ov not manually ' +
        'attachable');
  });

  it('cannot be removed under a container; the store says so', () => {
    const host = given();
    host.run('box', { network: 'ov' });
    expect(host.refusal(host.engine.removeNetwork('ov')))
      .toContain('rpc error: code = FailedPrecondition desc = network ');
    host.must(host.engine.removeContainer('box', { force: true, volumes: false }));
    host.must(host.engine.removeNetwork('ov'));
    expect(host.refusal(host.engine.removeNetwork('ov'))).toBe('network ov not found');
  });

  it('gives an address back when the container ended while it was asked for', () => {
    const host = given();
    host.run('box');
    const pending = host.begin(host.engine.connect('ov', 'box', PLAIN_ENDPOINT));
    host.must(host.engine.killContainer('box'));
    host.pass(10_000_000);
    expect(pending.result?.value).toMatchObject({ refused: true });
    expect([...host.store.byId.values()][0]!.taken.size).toBe(0);
    expect([...host.tables.networks.values()].map((network) => network.name))
      .toEqual(['none', 'host', 'bridge', 'docker_gwbridge']);
  });
});

describe('all of it', () => {
  it('comes back by folding the events', () => {
    const host = new TestHost();
    host.network('lab', { ipam: subnet('10.1.0.0/24', { auxiliary: { printer: '10.1.0.9' } }) });
    host.network('ov', { driver: 'overlay', attachable: true });
    host.run('one', { network: 'lab', endpoint: { aliases: ['uno'] } });
    host.must(host.engine.connect('ov', 'one', PLAIN_ENDPOINT));
    host.run('gone');
    host.must(host.engine.stopContainer('gone', 0));
    host.must(host.engine.renameContainer('one', 'first'));
    host.ask(host.engine.createContainer(containerRequest('late')));
    const exec = host.must(host.engine.createExec('first', { cmd: ['echo'], env: [], workingDir: '', user: '',
      tty: false,
      privileged: false, attachStdin: false, attachStdout: true, attachStderr: true }));
    host.must(host.engine.startExec(exec.id));
    expect(host.folded()).toEqual(host.tables);
  });
});

import type { Json } from '@netreel/sim';
import { TestHost } from '../../engine/src/testing.js';
import { DockerApi, readAnswer, type ApiAnswer, type ApiRequest } from './index.js';

class Client {
  readonly host = new TestHost();
  private readonly api = new DockerApi(this.host.engine);

  send(method: ApiRequest['method'], target: string, body: Json = null): ApiAnswer {
    return this.host.ask(this.api.handle(request(method, target, body)));
  }

  begin(method: ApiRequest['method'], target: string, body: Json = null) {
    return this.host.begin(this.api.handle(request(method, target, body)));
  }

  get(target: string): any {
    return this.send('GET', target).body;
  }

  network(name: string, rest: { readonly [key: string]: Json } = {}): string {
    return idOf(this.send('POST', '/networks/create', { CheckDuplicate: true, Driver: 'bridge', Name: name,
      Options: {}, Labels: {},
      IPAM: { Driver: 'default', Options: {}, Config: [] }, ...rest }));
  }

  create(name: string, rest: { readonly [key: string]: Json } = {}): string {
    return idOf(this.send('POST', `/containers/create?name=${name}`, { Image: 'busybox', ...rest }));
  }

  run(name: string, rest: { readonly [key: string]: Json } = {}): string {
    const id = this.create(name, rest);
    expect(this.send('POST', `/containers/${id}/start`).status).toBe(204);
    return id;
  }
}

function request(method: ApiRequest['method'], target: string, body: Json): ApiRequest {
  const [path = '', query = ''] = target.split('?');
  return { method, path, body, query: Object.fromEntries(query.split('&').filter((part) => part !== '').map((part) => {
    const equals = part.indexOf('=');
    return [part.slice(0, equals), decodeURIComponent(part.slice(equals + 1))];
  })) };
}

function idOf(answer: ApiAnswer): string {
  return (answer.body as { Id: string }).Id;
}

const filters = (value: Json): string => `filters=${encodeURIComponent(JSON.stringify(value))}`;

const on = (network: string): { [key: string]: Json } => ({ HostConfig: { NetworkMode: network },
  NetworkingConfig: { EndpointsConfig: { [network]: {} } } });

/** What inspect shows of a network, given the parts that differ. */
const networkDocument = (rest: { readonly [key: string]: unknown }): unknown => ({
  Created: '2024-01-01T00:00:00Z', Scope: 'local', Driver: 'bridge', EnableIPv6: false, Internal: false,
    Attachable: false,
  Ingress: false, ConfigFrom: { Network: '' }, ConfigOnly: false, Containers: {}, Options: {}, Labels: {}, ...rest,
});

describe('network inspect', () => {
  it('of the default bridge, with and without a container', () => {
    const client = new Client();
    const document = networkDocument({
      Name: 'bridge', Id: client.get('/networks/bridge').Id,
      IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }] },
      Options: {
        'com.docker.network.bridge.default_bridge': 'true', 'com.docker.network.bridge.enable_icc': 'true',
        'com.docker.network.bridge.enable_ip_masquerade': 'true',
          'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
        'com.docker.network.bridge.name': 'docker0', 'com.docker.network.driver.mtu': '1500',
      } });
    expect(client.get('/networks/bridge')).toEqual(document);
    const box = client.run('box');
    expect(client.get('/networks/bridge')).toEqual({ ...document as object, Containers: { [box]: { Name: 'box',
      EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/), MacAddress: '02:42:ac:11:00:02',
        IPv4Address: '172.17.0.2/16',
      IPv6Address: '' } } });
  });

  it.each([['host', 'host'], ['none', 'null']])('of %s', (name, driver) => {
    const client = new Client();
    expect(client.get(`/networks/${name}`)).toEqual(networkDocument({ Name: name, Id: expect.any(String),
      Driver: driver,
      IPAM: { Driver: 'default', Options: null, Config: [] } }));
    const box = client.run('web', on(name));
    expect(client.get(`/networks/${name}`).Containers).toEqual({ [box]: { Name: 'web',
      EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/),
      MacAddress: '', IPv4Address: '', IPv6Address: '' } });
  });

  it('of a new bridge: options as sent, a gateway only when it was typed or came from a default pool', () => {
    const client = new Client();
    const id = client.network('lab');
    expect(client.get('/networks/lab')).toEqual(networkDocument({ Name: 'lab', Id: id,
      IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] } }));
    client.network('typed', { IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '10.20.30.0/24' }] } });
    expect(client.get('/networks/typed').IPAM.Config).toEqual([{ Subnet: '10.20.30.0/24' }]);
    client.network('full', { IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '172.28.0.0/16',
      IPRange: '172.28.5.0/24',
      Gateway: '172.28.5.254', AuxiliaryAddresses: { nas: '172.28.5.3' } }] } });
    expect(client.get('/networks/full').IPAM.Config).toEqual([{ Subnet: '172.28.0.0/16', IPRange: '172.28.5.0/24',
      Gateway: '172.28.5.254', AuxiliaryAddresses: { nas: '172.28.5.3' } }]);
  });

  it('of an overlay before and while a container of this host is on it', () => {
    const client = new Client();
    const id = client.network('ov', { Driver: 'overlay', Attachable: true });
    const document = { Name: 'ov', Id: id, Scope: 'swarm', Driver: 'overlay', Attachable: true,
      IPAM: { Driver: 'default', Options: null, Config: [{ Subnet: '10.0.1.0/24', Gateway: '10.0.1.1' }] },
      Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097' } };
    expect(client.get('/networks/ov')).toEqual(networkDocument({ ...document, Containers: null, Labels: null }));
    const box = client.run('alpha', on('ov'));
    expect(client.get('/networks/ov')).toEqual(networkDocument({ ...document, Containers: {
      [box]: { Name: 'alpha', EndpointID: expect.any(String), MacAddress: '02:42:0a:00:01:02',
        IPv4Address: '10.0.1.2/24', IPv6Address: '' },
      'lb-ov': { Name: 'ov-endpoint', EndpointID: expect.any(String), MacAddress: '02:42:0a:00:01:03',
        IPv4Address: '10.0.1.3/24',
        IPv6Address: '' } } }));
    expect(client.get('/containers/alpha/json').NetworkSettings.Networks.ov).toMatchObject(
      { IPAMConfig: { IPv4Address: '10.0.1.2' }, Gateway: '', IPAddress: '10.0.1.2', IPPrefixLen: 24,
        Aliases: [box.slice(0, 12)] });
  });

  it('of what is not there', () => {
    expect(new Client().send('GET', '/networks/nosuch')).toEqual({ status: 404,
      body: { message: 'network nosuch not found' } });
  });
});

describe('network ls', () => {
  const names = (client: Client, value: Json): string[] =>
    client.get(`/networks?${filters(value)}`).map((network: { Name: string }) => network.Name).sort();
  const given = (): Client => {
    const client = new Client();
    client.network('alpha1', { Labels: { team: 'red' } });
    client.network('beta1', { Labels: { team: 'blue' } });
    client.network('ov', { Driver: 'overlay' });
    return client;
  };

  it.each([
    [{ driver: ['bridge'] }, ['alpha1', 'beta1', 'bridge']],
    [{ name: { alpha: true } }, ['alpha1']],
    [{ type: { custom: true } }, ['alpha1', 'beta1', 'ov']],
    [{ type: { builtin: true } }, ['bridge', 'host', 'none']],
    [{ label: { team: true } }, ['alpha1', 'beta1']],
    [{ label: { 'team=blue': true } }, ['beta1']],
    [{ label: { 'team=red': true, 'team=blue': true } }, []],
    [{ scope: { swarm: true } }, ['ov']],
    [{ dangling: { true: true } }, ['alpha1', 'beta1', 'ov']],
  ])('%j', (value, expected) => {
    expect(names(given(), value)).toEqual(expected);
  });

  it.each([
    [{ nosuch: ['x'] }, 'Invalid filter \'nosuch\''],
    [{ type: ['odd'] }, 'invalid filter: \'type\'=\'odd\''],
  ])('refuses %j', (value, message) => {
    expect(given().send('GET', `/networks?${filters(value)}`)).toEqual({ status: 400, body: { message } });
  });
});

describe('statuses of refusals', () => {
  it.each([
    ['POST', '/networks/create', { Name: 'lab', CheckDuplicate: true }, 409, 'network with name lab already exists'],
    ['POST', '/networks/create', { Name: 'host' }, 403, 'operation is not permitted on predefined host network'],
    ['POST', '/networks/lab/connect', { Container: 'nosuch' }, 404, 'No such container: nosuch'],
    ['DELETE', '/networks/bridge', null, 403, 'bridge is a pre-defined network and cannot be removed'],
    ['POST', '/containers/create?name=x', { Image: 'busybox' }, 400,
      'Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed'],
    ['POST', '/containers/create', { Image: 'nosuch:1' }, 404, 'No such image: nosuch:1'],
    ['POST', '/containers/create', null, 400, 'Config cannot be empty in order to create a container'],
    ['POST', '/containers/create', { Image: 'busybox', NetworkingConfig: { EndpointsConfig: { lab1: {}, lab2: {} } } },
      400,
      'Container cannot be connected to network endpoints: lab1, lab2'],
    ['POST', '/containers/nosuch/start', null, 404, 'No such container: nosuch'],
    ['GET', '/containers/nosuch/json', null, 404, 'No such container: nosuch'],
    ['GET', '/containers/nosuch/logs', null, 400, 'Bad parameters: you must choose at least one stream'],
    ['POST', '/containers/nosuch/wait?condition=odd', null, 400, 'invalid condition: "odd"'],
    ['GET', '/containers/json?filters=%7B%22nosuch%22%3A%5B%221%22%5D%7D', null, 400, 'Invalid filter \'nosuch\''],
    ['GET', '/exec/nosuch/json', null, 404, 'No such exec instance: nosuch'],
    ['POST', '/images/create?fromImage=nosuch&tag=latest', null, 404,
      'pull access denied for nosuch, repository does not exist or may ' +
      'require \'docker login\': denied: requested access to the resource is denied'],
    ['GET', '/services', null, 503,
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node ' +
      'to swarm and try again.'],
    ['GET', '/nosuch', null, 404, 'page not found'],
  ] as const)('%s %s', (method, target, body, status, message) => {
    const client = new Client();
    client.network('lab');
    expect(client.send(method, target, body)).toEqual({ status, body: { message } });
  });

  it('of a start that cannot find its program: 400', () => {
    const client = new Client();
    client.create('box', { Cmd: ['nosuchcommand'] });
    expect(client.send('POST', '/containers/box/start')).toMatchObject({ status: 400 });
    expect(client.get('/containers/box/json').State).toMatchObject({ Status: 'created', ExitCode: 127 });
  });
});

describe('container inspect', () => {
  it('names the default bridge twice while the container runs, and keeps the network\'s id afterwards', () => {
    const client = new Client();
    const bridge = client.get('/networks/bridge').Id;
    client.run('box');
    const address = { Gateway: '172.17.0.1', IPAddress: '172.17.0.2', IPPrefixLen: 16, IPv6Gateway: '',
      GlobalIPv6Address: '',
      GlobalIPv6PrefixLen: 0, MacAddress: '02:42:ac:11:00:02', EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/) };
    const { NetworkSettings, HostConfig } = client.get('/containers/box/json');
    expect(NetworkSettings).toMatchObject({ ...address, Ports: {} });
    expect(NetworkSettings.Networks).toEqual({ bridge: { IPAMConfig: null, Links: null, Aliases: null,
      NetworkID: bridge, DriverOpts: null, ...address } });
    expect(HostConfig.NetworkMode).toBe('default');
    client.send('POST', '/containers/box/stop?t=0');
    const stopped = client.get('/containers/box/json').NetworkSettings;
    expect(stopped).toMatchObject({ IPAddress: '', Ports: {} });
    expect(stopped.Networks).toEqual({ bridge: { IPAMConfig: null, Links: null, Aliases: null, NetworkID: bridge,
      DriverOpts: null, Gateway: '',
      IPAddress: '', IPPrefixLen: 0, IPv6Gateway: '', GlobalIPv6Address: '', GlobalIPv6PrefixLen: 0, MacAddress: '',
        EndpointID: '' } });
  });

  it('knows no network id before the first start', () => {
    const client = new Client();
    client.create('box');
    expect(client.get('/containers/box/json').NetworkSettings.Networks.bridge).toMatchObject({ NetworkID: '',
      IPAddress: '' });
  });

  it('shows aliases with the short id, and what was asked for', () => {
    const client = new Client();
    client.network('lab', { IPAM: { Config: [{ Subnet: '172.22.0.0/16' }] } });
    const id = client.run('web', { Image: 'nginx', HostConfig: { NetworkMode: 'lab',
      PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '8080' }] } },
      NetworkingConfig: { EndpointsConfig: { lab: { Aliases: ['www'],
        IPAMConfig: { IPv4Address: '172.22.9.9' } } } } });
    const document = client.get('/containers/web/json');
    expect(document.NetworkSettings.Networks.lab).toMatchObject({ Aliases: ['www', id.slice(0, 12)],
      IPAddress: '172.22.9.9',
      IPAMConfig: { IPv4Address: '172.22.9.9' } });
    expect(document.NetworkSettings.IPAddress).toBe('');
    expect(document.Config).toMatchObject({ Hostname: id.slice(0, 12), ExposedPorts: { '80/tcp': {} },
      StopSignal: 'SIGQUIT',
      Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['nginx', '-g', 'daemon off;'] });
    expect(document.HostConfig.PortBindings).toEqual({ '80/tcp': [{ HostIp: '', HostPort: '8080' }] });
    expect(document).toMatchObject({ Path: '/docker-entrypoint.sh', Args: ['nginx', '-g', 'daemon off;'],
      Name: '/web' });
  });

  it('shows no network in container mode', () => {
    const client = new Client();
    client.run('base');
    client.run('side', { HostConfig: { NetworkMode: 'container:base' } });
    expect(client.get('/containers/side/json').NetworkSettings).toMatchObject({ IPAddress: '', Networks: {} });
    expect(Object.values(client.get('/networks/bridge').Containers)).toHaveLength(1);
  });
});

describe('ps', () => {
  const given = (): Client => {
    const client = new Client();
    client.network('lab');
    client.run('one', on('lab'));
    client.run('two');
    client.run('three', { Labels: { tier: 'db' } });
    client.send('POST', '/networks/lab/connect', { Container: 'two' });
    client.send('POST', '/containers/three/stop?t=0');
    return client;
  };
  const names = (client: Client, query: string): string[] =>
    client.get(`/containers/json?${query}`).map((row: { Names: string[] }) => row.Names[0]!.slice(1));

  it.each([
    ['', ['two', 'one']],
    ['all=1', ['three', 'two', 'one']],
    ['limit=1', ['three']],
    [filters({ network: ['lab'] }), ['two', 'one']],
    [filters({ network: ['bridge'] }), ['two']],
    [filters({ network: ['nosuch'] }), []],
    [filters({ status: ['exited'] }), ['three']],
    [`all=1&${filters({ label: ['tier=db'] })}`, ['three']],
    [filters({ name: ['^t'] }), ['two']],
    [`all=1&${filters({ before: ['three'] })}`, ['two', 'one']],
    [`all=1&${filters({ since: ['one'] })}`, ['three', 'two']],
  ])('%s', (query, expected) => {
    expect(names(given(), query)).toEqual(expected);
  });

  it('words the status by how long it lasts', () => {
    const client = given();
    client.host.pass(125_000_000_000);
    client.send('POST', '/containers/one/pause');
    const [three, two, one] = client.get('/containers/json?all=1');
    expect([three.Status, two.Status, one.Status]).toEqual(['Exited (137) 2 minutes ago', 'Up 2 minutes',
      'Up 2 minutes (Paused)']);
    expect(two).toMatchObject({ Image: 'busybox', Command: 'sh', State: 'running', Ports: [] });
  });

  it('shows exposed ports only where there is a network', () => {
    const client = new Client();
    for (const mode of ['default', 'host', 'none']) client.run(`in-${mode}`, { Image: 'nginx',
      HostConfig: { NetworkMode: mode } });
    expect(client.get('/containers/json').map((row: { Ports: Json }) => row.Ports)).toEqual([[], [],
      [{ PrivatePort: 80, Type: 'tcp' }]]);
    expect(client.get('/containers/json')[2].Command).toBe('/docker-entrypoint.sh nginx -g \'daemon off;\'');
  });
});

describe('output', () => {
  it('of exec start comes with the answer, and its status is in inspect', () => {
    const client = new Client();
    client.run('box');
    const id = idOf(client.send('POST', '/containers/box/exec', { Cmd: ['echo'], AttachStdout: true,
      AttachStderr: true }));
    expect(client.get(`/exec/${id}/json`)).toMatchObject({ Running: false, ExitCode: null });
    expect(client.send('POST', `/exec/${id}/start`, { Detach: false }).output)
      .toEqual([{ stream: 'stdout', text: 'hello\nworld\n' }, { stream: 'stderr', text: 'oops\n' }]);
    expect(client.get(`/exec/${id}/json`)).toMatchObject({ Running: false, ExitCode: 0 });
  });

  it('of logs: streams and last lines as chosen, and with follow all until the end', () => {
    const client = new Client();
    client.create('box', { Cmd: ['echo'] });
    client.send('POST', '/containers/box/start');
    const followed = client.begin('GET', '/containers/box/logs?stdout=1&follow=1');
    client.host.pass(1_000_000);
    const text = (query: string): string => client.send('GET', `/containers/box/logs?${query}`).output!.map((chunk) =>
      chunk.text).join('');
    expect(followed.result!.value.output).toEqual([{ stream: 'stdout', text: 'hello\nworld\n' }]);
    expect(text('stdout=1')).toBe('hello\nworld\n');
    expect(text('stderr=1')).toBe('oops\n');
    expect(text('stdout=1&tail=1')).toBe('world\n');
    expect(text('stdout=1&stderr=1&tail=2')).toBe('world\noops\n');
    expect(text('stdout=1&tail=0')).toBe('');
    expect(text('stdout=1&tail=all')).toBe('hello\nworld\n');
  });

  it('of attach comes when the process has ended; wait gives its status', () => {
    const client = new Client();
    client.create('box', { Cmd: ['echo'] });
    const attached = client.begin('POST', '/containers/box/attach?stream=1&stdout=1&stderr=1');
    const waited = client.begin('POST', '/containers/box/wait?condition=next-exit');
    client.send('POST', '/containers/box/start');
    client.host.pass(1_000_000);
    expect(attached.result!.value.output).toHaveLength(2);
    expect(waited.result!.value).toEqual({ status: 200, body: { Error: null, StatusCode: 0 } });
  });
});

describe('changes', () => {
  it('answer 304 when it was so already', () => {
    const client = new Client();
    client.run('box');
    expect(client.send('POST', '/containers/box/start').status).toBe(304);
    expect(client.send('POST', '/containers/box/stop?t=0').status).toBe(204);
    expect(client.send('POST', '/containers/box/stop?t=0').status).toBe(304);
  });

  it('prune and answer what went', () => {
    const client = new Client();
    client.network('idle');
    client.network('kept', { Labels: { keep: 'yes' } });
    const done = client.create('done');
    expect(client.send('POST', '/containers/prune').body).toEqual({ ContainersDeleted: [done], SpaceReclaimed: 0 });
    expect(client.send('POST',
      `/networks/prune?${filters({ 'label!': { keep: true } })}`).body).toEqual({ NetworksDeleted: ['idle'] });
    expect(client.send('POST', '/containers/prune').body).toEqual({ ContainersDeleted: null, SpaceReclaimed: 0 });
  });

  it('update the restart policy', () => {
    const client = new Client();
    client.run('loop', { HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } });
    expect(client.get('/containers/loop/json').HostConfig.RestartPolicy).toEqual({ Name: 'always',
      MaximumRetryCount: 0 });
    client.send('POST', '/containers/loop/update', { RestartPolicy: { Name: 'no' } });
    expect(client.get('/containers/loop/json').HostConfig.RestartPolicy.Name).toBe('no');
  });
});

describe('the system', () => {
  it('says who it is', () => {
    const client = new Client();
    expect(client.send('GET', '/_ping')).toEqual({ status: 200, body: 'OK' });
    expect(client.get('/version')).toMatchObject({ Version: '20.10.24', ApiVersion: '1.41' });
    client.run('box');
    expect(client.get('/info')).toMatchObject({ Name: 'host1', Containers: 1, ContainersRunning: 1,
      ContainersStopped: 0 });
  });

  it('has its images', () => {
    const client = new Client();
    expect(client.get('/images/nginx/json').Config).toMatchObject({ Cmd: ['nginx', '-g', 'daemon off;'],
      ExposedPorts: { '80/tcp': {} } });
    expect(client.get('/images/json').map((image: { RepoTags: string[] }) =>
      image.RepoTags[0])).toContain('busybox:latest');
    expect(client.send('POST', '/images/create?fromImage=busybox&tag=latest').output![0]!.text)
      .toBe('{"status":"Pulling from library/busybox","id":"latest"}\r\n{"status":"Status: Image is up to date for busybox:latest"}\r\n');
  });
});

describe('the past', () => {
  it('is read from folded tables as from live ones', () => {
    const client = new Client();
    client.network('lab');
    client.run('box', on('lab'));
    const context = { hostName: 'host1', now: client.host.now };
    const before = client.host.folded();
    client.send('DELETE', '/containers/box?force=1');
    const past = (target: string): ApiAnswer | undefined => readAnswer(before, request('GET', target, null), context);
    expect(past('/containers/box/json')?.body).toMatchObject({ Name: '/box', State: { Status: 'running' } });
    expect(past('/networks/lab')?.body).toMatchObject({ Containers: { [(past('/containers/box/json')!.body as { Id: string }).Id]: { Name: 'box' } } });
    expect(client.send('GET', '/containers/box/json').status).toBe(404);
    expect(readAnswer(before, request('POST', '/containers/box/start', null), context)).toBeUndefined();
  });
});

import type { Json } from '@netreel/sim';
import { Client, filters, idOf, on } from '../testing.js';

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
    expect(followed.result!.value.output).toEqual([{ stream: 'stdout', text: 'hello\n' },
      { stream: 'stdout', text: 'world\n' }]);
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
    expect(waited.result!.value).toMatchObject({ status: 200, body: { Error: null, StatusCode: 0 } });
  });
});

import type { Json } from '@netreel/sim';
import { Client, filters, on } from '../testing.js';

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

  it('of an overlay names the hosts on it, nothing where there are none', () => {
    const client = new Client();
    const id = client.network('ov', { Driver: 'overlay', Attachable: true });
    client.run('alpha', on('ov'));
    expect(client.get('/networks/ov')).not.toHaveProperty('Peers');
    client.host.peers.set(id, [{ name: '0123456789ab', address: 0xc0a8410b }]);
    expect(client.get('/networks/ov').Peers).toEqual([{ Name: '0123456789ab', IP: '192.168.65.11' }]);
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
    [{ driver: ['bridge'] }, ['alpha1', 'beta1', 'bridge', 'docker_gwbridge']],
    [{ name: { alpha: true } }, ['alpha1']],
    [{ type: { custom: true } }, ['alpha1', 'beta1', 'docker_gwbridge', 'ov']],
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
    [{ dangling: ['odd'] }, 'invalid value for filter \'dangling\', must be "true" (or "1"), or "false" (or "0")'],
  ])('refuses %j', (value, message) => {
    expect(given().send('GET', `/networks?${filters(value)}`)).toEqual({ status: 400, body: { message } });
  });
});

import { TestHost } from '@netreel/engine';
import { Client, idOf } from '../testing.js';

const newer = (): Client => new Client(new TestHost('1.47'));
const both = { lab1: {}, lab2: { Aliases: ['two'], MacAddress: '02:00:00:00:00:07' } };

describe('an engine of API 1.47', () => {
  it('says who it is', () => {
    const client = newer();
    expect(client.get('/version')).toMatchObject({ Version: '27.5.1', ApiVersion: '1.47', MinAPIVersion: '1.24' });
    expect(client.get('/info')).toMatchObject({ ServerVersion: '27.5.1', CDISpecDirs: [] });
    expect(client.get('/info').KernelMemory).toBeUndefined();
    expect(new Client().get('/version')).toMatchObject({ Version: '20.10.24', ApiVersion: '1.41' });
  });

  it('takes several networks at create, each with a MAC of its own', () => {
    const client = newer();
    client.network('lab1');
    client.network('lab2');
    client.run('box', { HostConfig: { NetworkMode: 'lab1' }, NetworkingConfig: { EndpointsConfig: both } });
    const { Networks } = client.get('/containers/box/json').NetworkSettings;
    expect(Object.keys(Networks)).toEqual(['lab1', 'lab2']);
    expect(Networks.lab2).toMatchObject({ MacAddress: '02:00:00:00:00:07', Aliases: ['two'] });
    expect(Networks.lab1.IPAddress).toBe('172.18.0.2');
  });

  it('which an older one refuses', () => {
    const client = new Client();
    client.network('lab1');
    client.network('lab2');
    const answer = client.send('POST', '/containers/create?name=box',
      { Image: 'busybox', HostConfig: { NetworkMode: 'lab1' }, NetworkingConfig: { EndpointsConfig: both } });
    expect(answer.status).toBe(400);
  });

  it('tells names that DNS answers beside the aliases that were asked for', () => {
    const client = newer();
    client.network('lab1');
    const id = client.run('box', { Hostname: 'desk', HostConfig: { NetworkMode: 'lab1' },
      NetworkingConfig: { EndpointsConfig: { lab1: { Aliases: ['web'] } } } });
    const { lab1 } = client.get('/containers/box/json').NetworkSettings.Networks;
    expect(lab1).toMatchObject({ Aliases: ['web'], DNSNames: ['box', 'web', id.slice(0, 12), 'desk'] });
  });

  it('calls the default network bridge, and draws MACs on it', () => {
    const client = newer();
    client.run('one');
    client.run('two');
    const [first, second] = ['one', 'two'].map((name) => client.get(`/containers/${name}/json`));
    expect(first.HostConfig.NetworkMode).toBe('bridge');
    expect(first.NetworkSettings.Networks.bridge.DNSNames).toBeNull();
    const macs = [first, second].map(({ NetworkSettings }) => NetworkSettings.Networks.bridge.MacAddress as string);
    expect(macs[0]).not.toBe(macs[1]);
    for (const mac of macs) expect(mac).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
    expect(macs[0]).not.toBe('02:42:ac:11:00:02');
  });

  it('gives the lowest free pool again', () => {
    const client = newer();
    const first = client.network('lab1');
    client.send('DELETE', `/networks/${first}`);
    client.network('lab2');
    expect(client.get('/networks/lab2').IPAM.Config[0].Subnet).toBe('172.18.0.0/16');
  });

  it('has no virtual size of images', () => {
    const client = newer();
    for (const row of client.get('/images/json')) expect(row).not.toHaveProperty('VirtualSize');
    expect(client.get('/images/busybox/json')).not.toHaveProperty('VirtualSize');
    expect(idOf(client.send('POST', '/containers/create', { Image: 'busybox' }))).toHaveLength(64);
  });
});

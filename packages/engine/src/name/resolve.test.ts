import { formatIpv4, parseIpv4 } from '@netreel/wire';
import { PLAIN_ENDPOINT } from '../container/spec.js';
import { TestHost } from '../testing.js';

const ask = (host: TestHost, asker: string, name: string): readonly string[] | 'unknown' => {
  const answer = host.engine.resolveName(host.row(asker).id, name);
  return answer === 'unknown' ? answer : answer.addresses.map(formatIpv4);
};

describe('names on a user-defined network', () => {
  const given = (): TestHost => {
    const host = new TestHost();
    host.network('lab');
    host.run('server', { hostname: 'srvhost', network: 'lab', endpoint: { aliases: ['backend'] } });
    host.run('client', { network: 'lab' });
    return host;
  };

  it('are name, alias, host name and short id, each also with .NETWORK, in any case', () => {
    const host = given();
    const id = host.row('server').id;
    for (const name of ['server', 'backend', 'srvhost', 'SERVER', 'server.lab', 'Backend.LAB', 'srvhost.lab',
      id.slice(0, 12),
      `${id.slice(0, 12)}.lab`, 'server.']) {
      expect([name, ask(host, 'client', name)]).toEqual([name, ['172.18.0.2']]);
    }
  });

  it('are neither the long id, nor another part of it, nor on another network', () => {
    const host = given();
    const { id } = host.row('server');
    for (const name of [id, id.slice(0, 11), 'server.other', 'nosuch', 'outside.lab']) expect(ask(host, 'client',
      name)).toBe('unknown');
  });

  it('go at stop and disconnect, and come back with the new address', () => {
    const host = given();
    for (const name of ['server', 'client']) host.must(host.engine.stopContainer(name, 0));
    host.must(host.engine.startContainer('client'));
    expect(ask(host, 'client', 'server')).toBe('unknown');
    host.must(host.engine.startContainer('server'));
    expect(ask(host, 'client', 'server')).toEqual(['172.18.0.3']);
    host.must(host.engine.disconnect('lab', 'server', false));
    expect(ask(host, 'client', 'server')).toBe('unknown');
  });

  it('follow a rename', () => {
    const host = given();
    host.must(host.engine.renameContainer('server', 'after'));
    expect(ask(host, 'client', 'after')).toEqual(['172.18.0.2']);
    expect(ask(host, 'client', 'server')).toBe('unknown');
  });

  it('may be shared by several', () => {
    const host = new TestHost();
    host.network('lab');
    for (const name of ['m1', 'm2', 'm3']) host.run(name, { network: 'lab', endpoint: { aliases: ['pool'] } });
    expect(ask(host, 'm1', 'pool')).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4']);
    host.must(host.engine.stopContainer('m2', 0));
    expect(ask(host, 'm1', 'pool')).toEqual(['172.18.0.2', '172.18.0.4']);
  });

  it('on two networks: the members of the network whose name sorts first, unless the network is named', () => {
    const host = new TestHost();
    host.network('neta');
    host.network('netb');
    host.run('s1', { network: 'neta', endpoint: { aliases: ['db'] } });
    host.run('s2', { network: 'netb', endpoint: { aliases: ['db'] } });
    host.run('both', { network: 'netb' });
    expect(ask(host, 'both', 'db')).toEqual(['172.19.0.2']);
    host.must(host.engine.connect('neta', 'both', PLAIN_ENDPOINT));
    expect(ask(host, 'both', 'db')).toEqual(['172.18.0.2']);
    expect(ask(host, 'both', 'db.netb')).toEqual(['172.19.0.2']);
    expect(ask(host, 's1', 's2')).toBe('unknown');
  });

  it('are private when they come from a link', () => {
    const host = new TestHost();
    host.network('lab');
    host.run('target', { network: 'lab' });
    host.run('client', { network: 'lab', endpoint: { links: ['target:db'] } });
    host.run('other', { network: 'lab' });
    expect(ask(host, 'client', 'db')).toEqual(['172.18.0.2']);
    expect(ask(host, 'other', 'db')).toBe('unknown');
  });

  it('are asked through the owner of a shared namespace', () => {
    const host = given();
    host.run('side', { network: 'container:client' });
    expect(ask(host, 'side', 'server')).toEqual(['172.18.0.2']);
  });
});

describe('the default bridge', () => {
  it('knows no names', () => {
    const host = new TestHost();
    host.run('one');
    host.run('two');
    expect(ask(host, 'one', 'two')).toBe('unknown');
  });
});

describe('addresses', () => {
  it('resolve back to NAME.NETWORK, never to an alias', () => {
    const host = new TestHost();
    host.network('lab');
    host.run('server', { network: 'lab', endpoint: { aliases: ['other'] } });
    const { id } = host.row('server');
    expect(host.engine.reverse(id, parseIpv4('172.18.0.2')!)).toBe('server.lab');
    expect(host.engine.reverse(id, parseIpv4('172.18.0.9')!)).toBeUndefined();
  });
});

describe('an overlay', () => {
  it('knows what gossip brought of other hosts', () => {
    const host = new TestHost();
    const network = host.network('ov', { driver: 'overlay', attachable: true });
    host.run('alpha', { network: 'ov', endpoint: { aliases: ['pool'] } });
    host.remote.set(network, [{ name: 'beta', names: ['beta', 'pool'], address: parseIpv4('10.0.1.4')!, vip: 0,
      vipNames: [] }]);
    expect(ask(host, 'alpha', 'beta')).toEqual(['10.0.1.4']);
    expect(ask(host, 'alpha', 'pool.ov')).toEqual(['10.0.1.2', '10.0.1.4']);
    expect(host.engine.reverse(host.row('alpha').id, parseIpv4('10.0.1.4')!)).toBe('beta.ov');
    host.remote.delete(network);
    expect(ask(host, 'alpha', 'beta')).toBe('unknown');
  });
});

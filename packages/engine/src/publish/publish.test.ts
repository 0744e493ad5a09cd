import { TestHost } from '../testing.js';
import type { HostSettings } from '../container/spec.js';
import { wantedPorts } from './wanted.js';

type Bindings = HostSettings['portBindings'];

const bound = (...hostPorts: string[]): Bindings[string] => hostPorts.map((hostPort) => ({ hostIp: '', hostPort }));

/** What a container publishes, as `docker port` would list it. */
const portsOf = (host: TestHost, name: string): string[] => [...host.tables.endpoints.values()]
  .filter((endpoint) => endpoint.container === host.row(name).id)
  .flatMap((endpoint) => endpoint.published)
  .map(({ port, protocol, hostAddress, hostPort }) => `${port}/${protocol} ${hostAddress} ${hostPort}`);

const run = (host: TestHost, name: string, portBindings: Bindings, more: Partial<HostSettings> = {}): string =>
  host.run(name, { host: { portBindings, ...more }, exposedPorts: Object.keys(portBindings) });

const start = (host: TestHost, name: string, portBindings: Bindings): string | undefined => {
  host.create(name, { host: { portBindings }, exposedPorts: Object.keys(portBindings) });
  return host.refusal(host.engine.startContainer(name))?.replace(/ \(\w{64}\)/, '');
};

const EXTERNAL = 'driver failed programming external connectivity on endpoint';

describe('what a container wants published', () => {
  it('is asked for from the highest host port down, then from the highest port inside', () => {
    const host = new TestHost();
    host.create('web', { exposedPorts: ['70/tcp', '71/udp', '81/tcp', '82/tcp', '83/tcp', '9000/tcp'],
      host: { portBindings: { '81/tcp': bound('81'), '82/tcp': bound(''), '83/tcp': bound('') },
        publishAllPorts: true } });
    const wanted = wantedPorts(host.row('web').spec);
    expect(wanted.map(({ port, protocol, first }) => `${port}/${protocol} ${first}`)).toEqual(
      ['9000/tcp 0', '83/tcp 0', '82/tcp 0', '81/tcp 81', '71/udp 0', '70/tcp 0']);
  });

  it('leaves out what is merely exposed', () => {
    const host = new TestHost();
    host.create('web', { exposedPorts: ['80/tcp', '443/tcp'],
      host: { portBindings: { '80/tcp': bound('8000-8002') } } });
    expect(wantedPorts(host.row('web').spec)).toEqual(
      [{ port: 80, protocol: 'tcp', hostAddress: '', first: 8000, last: 8002 }]);
  });
});

describe('ports of the host', () => {
  it('that nobody chose count up, and one that came back is not the next', () => {
    const host = new TestHost();
    run(host, 'one', { '80/tcp': bound('') });
    run(host, 'two', { '80/tcp': bound('') });
    host.must(host.engine.restartContainer('one'));
    expect([portsOf(host, 'one'), portsOf(host, 'two')]).toEqual([
      ['80/tcp 0.0.0.0 32770', '80/tcp :: 32770'], ['80/tcp 0.0.0.0 32769', '80/tcp :: 32769']]);
  });

  it('of a range are given in turn until all are taken', () => {
    const host = new TestHost();
    run(host, 'one', { '80/tcp': bound('9000-9001') });
    run(host, 'two', { '80/tcp': bound('9000-9001') });
    expect(start(host, 'three', { '80/tcp': bound('9000-9001') })).toBe(
      `${EXTERNAL} three: all ports are allocated`);
    host.must(host.engine.killContainer('one'));
    host.must(host.engine.startContainer('three'));
    expect(portsOf(host, 'three')).toEqual(['80/tcp 0.0.0.0 9000', '80/tcp :: 9000']);
  });

  it('that a container has are refused otherwise than those that a process has', () => {
    const host = new TestHost();
    run(host, 'one', { '80/tcp': bound('8080') });
    host.busy.add('0.0.0.0:9090/tcp');
    expect(start(host, 'two', { '80/tcp': bound('8080') })).toBe(
      `${EXTERNAL} two: Bind for 0.0.0.0:8080 failed: port is already allocated`);
    expect(start(host, 'three', { '80/tcp': bound('9090') })).toBe(`${EXTERNAL} three: ` +
      'Error starting userland proxy: listen tcp4 0.0.0.0:9090: bind: address already in use');
    expect(start(host, 'four', { '80/sctp': bound('8080') })).toBe(
      `${EXTERNAL} four: Error starting userland proxy: protocol not supported`);
  });

  it('are tried ten times where nobody chose them', () => {
    const host = new TestHost();
    for (let port = 32768; port < 32777; port++) host.busy.add(`0.0.0.0:${port}/tcp`);
    run(host, 'one', { '80/tcp': bound('') });
    expect(portsOf(host, 'one')[0]).toBe('80/tcp 0.0.0.0 32777');
    for (let port = 32778; port < 32788; port++) host.busy.add(`0.0.0.0:${port}/tcp`);
    expect(start(host, 'two', { '80/tcp': bound('') })).toBe(`${EXTERNAL} two: ` +
      'Error starting userland proxy: listen tcp4 0.0.0.0:32787: bind: address already in use');
  });

  it('are taken all or none', () => {
    const host = new TestHost();
    host.busy.add('0.0.0.0:80/tcp');
    expect(start(host, 'web', { '80/tcp': bound('80'), '443/tcp': bound('443') })).toMatch(/0\.0\.0\.0:80: bind/);
    expect([...host.busy]).toEqual(['0.0.0.0:80/tcp']);
    expect(host.tables.hostPorts.size).toBe(0);
    expect(host.folded()).toEqual(host.tables);
  });
});

describe('published ports', () => {
  it('are of the network that leads out, and move when that changes', () => {
    const host = new TestHost();
    for (const name of ['lab', 'alab']) host.network(name);
    host.run('web', { network: 'lab', exposedPorts: ['80/tcp'], host: { portBindings: { '80/tcp': bound('80') } } });
    const networks = (): string[] => [...host.tables.endpoints.values()].filter((one) => one.published.length > 0)
      .map((one) => host.tables.networks.get(one.network)!.name);
    expect(networks()).toEqual(['lab']);
    host.must(host.engine.connect('alab', 'web', host.row('web').attachments.get('lab')!));
    expect(networks()).toEqual(['alab']);
    host.must(host.engine.disconnect('alab', 'web', false));
    expect(networks()).toEqual(['lab']);
    host.must(host.engine.disconnect('lab', 'web', false));
    expect([networks(), host.busy.size]).toEqual([[], 0]);
    expect(host.folded()).toEqual(host.tables);
  });

  it('are missing on an internal network', () => {
    const host = new TestHost();
    host.network('closed', { internal: true });
    host.run('web', { network: 'closed', exposedPorts: ['80/tcp'], host: { portBindings: { '80/tcp': bound('80') } } });
    expect([portsOf(host, 'web'), host.busy.size]).toEqual([[], 0]);
  });

  it('of a container on an overlay only are those of its endpoint on docker_gwbridge', () => {
    const host = new TestHost();
    host.network('ov', { driver: 'overlay', attachable: true });
    host.run('web', { network: 'ov', exposedPorts: ['80/tcp'], host: { portBindings: { '80/tcp': bound('80') } } });
    const [, gateway] = [...host.tables.endpoints.values()];
    expect([host.tables.networks.get(gateway!.network)!.name, gateway!.published.length])
      .toEqual(['docker_gwbridge', 2]);
    host.create('two', { network: 'ov', exposedPorts: ['80/tcp'], host: { portBindings: { '80/tcp': bound('80') } } });
    expect(host.refusal(host.engine.startContainer('two'))).toMatch(new RegExp(
      `^container ${host.row('two').id}: endpoint join on GW Network failed: ${EXTERNAL} gateway_\\w{12} ` +
      '\\(\\w{64}\\): Bind for 0\\.0\\.0\\.0:80 failed: port is already allocated$'));
    expect([...host.tables.endpoints.values()].filter((one) => one.container === host.row('two').id)).toEqual([]);
  });
});

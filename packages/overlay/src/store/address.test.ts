import { parseIpv4 } from '@netreel/wire';
import { StoreBench, subnetOf } from '../../test/store-bench.js';

const NEVER_ATTACHED = 'attaching to network failed, make sure your network options are correct and check manager ' +
  'logs: context deadline exceeded';

function released(bench: StoreBench, network: string, address: string, host = 0): void {
  bench.value(host, 'ReleaseAddress', { network, address: parseIpv4(address)! });
}

describe('addresses of the store', () => {
  it('gives addresses in turn over all hosts; a freed one is passed over', () => {
    const bench = new StoreBench();
    bench.create('ov');
    expect([bench.take('ov', 'c1'), bench.take('ov', 'ov-endpoint'), bench.take('ov', 'c2'), bench.take('ov', 'c3')])
      .toEqual(['10.0.1.2', '10.0.1.3', '10.0.1.4', '10.0.1.5']);
    released(bench, 'ov', '10.0.1.2');
    expect([bench.take('ov', 'c4'), bench.take('ov', 'c5', 1), bench.take('ov', 'ov-endpoint', 1)])
      .toEqual(['10.0.1.6', '10.0.1.7', '10.0.1.8']);
  });

  it('starts again at the lowest free one when the subnet is through', () => {
    const bench = new StoreBench();
    bench.create('small', { subnets: [subnetOf('10.20.30.0/29')] });
    for (const owner of ['a', 'b', 'c', 'd', 'e']) bench.take('small', owner);
    expect(bench.take('small', 'f')).toBe(NEVER_ATTACHED);
    released(bench, 'small', '10.20.30.5');
    released(bench, 'small', '10.20.30.3');
    expect(bench.take('small', 'f')).toBe('10.20.30.3');
    expect(bench.take('small', 'g')).toBe('10.20.30.5');
    expect(bench.take('small', 'h')).toBe(NEVER_ATTACHED);
  });

  it('says in the manager\'s log why an address was not given', () => {
    const bench = new StoreBench();
    const { id } = bench.create('tiny', { subnets: [subnetOf('10.20.30.0/30')] });
    bench.take('tiny', 'a');
    expect(bench.ask(0, 'TakeAddress', { network: 'tiny', owner: 'b', wanted: null })).toEqual({ ok: false,
      kind: 'System',
      message: NEVER_ATTACHED, managerLog: `no available IPv4 addresses on network ${id}` });
  });

  it('goes on in the next subnet when one is full', () => {
    const bench = new StoreBench();
    bench.create('two', { subnets: [subnetOf('10.20.30.0/30'), subnetOf('10.20.40.0/30')] });
    expect([bench.take('two', 'a'), bench.take('two', 'b'), bench.take('two', 'c')])
      .toEqual(['10.20.30.2', '10.20.40.2', NEVER_ATTACHED]);
  });

  it('gives .1 to a container when the gateway is elsewhere', () => {
    const bench = new StoreBench();
    bench.create('ov', { subnets: [subnetOf('10.99.0.0/24', '10.99.0.2')] });
    expect([bench.take('ov', 'a'), bench.take('ov', 'b')]).toEqual(['10.99.0.1', '10.99.0.3']);
  });

  it('stays within the range', () => {
    const bench = new StoreBench();
    const network = bench.create('ov', { subnets: [subnetOf('10.99.0.0/16', '10.99.0.1', '10.99.5.0/30')] });
    expect(network.subnets[0]!.range).toBe('10.99.5.0/30');
    expect(['a', 'b', 'c', 'd', 'e'].map((owner) => bench.take('ov', owner)))
      .toEqual(['10.99.5.0', '10.99.5.1', '10.99.5.2', '10.99.5.3', NEVER_ATTACHED]);
  });

  it('gives the wanted address, and the turn does not move for it', () => {
    const bench = new StoreBench();
    bench.create('ov', { subnets: [subnetOf('10.77.0.0/16')] });
    expect(bench.take('ov', 'fixed', 0, parseIpv4('10.77.7.7')!)).toBe('10.77.7.7');
    expect(bench.take('ov', 'next')).toBe('10.77.0.2');
  });

  it.each([['taken', '10.77.7.7'], ['the gateway', '10.77.0.1'], ['the network', '10.77.0.0'], ['broadcast',
    '10.77.255.255'],
    ['of another subnet', '10.78.0.5']])('does not give a wanted address that is %s', (_, wanted) => {
    const bench = new StoreBench();
    bench.create('ov', { subnets: [subnetOf('10.77.0.0/16')] });
    bench.take('ov', 'fixed', 0, parseIpv4('10.77.7.7')!);
    expect(bench.take('ov', 'other', 1, parseIpv4(wanted)!)).toBe(NEVER_ATTACHED);
  });

  it('refuses containers on a network that is not attachable, but not the host\'s own endpoint', () => {
    const bench = new StoreBench();
    bench.create('ov', { attachable: false });
    expect(bench.ask(0, 'TakeAddress', { network: 'ov', owner: 'c1', wanted: null })).toEqual({ ok: false,
      kind: 'Forbidden',
      message: 'rpc error: code = PermissionDenied desc = network ov not manually attachable' });
    expect(bench.take('ov', 'ov-endpoint')).toBe('10.0.1.2');
  });

  it('refuses an unknown network', () => {
    expect(new StoreBench().take('nosuch', 'c1')).toBe('rpc error: code = NotFound desc = network nosuch not found');
  });

  it('gives an owner that asks again what it holds', () => {
    const bench = new StoreBench();
    bench.create('ov');
    expect(bench.take('ov', 'c1')).toBe('10.0.1.2');
    expect(bench.take('ov', 'c1')).toBe('10.0.1.2');
    expect(bench.take('ov', 'c1', 1)).toBe('10.0.1.3');
    expect(bench.take('ov', 'c1', 0, parseIpv4('10.0.1.9')!)).toBe('10.0.1.9');
    expect([...[...bench.tables.networks.values()][1]!.taken.keys()]).toEqual([0x0a000103, 0x0a000109]);
  });

  it('leaves an address alone whose release was overtaken by taking it again', () => {
    const bench = new StoreBench();
    bench.create('ov');
    expect(bench.ask(1, 'TakeAddress', { network: 'ov', owner: 'ov-endpoint', wanted: null },
      50)).toMatchObject({ ok: true });
    // Asked in the order 51 (release), 52 (take), and the first was lost and sent again.
    expect(bench.ask(1, 'TakeAddress', { network: 'ov', owner: 'ov-endpoint', wanted: null }, 52)).toMatchObject(
      { value: { address: 0x0a000102 } });
    bench.ask(1, 'ReleaseAddress', { network: 'ov', address: 0x0a000102 }, 51);
    expect(bench.take('ov', 'other', 0, 0x0a000102)).toBe(NEVER_ATTACHED);
    bench.ask(1, 'ReleaseAddress', { network: 'ov', address: 0x0a000102 }, 53);
    expect(bench.take('ov', 'another', 0, 0x0a000102)).toBe('10.0.1.2');
  });

  it('does not let one host free what another holds', () => {
    const bench = new StoreBench();
    bench.create('ov');
    bench.take('ov', 'c1', 0);
    released(bench, 'ov', '10.0.1.2', 1);
    expect(bench.take('ov', 'c2', 1, parseIpv4('10.0.1.2')!)).toBe(NEVER_ATTACHED);
    released(bench, 'ov', '10.0.1.200');
    released(bench, 'nosuch', '10.0.1.2');
  });
});

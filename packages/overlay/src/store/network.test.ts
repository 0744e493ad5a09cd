import { StoreBench, specOf, subnetOf } from '../../test/store-bench.js';

const refused = (kind: string, message: string) => ({ ok: false, kind, message });

describe('networks of the store', () => {
  it('has ingress from the start, with the first default pool and VNI', () => {
    const [ingress] = new StoreBench().networks();
    expect(ingress).toMatchObject({ name: 'ingress', ingress: true, attachable: false, vni: 4096, vnis: [4096],
      subnets: [{ subnet: '10.0.0.0/24', gateway: '10.0.0.1', range: '' }] });
    expect(ingress!.id).toMatch(/^[0-9a-z]{25}$/);
  });

  it('gives subnets and VNIs in turn and reuses neither soon', () => {
    const bench = new StoreBench();
    const shown = ['ov1', 'ov2', 'ov3'].map((name) => bench.create(name));
    expect(shown.map((network) => [network.subnets[0]!.subnet, network.subnets[0]!.gateway, network.vni])).toEqual([
      ['10.0.1.0/24', '10.0.1.1', 4097], ['10.0.2.0/24', '10.0.2.1', 4098], ['10.0.3.0/24', '10.0.3.1', 4099]]);
    bench.value(0, 'RemoveNetwork', { network: shown[1]!.id });
    expect(bench.create('ov4')).toMatchObject({ vni: 4100, subnets: [{ subnet: '10.0.4.0/24' }] });
    expect(bench.create('ov5', { subnets: [subnetOf('10.99.0.0/16', '10.99.0.7')] })).toMatchObject(
      { vni: 4101, subnets: [{ subnet: '10.99.0.0/16', gateway: '10.99.0.7' }] });
  });

  it('comes back to freed pools when the list is through', () => {
    const bench = new StoreBench();
    bench.tables.nextPool = 65_535;
    bench.tables.nextVni = 0xff_ffff;
    expect(bench.create('last')).toMatchObject({ vni: 0xff_ffff, subnets: [{ subnet: '10.255.255.0/24' }] });
    expect(bench.create('first')).toMatchObject({ vni: 4097, subnets: [{ subnet: '10.0.1.0/24' }] });
  });

  it('passes over default pools that a chosen subnet overlaps', () => {
    const bench = new StoreBench();
    bench.create('wide', { subnets: [subnetOf('10.0.0.0/22')] });
    bench.create('chosen', { subnets: [subnetOf('10.0.1.0/24')] });
    expect(bench.create('next').subnets[0]!.subnet).toBe('10.0.2.0/24');
  });

  it('has one VNI for each of several subnets', () => {
    const network = new StoreBench().create('two', { subnets: [subnetOf('10.50.0.0/24'), subnetOf('10.51.0.5/24')] });
    expect(network.vnis).toEqual([4097, 4098]);
    // Host bits are shown as typed.
    expect(network.subnets.map((subnet) => [subnet.subnet, subnet.gateway])).toEqual(
      [['10.50.0.0/24', '10.50.0.1'], ['10.51.0.5/24', '10.51.0.1']]);
  });

  it('takes the VNI that the user picked', () => {
    const bench = new StoreBench();
    const options = { 'com.docker.network.driver.overlay.vxlanid_list': '5000' };
    expect(bench.create('picked', { options }).vnis).toEqual([5000]);
    expect(bench.create('again', { options }).vnis).toEqual([]);
    expect(bench.create('next').vnis).toEqual([4097]);
  });

  it('accepts a subnet that overlaps, and leaves the network without one until there is room', () => {
    const bench = new StoreBench();
    const first = bench.create('ov');
    const second = bench.create('ov2', { subnets: [subnetOf('10.0.1.0/24')] });
    expect(second).toMatchObject({ subnets: [], vni: 0, vnis: [] });
    expect(bench.take('ov2', 'a')).toContain('context deadline exceeded');
    bench.value(0, 'RemoveNetwork', { network: first.id });
    expect(bench.networks().find((network) => network.name === 'ov2')).toMatchObject(
      { vni: 4098, subnets: [{ subnet: '10.0.1.0/24', gateway: '10.0.1.1' }] });
    expect(bench.take('ov2', 'a')).toBe('10.0.1.2');
  });

  it('takes nothing when one of several subnets is not to be had', () => {
    const bench = new StoreBench();
    expect(bench.create('half', { subnets: [subnetOf('10.60.0.0/24'), subnetOf('10.0.0.0/24')] }).subnets).toEqual([]);
    expect(bench.create('whole', { subnets: [subnetOf('10.60.0.0/24')] })).toMatchObject({ vni: 4097 });
  });

  it('refuses a name that is taken', () => {
    const bench = new StoreBench();
    bench.create('ov');
    expect(bench.ask(1, 'CreateNetwork', specOf('ov'))).toEqual(refused('Conflict',
      'network with name ov already exists'));
  });

  it('refuses a second ingress network', () => {
    const bench = new StoreBench();
    const [ingress] = bench.networks();
    expect(bench.ask(0, 'CreateNetwork', specOf('second', { ingress: true }))).toEqual(refused('Conflict',
      `rpc error: code = AlreadyExists desc = ingress network (${ingress!.id}) is already present`));
  });

  it.each([
    ['my net', [], 'name must be valid as a DNS name component'],
    ['x'.repeat(64), [], 'name must be 63 characters or fewer'],
    ['a', [subnetOf('10.1.0.0')], 'ipam configuration: invalid subnet 10.1.0.0'],
    ['a', [subnetOf('10.1.0.0/24', '10.2.0.1')],
      'ipam configuration: subnet 10.1.0.0/24 does not contain gateway 10.2.0.1'],
    ['a', [subnetOf('10.1.0.0/24', 'x')], 'ipam configuration: invalid gateway x'],
    ['a', [subnetOf('10.1.0.0/24', '', '10.1.1.0/25')],
      'ipam configuration: subnet 10.1.0.0/24 does not contain range 10.1.1.0/25'],
  ])('refuses %s with a flaw', (name, subnets, text) => {
    const bench = new StoreBench();
    const before = bench.events.length;
    expect(bench.ask(0, 'CreateNetwork', specOf(name, { subnets }))).toEqual(
      refused('InvalidParameter', `rpc error: code = InvalidArgument desc = ${text}`));
    expect(bench.events.slice(before).map((event) => event.type)).toEqual(['StoreRequestDecided']);
  });

  it('refuses to remove a network that a task uses', () => {
    const bench = new StoreBench();
    const { id } = bench.create('ov');
    bench.take('ov', 'box');
    const answer = bench.ask(0, 'RemoveNetwork', { network: id });
    expect(answer).toMatchObject({ ok: false, kind: 'InvalidParameter' });
    expect(answer.ok ? '' : answer.message).toMatch(new RegExp(
      `^rpc error: code = FailedPrecondition desc = network ${id} is in use by task [0-9a-z]{25}$`));
  });

  it('removes a network on which only hosts\' own endpoints are left', () => {
    const bench = new StoreBench();
    const { id } = bench.create('ov');
    bench.take('ov', 'ov-endpoint', 0);
    bench.take('ov', 'ov-endpoint', 1);
    expect(bench.ask(0, 'RemoveNetwork', { network: id })).toEqual({ ok: true, value: null });
    expect(bench.networks().map((network) => network.name)).toEqual(['ingress']);
    expect(bench.ask(0, 'RemoveNetwork', { network: id })).toEqual(
      refused('NotFound', `rpc error: code = NotFound desc = network ${id} not found`));
  });

  it('answers what it does not know with a refusal', () => {
    expect(new StoreBench().ask(0, 'toString', null)).toMatchObject({ ok: false, kind: 'System' });
  });
});

import { formatIpv4, parseIpv4 } from '@netreel/wire';
import { isRefusal } from '../refusal.js';
import { TestHost, subnet } from '../testing.js';

const subnetOf = (host: TestHost, name: string): string => {
  const network = host.engine.findNetwork(name);
  return isRefusal(network) ? network.message : network.ipam.config[0]!.subnet;
};

const addressOf = (host: TestHost, name: string): string => {
  const row = host.row(name);
  const endpoint = [...host.tables.endpoints.values()].find((one) => one.container === row.id);
  return endpoint === undefined ? 'none' : formatIpv4(endpoint.address);
};

describe('default pools of bridge networks', () => {
  it('come in Docker\'s order, without those that overlap a route of the host, until the list is through', () => {
    const host = new TestHost();
    const subnets: string[] = [];
    for (let count = 0; count < 29; count++) {
      host.network(`net${count}`);
      subnets.push(subnetOf(host, `net${count}`));
    }
    expect(subnets).toEqual([
      ...Array.from({ length: 14 }, (_, index) => `172.${18 + index}.0.0/16`),
      // The underlay is 192.168.65.0/24: 192.168.64.0/20 is missing.
      ...Array.from({ length: 16 }, (_, index) => `192.168.${16 * index}.0/20`).filter((pool) =>
        pool !== '192.168.64.0/20'),
    ]);
    expect(host.refusal(host.engine.createNetwork({ ...SPEC, name: 'onemore' })))
      .toBe('could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the ' +
        'network');
  });

  it('go on after the last one given; a freed one comes back only after the list is through', () => {
    const host = new TestHost();
    host.network('lab1');
    host.must(host.engine.removeNetwork('lab1'));
    host.network('lab2');
    expect(subnetOf(host, 'lab2')).toBe('172.19.0.0/16');
    host.network('taken', { ipam: subnet('172.20.0.0/16') });
    host.network('lab3');
    expect(subnetOf(host, 'lab3')).toBe('172.21.0.0/16');
    for (let count = 0; count < 10 + 15; count++) host.network(`more${count}`);
    host.network('again');
    expect(subnetOf(host, 'again')).toBe('172.18.0.0/16');
  });
});

const SPEC = { name: 'x', checkDuplicate: true, driver: 'bridge', internal: false, attachable: false, ingress: false,
  ipv6: false,
  ipamDriver: 'default', ipamOptions: {}, ipam: [], options: {}, labels: {}, configOnly: false, configFrom: '' };

describe('a typed subnet', () => {
  it.each([
    ['10.1.0.0', 'Invalid subnet 10.1.0.0 : invalid CIDR address: 10.1.0.0'],
    ['10.1.0.0/33', 'Invalid subnet 10.1.0.0/33 : invalid CIDR address: 10.1.0.0/33'],
    ['172.17.5.0/24', 'Pool overlaps with other one on this address space'],
    ['172.25.128.0/24', 'Pool overlaps with other one on this address space'],
    ['172.24.0.0/13', 'Pool overlaps with other one on this address space'],
  ])('%s is refused: %s', (text, message) => {
    const host = new TestHost();
    host.network('lab', { ipam: subnet('172.25.0.0/16') });
    expect(host.refusal(host.engine.createNetwork({ ...SPEC, ipam: subnet(text) }))).toBe(message);
  });

  it('may overlap a route of the host, may have host bits, and is shown as typed', () => {
    const host = new TestHost();
    host.network('lab', { ipam: subnet('10.1.0.5/24') });
    expect(subnetOf(host, 'lab')).toBe('10.1.0.5/24');
    host.run('c1', { network: 'lab' });
    expect(addressOf(host, 'c1')).toBe('10.1.0.2');
    host.network('over', { ipam: subnet('192.168.65.0/25') });
  });

  it('is one per bridge', () => {
    const host = new TestHost();
    expect(host.refusal(host.engine.createNetwork({ ...SPEC, ipam: [...subnet('10.7.0.0/24'),
      ...subnet('10.8.0.0/24')] })))
      .toBe('bridge driver doesn\'t support multiple subnets');
  });
});

describe('addresses of containers', () => {
  it.each([
    ['the first free one after the gateway', '10.20.30.0/24', {}, ['10.20.30.2', '10.20.30.3']],
    ['from .1 when the gateway is elsewhere', '10.20.30.0/24', { gateway: '10.20.30.3' }, ['10.20.30.1', '10.20.30.2',
      '10.20.30.4']],
    ['from the first of a range, even .0', '172.28.0.0/16', { range: '172.28.5.0/24', gateway: '172.28.5.254' },
      ['172.28.5.0', '172.28.5.1']],
    ['after the gateway, which comes from the range too', '172.28.0.0/16', { range: '172.28.5.0/24' }, ['172.28.5.1']],
    ['without auxiliary addresses', '10.20.30.0/24', { auxiliary: { printer: '10.20.30.2', nas: '10.20.30.3' } },
      ['10.20.30.4']],
  ])('are %s', (_what, text, rest, expected) => {
    const host = new TestHost();
    host.network('lab', { ipam: subnet(text, rest) });
    expected.forEach((_, index) => host.run(`b${index}`, { network: 'lab' }));
    expect(expected.map((_, index) => addressOf(host, `b${index}`))).toEqual(expected);
  });

  it('fill a gap before the end is extended', () => {
    const host = new TestHost();
    for (const name of ['c1', 'c2', 'c3']) host.run(name);
    host.must(host.engine.removeContainer('c2', { force: true, volumes: false }));
    host.run('c4');
    host.run('c5');
    expect(['c1', 'c3', 'c4', 'c5'].map((name) => addressOf(host, name))).toEqual(['172.17.0.2', '172.17.0.4',
      '172.17.0.3', '172.17.0.5']);
  });

  it('run out: the container is created, its start fails, and it starts once there is room', () => {
    const host = new TestHost();
    const id = host.network('small', { ipam: subnet('10.20.30.0/29') });
    for (const name of ['s1', 's2', 's3', 's4', 's5']) host.run(name, { network: 'small' });
    host.create('s6', { network: 'small' });
    expect(host.refusal(host.engine.startContainer('s6')))
      .toBe(`no available IPv4 addresses on this network's address pools: small (${id})`);
    expect(host.row('s6')).toMatchObject({ status: 'created', exitCode: 128, netns: '' });
    host.must(host.engine.removeContainer('s2', { force: true, volumes: false }));
    host.must(host.engine.startContainer('s6'));
    expect(addressOf(host, 's6')).toBe('10.20.30.3');
  });

  it.each([
    ['172.30.0.5', 'Address already in use'],
    ['172.30.0.1', 'Address already in use'],
    ['172.31.0.5', 'Invalid address 172.31.0.5: It does not belong to any of this network\'s subnets'],
  ])('that are asked for and cannot be given: %s', (wanted, message) => {
    const host = new TestHost();
    host.network('lab', { ipam: subnet('172.30.0.0/16') });
    host.run('fixed', { network: 'lab', endpoint: { ipv4Address: '172.30.0.5' } });
    expect(addressOf(host, 'fixed')).toBe('172.30.0.5');
    host.create('again', { network: 'lab', endpoint: { ipv4Address: wanted } });
    expect(host.refusal(host.engine.startContainer('again'))).toBe(message);
  });

  it('may only be asked for where the subnet was typed', () => {
    const host = new TestHost();
    host.create('d1', { network: 'bridge', endpoint: { ipv4Address: '172.17.0.9' } });
    expect(host.refusal(host.engine.startContainer('d1')))
      .toBe('user specified IP address is supported on user defined networks only');
    host.network('lab');
    host.create('d2', { network: 'lab', endpoint: { ipv4Address: '172.18.0.9' } });
    expect(host.refusal(host.engine.startContainer('d2')))
      .toBe('user specified IP address is supported only when connecting to networks with user configured subnets');
  });

  it('keep to nothing else: the MAC is 02:42 and the address', () => {
    const host = new TestHost();
    host.network('c-class', { ipam: subnet('192.168.200.0/24') });
    const id = host.run('m3', { network: 'c-class', endpoint: { ipv4Address: '192.168.200.77' } });
    const endpoint = [...host.tables.endpoints.values()].find((one) => one.container === id)!;
    expect(endpoint.mac.toString(16)).toBe('242c0a8c84d');
    expect(endpoint.gateway).toBe(parseIpv4('192.168.200.1'));
  });
});

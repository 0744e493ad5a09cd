// Texts of the cases bridge-default-ifconfig, bridge-default-ip-addr, bridge-default-route, none-mode,
// bridge-docker0-on-host, and
// of busybox 1.35 on a real kernel where no case has them.

import { ProgramsUnderTest, alone, normalised, twoContainers } from '../../testing.js';

const LO_BLOCK = [
  'lo        Link encap:Local Loopback',
  '          inet addr:127.0.0.1  Mask:255.0.0.0',
  '          UP LOOPBACK RUNNING  MTU:65536  Metric:1',
  '          RX packets:<n> errors:0 dropped:<n> overruns:0 frame:0',
  '          TX packets:<n> errors:0 dropped:<n> overruns:0 carrier:0',
  '          collisions:0 txqueuelen:1000',
  '          RX bytes:<n>  TX bytes:<n>',
  ''];

function ethernetBlock(name: string, hardware: string, address: string, broadcast: string,
  ...more: string[]): string[] {
  return [
    `${name.padEnd(9)} Link encap:Ethernet  HWaddr ${hardware}`,
    `          inet addr:${address}  Bcast:${broadcast}  Mask:255.255.0.0`,
    ...more,
    '          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1',
    '          RX packets:<n> errors:0 dropped:<n> overruns:0 frame:0',
    '          TX packets:<n> errors:0 dropped:<n> overruns:0 carrier:0',
    '          collisions:0 txqueuelen:0',
    '          RX bytes:<n>  TX bytes:<n>',
    ''];
}

function shown(lab: ProgramsUnderTest, netns: string, line: string): string[] {
  return normalised(lab.run(netns, line.split(' ')).stdout).replace(/\n$/, '').split('\n');
}

describe('lo', () => {
  it('is number 1 in every namespace', () => {
    const lab = twoContainers();
    expect(['a', 'b'].map((netns) => lab.run(netns, ['ip', 'link', 'show', 'lo']).stdout.slice(0, 6)))
      .toEqual(['1: lo:', '1: lo:']);
    expect(lab.run('b', ['cat', '/sys/class/net/lo/ifindex']).stdout).toBe('1\n');
  });
});

describe('ifconfig', () => {
  it('shows interfaces that are up, by name', () => {
    expect(shown(twoContainers(), 'a', 'ifconfig')).toEqual([
      ...ethernetBlock('eth0', '02:42:AC:12:00:02', '172.18.0.2', '172.18.255.255'), ...LO_BLOCK]);
    expect(shown(alone(), 'alone', 'ifconfig')).toEqual(LO_BLOCK);
  });

  it('shows link-local addresses on a host, not in a container', () => {
    expect(shown(twoContainers(), 'host', 'ifconfig br0')).toEqual(
      ethernetBlock('br0', '02:42:00:00:00:01', '172.18.0.1', '172.18.255.255',
        '          inet6 addr: fe80::42:ff:fe00:1/64 Scope:Link'));
  });

  it('does not know an interface that is not there', () => {
    const ran = alone().run('alone', ['ifconfig', 'eth0']);
    expect([ran.stderr, ran.exitCode]).toEqual([
      'ifconfig: eth0: error fetching interface information: Device not found\n', 1]);
  });

  it('changes a device only for the privileged', () => {
    const lab = twoContainers();
    const refused = lab.run('a', ['ifconfig', 'eth0', 'down']);
    expect([refused.stderr, refused.exitCode]).toEqual(['ifconfig: SIOCSIFFLAGS: Operation not permitted\n', 1]);
    expect(lab.run('a', ['ifconfig', 'eth0', 'mtu', '1400', 'down'], { privileged: true }).exitCode).toBe(0);
    expect(shown(lab, 'a', 'ifconfig -a')).toContain('          BROADCAST MULTICAST  MTU:1400  Metric:1');
  });
});

describe('ip', () => {
  const LO = ['<n>: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00'];
  const LO_INET = ['    inet 127.0.0.1/8 scope host lo', '       valid_lft forever preferred_lft forever'];
  const ETH = ['<n>: eth0@if<n>: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue',
    '    link/ether 02:42:ac:12:00:02 brd ff:ff:ff:ff:ff:ff'];
  const ETH_INET = ['    inet 172.18.0.2/16 brd 172.18.255.255 scope global eth0',
    '       valid_lft forever preferred_lft forever'];

  it.each([
    ['ip addr', [...LO, ...LO_INET, ...ETH, ...ETH_INET]],
    ['ip a', [...LO, ...LO_INET, ...ETH, ...ETH_INET]],
    ['ip addr show eth0', [...ETH, ...ETH_INET]],
    ['ip -4 addr show dev eth0', [ETH[0], ...ETH_INET]],
    ['ip -4 addr', [LO[0], ...LO_INET, ETH[0], ...ETH_INET]],
    ['ip link', [...LO, ...ETH]],
    ['ip link show eth0', ETH],
    ['ip -6 addr', ['']],
    ['ip -o -4 addr show eth0', [
      '<n>: eth0    inet 172.18.0.2/16 brd 172.18.255.255 scope global eth0\\' +
      '       valid_lft forever preferred_lft forever']],
    ['ip route', ['default via 172.18.0.1 dev eth0', '172.18.0.0/16 dev eth0 scope link  src 172.18.0.2']],
    ['ip route get 172.18.0.3', ['172.18.0.3 dev eth0  src 172.18.0.2']],
  ])('%s', (line, lines) => {
    expect(shown(twoContainers(), 'a', line)).toEqual(lines);
  });

  it('names the other end of a veth and the bridge of a port', () => {
    const lab = twoContainers();
    expect(shown(lab, 'host', 'ip link show vetha')).toEqual([
      '<n>: vetha@if<n>: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue master br0',
      expect.stringMatching(/^ {4}link\/ether [0-9a-f:]{17} brd ff:ff:ff:ff:ff:ff$/)]);
    expect(shown(lab, 'host', 'ip link show br0')[0]).toBe(
      '<n>: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue');
  });

  it('shows a link without carrier, and one that is down', () => {
    const lab = twoContainers();
    lab.run('host', ['ip', 'link', 'set', 'vetha', 'down'], { privileged: true });
    expect(shown(lab, 'a', 'ip link show eth0')[0]).toBe(
      '<n>: eth0@if<n>: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue');
    lab.run('a', ['ip', 'link', 'set', 'dev', 'eth0', 'down'], { privileged: true });
    expect(shown(lab, 'a', 'ip link show eth0')[0]).toBe(
      '<n>: eth0@if<n>: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noqueue');
    expect(shown(lab, 'a', 'ip route')).toEqual(['']);
  });

  it.each([
    ['ip link set eth0 down', 'ip: SIOCSIFFLAGS: Operation not permitted\n', 2],
    ['ip link set eth9 down', 'ip: SIOCGIFFLAGS: No such device\n', 2],
    ['ip link set eth0 mtu 1400', 'ip: SIOCSIFMTU: Operation not permitted\n', 2],
    ['ip link set eth0 sideways', 'ip: either "dev" is duplicate, or "sideways" is garbage\n', 2],
    ['ip addr show eth9', "ip: can't find device 'eth9'\n", 1],
    ['ip link show eth9', "ip: can't find device 'eth9'\n", 2],
    ['ip addr foo', "ip: invalid argument 'foo' to 'ip'\n", 1],
  ])('%s is refused', (line, stderr, exitCode) => {
    const ran = twoContainers().run('a', line.split(' '));
    expect([ran.stderr, ran.exitCode]).toEqual([stderr, exitCode]);
  });
});

describe('route and netstat -rn', () => {
  const TITLE = ['Kernel IP routing table',
    'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface'];
  it.each([
    ['route -n', [...TITLE, '0.0.0.0         172.18.0.1      0.0.0.0         UG    0      0        0 eth0',
      '172.18.0.0      0.0.0.0         255.255.0.0     U     0      0        0 eth0']],
    ['netstat -rn', [TITLE[0], 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface',
      '0.0.0.0         172.18.0.1      0.0.0.0         UG        0 0          0 eth0',
      '172.18.0.0      0.0.0.0         255.255.0.0     U         0 0          0 eth0']],
  ])('%s', (line, lines) => {
    expect(shown(twoContainers(), 'a', line)).toEqual(lines);
  });

  it('has a heading only where there is no route', () => {
    expect(shown(alone(), 'alone', 'route -n')).toEqual(TITLE);
  });
});

describe('arp, ip neigh, brctl and bridge', () => {
  it('know a neighbour after a ping', () => {
    const lab = twoContainers();
    expect(shown(lab, 'a', 'arp -n')).toEqual(['']);
    lab.run('a', ['ping', '-c', '1', '172.18.0.3'], {}, 1.5);
    expect(shown(lab, 'a', 'arp -n')).toEqual(['? (172.18.0.3) at 02:42:ac:12:00:03 [ether]  on eth0']);
    expect(lab.run('a', ['ip', 'neigh']).stdout).toMatch(
      /^172\.18\.0\.3 dev eth0 lladdr 02:42:ac:12:00:03 used 0\/0\/0 probes \d [A-Z]+\n$/);
    expect(shown(lab, 'a', 'arp -n 172.18.0.9')).toEqual(['No match found in 1 entries']);
  });

  it('show what a bridge has for ports and has learned', () => {
    const lab = twoContainers();
    lab.run('a', ['ping', '-c', '1', '172.18.0.3'], {}, 2);
    expect(lab.run('host', ['brctl', 'show']).stdout).toBe('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n' +
      'br0\t\t8000.024200000001\tno\t\tvetha\n\t\t\t\t\t\t\tvethb\n');
    const rows = lab.run('host', ['bridge', 'fdb', 'show', 'br', 'br0']).stdout;
    expect(rows).toContain('02:42:ac:12:00:02 dev vetha master br0\n');
    expect(rows).toContain('02:42:ac:12:00:03 dev vethb master br0\n');
    expect(rows).toMatch(/dev vetha master br0 permanent\n/);
    expect(lab.run('host', ['bridge', 'link']).stdout).toMatch(
      /vetha@if\d+: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state forwarding/);
  });
});

describe('files of the kernel', () => {
  it.each([
    ['cat /sys/class/net/eth0/mtu', '1500\n'],
    ['cat /sys/class/net/eth0/address', '02:42:ac:12:00:02\n'],
    ['cat /sys/class/net/lo/operstate', 'unknown\n'],
    ['ls /sys/class/net', 'eth0\nlo\n'],
    ['cat /proc/sys/net/ipv4/ip_forward', '0\n'],
  ])('%s', (line, text) => {
    expect(twoContainers().run('a', line.split(' ')).stdout).toBe(text);
  });
});

describe('traceroute', () => {
  it('prints the recorded lines', () => {
    const ran = twoContainers().run('a', ['traceroute', '-n', '-q', '1', '172.18.0.3']);
    expect(normalised(ran.stdout)).toBe(
      'traceroute to 172.18.0.3 (172.18.0.3), 30 hops max, 46 byte packets\n 1  172.18.0.3  <t> ms\n');
  });
});

describe('udpblast, udpsink and udpecho', () => {
  it('count what they send and take', () => {
    const lab = twoContainers();
    const sink = lab.start('b', ['udpsink', '9']);
    const blast = lab.run('a', ['udpblast', '172.18.0.3', '9', '50', '100', '10'], {}, 1);
    expect([blast.stdout, blast.exitCode]).toEqual(['50 datagrams sent\n', 0]);
    lab.processes.signal(sink.pid, 'SIGTERM');
    lab.pass(1);
    expect([sink.stdout, sink.exitCode]).toEqual(['50 datagrams, 5000 bytes\n', 0]);
  });

  it('cannot share a port', () => {
    const lab = twoContainers();
    lab.start('b', ['udpecho', '7']);
    const ran = lab.run('b', ['udpsink', '7']);
    expect([ran.stderr, ran.exitCode]).toEqual(['udpsink: bind: Address already in use\n', 1]);
    expect(lab.run('b', ['netstat', '-lun']).stdout).toContain('udp        0      0 0.0.0.0:7 ');
  });
});

import { TestLab, labOf } from './lab.js';

const SECOND = 1_000_000_000;

/** What a line printed, typed on a node. */
const typed = (lab: TestLab, node: string, line: string): string => {
  const result = lab.command(node, line, 60 * SECOND);
  return result === undefined ? 'did not end' : result.stdout + result.stderr;
};

const PORTS_OF_WEB = `-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 443 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 90 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p udp -m udp --dport 53 -j ACCEPT
-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 443 -j MASQUERADE
-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 90 -j MASQUERADE
-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
-A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p udp -m udp --dport 53 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 32768 -j DNAT --to-destination 172.17.0.2:443
-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 9090 -j DNAT --to-destination 172.17.0.2:90
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
-A DOCKER ! -i docker0 -p udp -m udp --dport 5353 -j DNAT --to-destination 172.17.0.2:53
`;

describe('published ports', () => {
  const lab = new TestLab(labOf(2, 1, false));
  const rules = (): string => typed(lab, 'host1', 'iptables-save');
  const before = rules();

  it('have the rules that Docker 20.10 writes, and leave nothing behind', () => {
    typed(lab, 'host1', 'docker run -d --name web -p 8080:80 -p 127.0.0.1:9090:90 -p 5353:53/udp -p 443 nginx');
    expect(typed(lab, 'host1', 'iptables-save | grep -e --dport')).toBe(PORTS_OF_WEB);
    expect(typed(lab, 'host1', 'netstat -ltn | grep -c -e 8080 -e 9090 -e 32768')).toMatch(/^[3-6]\n$/);
    typed(lab, 'host1', 'docker rm -f web');
    expect(rules()).toBe(before);
    expect(typed(lab, 'host1', 'netstat -ltn | grep -c LISTEN')).toBe('0\n');
  });

  it('are reached from outside, by whoever is told the address of the host', () => {
    typed(lab, 'host1', 'docker run -d --name web -p 8080:80 nginx');
    expect(typed(lab, 'router', 'wget -qO- http://192.168.65.11:8080')).toContain('Welcome to nginx!');
    expect(typed(lab, 'router', 'echo "GET / HTTP/1.0\n" | nc -s 203.0.113.10 192.168.65.11 8080')).toContain('200 OK');
    expect(typed(lab, 'host1', 'docker logs web')).toMatch(/^192\.168\.65\.1 - - .*\n203\.0\.113\.10 - - .*\n$/);
    expect(typed(lab, 'host1', 'docker port web')).toContain('0.0.0.0:8080');
    typed(lab, 'host1', 'docker rm -f web');
    expect(typed(lab, 'router', 'wget -qO- http://192.168.65.11:8080')).toContain('Connection refused');
  });

  it('are not led to whoever has the address next', () => {
    typed(lab, 'host1', 'docker run -d --name web -p 8080:80 nginx');
    typed(lab, 'router', 'wget -qO- http://192.168.65.11:8080');
    typed(lab, 'host1', 'docker rm -f web');
    typed(lab, 'host1', 'docker run -d --name other nginx');
    const flows = [...lab.host('host1').kernel.tables.filters.get('host')!.flows.values()];
    expect(flows.filter(({ reply }) => reply.source === 0xac11_0002)).toEqual([]);
    expect(typed(lab, 'router', 'wget -qO- http://192.168.65.11:8080')).toContain('Connection refused');
    typed(lab, 'host1', 'docker rm -f other');
  });

  it('carry datagrams, through the rules and through the proxy', () => {
    typed(lab, 'host1', 'docker run -d --name sink -p 5353:53/udp busybox udpsink 53');
    for (const [node, address] of [['host2', '192.168.65.11'], ['host1', '127.0.0.1'], ['host1', '192.168.65.11']]) {
      expect(typed(lab, node!, `udpblast ${address!} 5353 5 100`)).toBe('5 datagrams sent\n');
    }
    lab.wait(SECOND);
    typed(lab, 'host1', 'docker kill -s INT sink');
    lab.wait(SECOND);
    expect(typed(lab, 'host1', 'docker logs sink')).toBe('15 datagrams, 1500 bytes\n');
    typed(lab, 'host1', 'docker rm -f sink');
  });
});

describe('the proxy of a published port', () => {
  const lab = new TestLab(labOf(1, 1, false));

  it('is a process of the host', () => {
    typed(lab, 'host1', 'docker run -d --name web -p 80:80 nginx');
    expect(lab.host('host1').processes.list(undefined).map(({ command }) => command.join(' '))).toContain(
      '/usr/sbin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 80 -container-ip 172.17.0.2 -container-port 80');
    typed(lab, 'host1', 'docker rm -f web');
    expect(lab.host('host1').processes.list(undefined)).toEqual([]);
  });

  it('carries more than fits into its buffers, and the end of it, both ways at once', () => {
    typed(lab, 'host1', 'docker run -d --name count -p 9000:9000 busybox sh -c "seq 60000 | nc -l -p 9000"');
    const counted = typed(lab, 'host1', 'sleep 5 | nc 127.0.0.1 9000 | wc');
    expect(counted.trim().split(/ +/)).toEqual(['60000', '60000', '348894']);
    typed(lab, 'host1', 'docker rm -f count');
  });

  it('ends a connection that nobody takes inside', () => {
    typed(lab, 'host1', 'docker run -dit --name box -p 9000:9000 busybox');
    expect(typed(lab, 'host1', 'nc 127.0.0.1 9000; echo $?')).toBe('0\n');
    typed(lab, 'host1', 'docker rm -f box');
  });
});

describe('the router of the underlay', () => {
  it('tells whoever asks over HTTP, whatever it asks, where it comes from', () => {
    const lab = new TestLab(labOf(1, 1, false));
    expect(typed(lab, 'host1', 'wget -qO- http://outside.lab/any/path')).toBe('192.168.65.11\n');
    expect(typed(lab, 'host1', 'printf "POST /x HTTP/1.0\\r\\nContent-Length: 2\\r\\n\\r\\nab" | nc router.lab 80'))
      .toMatch(/^HTTP\/1\.1 200 OK[^]*\n192\.168\.65\.11\n$/);
  });
});

describe('macvlan networks on a VLAN', () => {
  const lab = new TestLab(labOf(3, 1, false));
  const network = (host: string, vlan: number, range: string): string => typed(lab, host, 'docker network create ' +
    `-d macvlan --subnet 10.9.0.0/24 --gateway 10.9.0.1 --ip-range ${range} -o parent=eth0.${vlan} lan`);

  it('reach each other over the wire, and nobody with another number or none', () => {
    network('host1', 10, '10.9.0.0/28');
    network('host2', 10, '10.9.0.16/28');
    network('host3', 20, '10.9.0.32/28');
    for (const host of ['host1', 'host2', 'host3']) {
      typed(lab, host, 'docker run -dit --name box --network lan busybox');
    }
    expect(typed(lab, 'host1', 'docker exec box ping -c 1 10.9.0.16')).toContain('1 packets received');
    expect(typed(lab, 'host1', 'docker exec box ping -c 1 -s 1472 10.9.0.16')).toContain('1 packets received');
    expect(typed(lab, 'host1', 'docker exec box ping -c 1 -W 1 10.9.0.32')).toContain('0 packets received');
    expect(typed(lab, 'host1', 'ip link show eth0.10'))
      .toMatch(/eth0\.10@eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500/);
  });

  it('take the VLAN with them', () => {
    typed(lab, 'host1', 'docker rm -f box');
    typed(lab, 'host1', 'docker network rm lan');
    expect(typed(lab, 'host1', 'ip link show eth0.10')).toContain("can't find device 'eth0.10'");
  });

  it('without a parent are alone with each other', () => {
    typed(lab, 'host1', 'docker network create -d macvlan --subnet 10.8.0.0/24 alone');
    for (const name of ['one', 'two']) typed(lab, 'host1', `docker run -dit --name ${name} --network alone busybox`);
    expect(typed(lab, 'host1', 'docker exec one ping -c 1 two')).toContain('1 packets received');
    expect(typed(lab, 'host1', 'docker exec one ping -c 1 -W 1 192.168.65.1')).toContain('Network is unreachable');
    expect(typed(lab, 'host1', 'ip link')).toMatch(/dm-[0-9a-f]{12}: <BROADCAST/);
  });
});

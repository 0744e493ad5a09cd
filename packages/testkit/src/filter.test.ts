import { TestLab, labOf } from './lab.js';

/** The rules with the bridges of user networks called br-1, br-2 … in the order in which they appear. */
function plain(text: string): string {
  const names: string[] = [];
  return text.replace(/br-[0-9a-f]{12}/g, (name) => {
    if (!names.includes(name)) names.push(name);
    return `br-${names.indexOf(name) + 1}`;
  });
}

const TWO_NETWORKS = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-ISOLATION-STAGE-2 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o br-1 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br-1 -j DOCKER
-A FORWARD -i br-1 ! -o br-1 -j ACCEPT
-A FORWARD -i br-1 -o br-1 -j ACCEPT
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -i br-1 ! -o br-1 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-ISOLATION-STAGE-2 -o br-1 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
-A DOCKER-ISOLATION-STAGE-2 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.18.0.0/16 ! -o br-1 -j MASQUERADE
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i br-1 -j RETURN
-A DOCKER -i docker0 -j RETURN
COMMIT
`;

describe("a host's rules", () => {
  const lab = new TestLab(labOf(1));
  const create = (Name: string, more: object = {}): void =>
    expect(lab.api('host1', 'POST', '/networks/create', { Name, CheckDuplicate: true, ...more }).status).toBe(201);

  it('are what Docker 20.10 writes for its default bridge and one network', () => {
    create('front');
    expect(plain(lab.shell('host1', 'iptables-save').stdout)).toBe(TWO_NETWORKS);
    expect(lab.shell('host1', 'iptables -S DOCKER-USER').stdout).toBe('-N DOCKER-USER\n-A DOCKER-USER -j RETURN\n');
    expect(lab.shell('host1', 'iptables -t nat -S POSTROUTING').stdout).toContain('-P POSTROUTING ACCEPT\n');
    expect(lab.shell('host1', 'iptables -S NONE')).toMatchObject({ exitCode: 1 });
  });

  it('have their own for an internal network, one without talk and one without masquerading', () => {
    const before = lab.shell('host1', 'iptables-save').stdout;
    create('closed', { Internal: true });
    create('mute', { Options: { 'com.docker.network.bridge.enable_icc': 'false' } });
    create('bare', { Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } });
    const text = lab.shell('host1', 'iptables-save').stdout;
    expect(text).toMatch(/^-A DOCKER-ISOLATION-STAGE-1 ! -s 172.19.0.0\/16 -o br-\w+ -j DROP$/m);
    expect(text).toMatch(/^-A DOCKER-ISOLATION-STAGE-1 ! -d 172.19.0.0\/16 -i br-\w+ -j DROP$/m);
    expect(text).toMatch(/^-A FORWARD -i (br-\w+) -o \1 -j DROP$/m);
    expect(text).not.toContain('-s 172.21.0.0/16');
    for (const name of ['closed', 'mute', 'bare']) lab.api('host1', 'DELETE', `/networks/${name}`);
    expect(lab.shell('host1', 'iptables-save').stdout).toBe(before);
  });

  it('are not shown to a container: no image has a program for that', () => {
    lab.run('host1', 'box', 'bridge');
    expect(lab.exec('host1', 'box', 'iptables-save').output).toContain('executable file not found in $PATH');
  });
});

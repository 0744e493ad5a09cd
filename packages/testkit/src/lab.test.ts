import { TestLab, labOf } from './lab.js';

describe('containers on one host', () => {
  const lab = new TestLab(labOf(1));

  it('get addresses in sequence on the default bridge and reach each other by address only', () => {
    lab.run('host1', 'box1', 'bridge');
    lab.run('host1', 'box2', 'bridge');
    expect(lab.exec('host1', 'box1', 'ping', '-c', '2', '172.17.0.3')).toMatchObject(
      { exit: 0, output: expect.stringContaining('2 packets received, 0% packet loss') as string });
    expect(lab.exec('host1', 'box1', 'ping', '-c', '1', 'box2')).toMatchObject(
      { exit: 1, output: expect.stringContaining("bad address 'box2'") as string });
    expect(lab.shell('host1', 'ifconfig').stdout).toMatch(/docker0 [^]*veth[^]*veth/);
  });

  it('know each other by name on a user-defined bridge', () => {
    expect(lab.api('host1', 'POST', '/networks/create', { Name: 'user-network', CheckDuplicate: true }).status)
      .toBe(201);
    lab.run('host1', 'container1', 'user-network');
    lab.run('host1', 'container2', 'user-network');
    expect(lab.exec('host1', 'container1', 'ping', '-c', '1', 'container2')).toMatchObject(
      { exit: 0, output: expect.stringContaining('172.18.0.3') as string });
    expect(lab.exec('host1', 'container1', 'nslookup', 'nosuch').output).toContain('NXDOMAIN');
    expect(lab.exec('host1', 'container1', 'nslookup', '-type=a', 'router.lab').output).toContain('192.168.65.1');
  });
});

describe('an overlay over three hosts', () => {
  const lab = new TestLab(labOf(3));

  it('carries names and pings from host to host', () => {
    expect(lab.api('host1', 'POST', '/networks/create', { Name: 'ov', Driver: 'overlay', Attachable: true }).status)
      .toBe(201);
    lab.run('host1', 'ov1', 'ov');
    lab.run('host2', 'ov2', 'ov');
    lab.run('host3', 'ov3', 'ov');
    lab.wait(1_000_000_000);
    expect(lab.exec('host1', 'ov1', 'ping', '-c', '2', 'ov2')).toMatchObject(
      { exit: 0, output: expect.stringContaining('0% packet loss') as string });
    expect(lab.exec('host3', 'ov3', 'ping', '-c', '2', 'ov1')).toMatchObject({ exit: 0 });
  });
});

import { MILLISECOND, SECOND } from '@netreel/sim';
import { alone, normalised, twoContainers } from '../../testing.js';

describe('ping', () => {
  it('answers as the recorded case bridge-default-ping-by-ip', () => {
    const lab = twoContainers();
    const ran = lab.run('a', ['ping', '-c', '2', '172.18.0.3']);
    expect(normalised(ran.stdout)).toBe([
      'PING 172.18.0.3 (172.18.0.3): 56 data bytes',
      '64 bytes from 172.18.0.3: seq=0 ttl=64 time=<t> ms',
      '64 bytes from 172.18.0.3: seq=1 ttl=64 time=<t> ms',
      '',
      '--- 172.18.0.3 ping statistics ---',
      '2 packets transmitted, 2 packets received, 0% packet loss',
      'round-trip min/avg/max = <t> ms',
      ''].join('\n'));
    expect(ran.exitCode).toBe(0);
    expect(ran.endedAt).toBeGreaterThan(SECOND);
    expect(ran.endedAt).toBeLessThan(SECOND + 10 * MILLISECOND);
  });

  it('waits one second for an absent host with -W 1, and ends with 1', () => {
    const ran = twoContainers().run('a', ['ping', '-c', '1', '-W', '1', '172.18.0.99']);
    expect(ran.stdout).toBe('PING 172.18.0.99 (172.18.0.99): 56 data bytes\n\n--- 172.18.0.99 ping statistics ---\n' +
      '1 packets transmitted, 0 packets received, 100% packet loss\n');
    expect(ran.exitCode).toBe(1);
    expect(ran.endedAt).toBe(SECOND);
  });

  it('waits ten seconds by default, whatever -w says, once all is sent', () => {
    expect(twoContainers().run('a', ['ping', '-c', '1', '-w', '2', '172.18.0.99']).endedAt).toBe(10 * SECOND);
    const many = twoContainers().run('a', ['ping', '-c', '5', '-w', '2', '172.18.0.99']);
    expect(many.endedAt).toBe(2 * SECOND);
    expect(many.stdout).toContain('2 packets transmitted, 0 packets received, 100% packet loss');
  });

  it('says what the kernel refuses and prints no statistics', () => {
    const ran = alone().run('alone', ['ping', '-c', '1', '172.17.0.1']);
    expect(ran.stdout).toBe('PING 172.17.0.1 (172.17.0.1): 56 data bytes\n');
    expect(ran.stderr).toBe('ping: sendto: Network is unreachable\n');
    expect(ran.exitCode).toBe(1);
  });

  it.each([
    [['ping', '-c', '1', 'nosuch'], "ping: bad address 'nosuch'\n"],
    [['ping', '-c', '1', '-6', 'localhost'], "ping: bad address 'localhost'\n"],
    [['ping', '-c', '1', '-I', 'eth9', '127.0.0.1'], "ping: bad address 'eth9'\n"],
    [['ping', '-c', 'x', '127.0.0.1'], "ping: invalid number 'x'\n"],
    [['ping', '-s', '70000', '127.0.0.1'], 'ping: number 70000 is not in 0..65535 range\n'],
  ])('%j is refused', (argv, text) => {
    const ran = alone().run('alone', argv);
    expect([ran.stdout, ran.stderr, ran.exitCode]).toEqual(['', text, 1]);
  });

  it('prints its statistics when it is interrupted', () => {
    const lab = twoContainers();
    const ran = lab.start('a', ['ping', '172.18.0.3']);
    lab.after(1500 * MILLISECOND, () => lab.processes.signal(ran.pid, 'SIGINT'));
    lab.pass(5 * SECOND);
    expect(ran.stdout).toContain('2 packets transmitted, 2 packets received, 0% packet loss');
    expect(ran.exitCode).toBe(0);
    expect(ran.endedAt).toBe(1500 * MILLISECOND);
  });

  it('keeps quiet with -q and shows no time for a payload without room for one', () => {
    const quiet = twoContainers().run('a', ['ping', '-q', '-c', '2', '-i', '0.2', '172.18.0.3']);
    expect(quiet.stdout.split('\n')[1]).toBe('');
    const small = twoContainers().run('a', ['ping', '-c', '1', '-s', '0', '127.0.0.1']);
    expect(small.stdout).toBe('PING 127.0.0.1 (127.0.0.1): 0 data bytes\n8 bytes from 127.0.0.1: seq=0 ttl=64\n\n' +
      '--- 127.0.0.1 ping statistics ---\n1 packets transmitted, 1 packets received, 0% packet loss\n');
  });

  it('names the MTU with -M do, and goes through in fragments without', () => {
    const lab = twoContainers();
    const whole = lab.run('a', ['ping', '-c', '1', '-M', 'do', '-s', '1473', '172.18.0.3']);
    expect(whole.stderr).toBe('ping: local error: message too long, mtu=1500\n');
    expect(whole.stdout).toContain('1 packets transmitted, 0 packets received, +1 errors, 100% packet loss');
    expect(whole.exitCode).toBe(1);
    expect(lab.run('a', ['ping', '-c', '1', '-M', 'do', '-s', '1472',
      '172.18.0.3']).stdout).toContain('1480 bytes from');
    expect(lab.run('a', ['ping', '-c', '1', '-s', '4000', '172.18.0.3']).stdout).toContain('4008 bytes from');
  });
});

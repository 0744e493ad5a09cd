import { Client } from '../testing.js';

describe('docker top', () => {
  it.each([
    ['', ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD']], ['ps_args=-o pid,comm', ['PID', 'COMMAND']],
    ['ps_args=-o pid -o args', ['PID', 'COMMAND']],
    ['ps_args=aux', ['USER', 'PID', '%CPU', '%MEM', 'VSZ', 'RSS', 'TTY', 'STAT', 'START', 'TIME', 'COMMAND']],
  ])('has the columns of ps %s', (query, titles) => {
    const client = new Client();
    client.run('box');
    const { Titles, Processes } = client.get(`/containers/box/top?${encodeURI(query)}`);
    expect(Titles).toEqual(titles);
    expect(Processes[0][titles.indexOf('PID')]).toBe(String(client.host.row('box').pid));
  });

  it('needs a PID, a column that there is, and a container that runs', () => {
    const client = new Client();
    client.run('box');
    client.create('idle');
    expect(client.send('GET', '/containers/box/top?ps_args=-oargs').body)
      .toEqual({ message: "Couldn't find PID field in ps output" });
    expect(client.send('GET', '/containers/box/top?ps_args=-onosuch').status).toBe(500);
    expect(client.send('GET', '/containers/idle/top').status).toBe(409);
  });
});

describe('docker stats', () => {
  it('compares two looks, a second apart', () => {
    const client = new Client();
    client.run('box', { HostConfig: { Memory: 64 * 1024 * 1024 } });
    const told = client.get('/containers/box/stats?stream=0');
    expect(told.read).toBe('2024-01-01T00:00:01Z');
    expect(told.preread).toBe('2024-01-01T00:00:00Z');
    expect(told.memory_stats.limit).toBe(64 * 1024 * 1024);
    expect(told.cpu_stats.cpu_usage.total_usage).toBeGreaterThan(told.precpu_stats.cpu_usage.total_usage);
    expect(Object.keys(told.networks)).toEqual(['eth0']);
  });

  it('has nothing to tell of one that does not run', () => {
    const client = new Client();
    client.create('idle');
    expect(client.get('/containers/idle/stats?stream=0')).toMatchObject({ read: '0001-01-01T00:00:00Z',
      memory_stats: {} });
  });
});

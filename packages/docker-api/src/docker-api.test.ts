import { readAnswer, type ApiAnswer } from './index.js';
import { Client, filters, idOf, on, request } from './testing.js';

describe('statuses of refusals', () => {
  it.each([
    ['POST', '/networks/create', { Name: 'lab', CheckDuplicate: true }, 409, 'network with name lab already exists'],
    ['POST', '/networks/create', { Name: 'host' }, 403, 'operation is not permitted on predefined host network'],
    ['POST', '/networks/lab/connect', { Container: 'nosuch' }, 404, 'No such container: nosuch'],
    ['DELETE', '/networks/bridge', null, 403, 'bridge is a pre-defined network and cannot be removed'],
    ['POST', '/containers/create?name=x', { Image: 'busybox' }, 400,
      'Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed'],
    ['POST', '/containers/create', { Image: 'nosuch:1' }, 404, 'No such image: nosuch:1'],
    ['POST', '/containers/create', null, 500, 'EOF'],
    ['POST', '/containers/create', { Image: 'busybox', NetworkingConfig: { EndpointsConfig: { lab1: {}, lab2: {} } } },
      400,
      'Container cannot be connected to network endpoints: lab1, lab2'],
    ['POST', '/containers/nosuch/start', null, 404, 'No such container: nosuch'],
    ['GET', '/containers/nosuch/json', null, 404, 'No such container: nosuch'],
    ['GET', '/containers/nosuch/logs', null, 400, 'Bad parameters: you must choose at least one stream'],
    ['POST', '/containers/nosuch/wait?condition=odd', null, 400, 'invalid condition: "odd"'],
    ['GET', '/containers/json?filters=%7B%22nosuch%22%3A%5B%221%22%5D%7D', null, 400, 'Invalid filter \'nosuch\''],
    ['GET', '/exec/nosuch/json', null, 404, 'No such exec instance: nosuch'],
    ['POST', '/images/create?fromImage=nosuch&tag=latest', null, 404,
      'pull access denied for nosuch, repository does not exist or may ' +
      'require \'docker login\': denied: requested access to the resource is denied'],
    ['GET', '/services', null, 503,
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node ' +
      'to swarm and try again.'],
    ['GET', '/nosuch', null, 404, 'page not found'],
  ] as const)('%s %s', (method, target, body, status, message) => {
    const client = new Client();
    client.network('lab');
    expect(client.send(method, target, body)).toEqual({ status, body: { message } });
  });

  it('of a start that cannot find its program: 400', () => {
    const client = new Client();
    client.create('box', { Cmd: ['nosuchcommand'] });
    expect(client.send('POST', '/containers/box/start')).toMatchObject({ status: 400 });
    expect(client.get('/containers/box/json').State).toMatchObject({ Status: 'created', ExitCode: 127 });
  });
});

describe('changes', () => {
  it('answer 304 when it was so already', () => {
    const client = new Client();
    client.run('box');
    expect(client.send('POST', '/containers/box/start').status).toBe(304);
    expect(client.send('POST', '/containers/box/stop?t=0').status).toBe(204);
    expect(client.send('POST', '/containers/box/stop?t=0').status).toBe(304);
  });

  it('prune and answer what went', () => {
    const client = new Client();
    client.network('idle');
    client.network('kept', { Labels: { keep: 'yes' } });
    const done = client.create('done');
    expect(client.send('POST', '/containers/prune').body).toEqual({ ContainersDeleted: [done], SpaceReclaimed: 0 });
    expect(client.send('POST',
      `/networks/prune?${filters({ 'label!': { keep: true } })}`).body).toEqual({ NetworksDeleted: ['idle'] });
    expect(client.send('POST', '/containers/prune').body).toEqual({ ContainersDeleted: null, SpaceReclaimed: 0 });
  });

  it('update the restart policy', () => {
    const client = new Client();
    client.run('loop', { HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } });
    expect(client.get('/containers/loop/json').HostConfig.RestartPolicy).toEqual({ Name: 'always',
      MaximumRetryCount: 0 });
    client.send('POST', '/containers/loop/update', { RestartPolicy: { Name: 'no' } });
    expect(client.get('/containers/loop/json').HostConfig.RestartPolicy.Name).toBe('no');
  });
});

describe('the system', () => {
  it('says who it is', () => {
    const client = new Client();
    expect(client.send('GET', '/_ping')).toEqual({ status: 200, body: 'OK' });
    expect(client.get('/version')).toMatchObject({ Version: '20.10.24', ApiVersion: '1.41' });
    client.run('box');
    expect(client.get('/info')).toMatchObject({ Name: 'host1', Containers: 1, ContainersRunning: 1,
      ContainersStopped: 0 });
  });

  it('has its images', () => {
    const client = new Client();
    expect(client.get('/images/nginx/json').Config).toMatchObject({ Cmd: ['nginx', '-g', 'daemon off;'],
      ExposedPorts: { '80/tcp': {} } });
    expect(client.get('/images/json').map((image: { RepoTags: string[] }) =>
      image.RepoTags[0])).toContain('busybox:latest');
    const lines = client.send('POST', '/images/create?fromImage=busybox&tag=latest').output!.map(({ text }) => text);
    expect(lines.join('').replace(/[0-9a-f]{64}/, '<digest>')).toBe(
      '{"status":"Pulling from library/busybox","id":"latest"}\r\n' +
      '{"status":"Digest: sha256:<digest>"}\r\n' +
      '{"status":"Status: Image is up to date for busybox:latest"}\r\n');
  });
});

describe('the past', () => {
  it('is read from folded tables as from live ones', () => {
    const client = new Client();
    client.network('lab');
    client.run('box', on('lab'));
    const context = { hostName: 'host1', now: client.host.now };
    const before = client.host.folded();
    client.send('DELETE', '/containers/box?force=1');
    const past = (target: string): ApiAnswer | undefined => readAnswer(before, request('GET', target, null), context);
    expect(past('/containers/box/json')?.body).toMatchObject({ Name: '/box', State: { Status: 'running' } });
    const box = idOf(past('/containers/box/json')!);
    expect(past('/networks/lab')?.body).toMatchObject({ Containers: { [box]: { Name: 'box' } } });
    expect(client.send('GET', '/containers/box/json').status).toBe(404);
    expect(readAnswer(before, request('POST', '/containers/box/start', null), context)).toBeUndefined();
  });
});

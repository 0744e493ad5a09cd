import { docker, refused } from '../../test/scripted-api.js';

const SERVER = {
  Platform: { Name: '' },
  Version: '20.10.24',
  ApiVersion: '1.41',
  MinAPIVersion: '1.12',
  GitCommit: '5d6db84',
  GoVersion: 'go1.19.8',
  Os: 'linux',
  Arch: 'amd64',
  BuildTime: '2023-04-04T18:17:19.000000000+00:00',
  Components: [
    {
      Name: 'Engine',
      Version: '20.10.24',
      Details: {
        ApiVersion: '1.41',
        Arch: 'amd64',
        BuildTime: '2023-04-04T18:17:19.000000000+00:00',
        Experimental: 'false',
        GitCommit: '5d6db84',
        GoVersion: 'go1.19.8',
        MinAPIVersion: '1.12',
        Os: 'linux',
      },
    },
    { Name: 'runc', Version: '1.1.5', Details: { GitCommit: '1.1.5-0' } },
  ],
};
const version = { expect: 'GET /version', answer: SERVER };

describe('docker version', () => {
  it('has a page', () => {
    expect(docker('version', [version]).stdout).toBe(`Client:
 Version:           28.2.2
 API version:       1.41 (downgraded from 1.50)
 Go version:        go1.24.3
 Git commit:        e6534b4
 Built:             Fri May 30 12:07:14 2025
 OS/Arch:           linux/amd64
 Context:           default

Server:
 Engine:
  Version:          20.10.24
  API version:      1.41 (minimum version 1.12)
  Go version:       go1.19.8
  Git commit:       5d6db84
  Built:            Tue Apr  4 18:17:19 2023
  OS/Arch:          linux/amd64
  Experimental:     false
 runc:
  Version:          1.1.5
  GitCommit:        1.1.5-0
`);
  });

  it('and templates', () => {
    expect(docker("version -f '{{.Server.Version}} {{.Client.APIVersion}}'", [version]).stdout).toBe('20.10.24 1.41\n');
    expect(docker("version -f '{{.Nope}}'", [version])).toMatchObject({
      exit: 1,
      stdout: '\n',
      stderr:
        'template: version:1:2: executing "version" at <.Nope>: can\'t evaluate field Nope in type ' +
        'system.versionInfo\n',
    });
  });
});

describe('docker info', () => {
  const info = {
    expect: 'GET /info',
    answer: {
      Containers: 2,
      ContainersRunning: 1,
      Images: 6,
      ServerVersion: '20.10.24',
      Driver: 'overlay2',
      Name: 'host1',
      NCPU: 2,
      MemTotal: 2_147_483_648,
      OSType: 'linux',
      Plugins: { Network: ['bridge', 'overlay'] },
      Swarm: {
        LocalNodeState: 'active',
        NodeAddr: '192.168.65.11',
        ControlAvailable: true,
        Managers: 1,
        Nodes: 2,
        NodeID: 'n1',
        Cluster: { ID: 'c1' },
        RemoteManagers: [{ NodeID: 'n1', Addr: '192.168.65.11:2377' }],
      },
    },
  };

  it('has a page', () => {
    const { stdout } = docker('info', [info]);
    expect(stdout).toContain(' Containers: 2\n  Running: 1\n  Paused: 0\n');
    expect(stdout).toContain(
      ' Swarm: active\n  NodeID: n1\n  Is Manager: true\n  ClusterID: c1\n  Managers: 1\n  Nodes: 2\n  Node ' +
      'Address: 192.168.65.11\n' +
        '  Manager Addresses:\n   192.168.65.11:2377\n',
    );
    expect(stdout).toContain(' CPUs: 2\n Total Memory: 2GiB\n Name: host1\n');
  });

  it('and templates, with zeros for what was not sent', () => {
    const {
      answer: { Swarm: _gone, ...rest },
    } = info;
    expect(docker("info -f '{{.Swarm.LocalNodeState}} {{.Swarm.Managers}} {{.Name}}'", [info]).stdout).toBe(
      'active 1 host1\n',
    );
    expect(docker("info -f '{{.Swarm.ControlAvailable}} {{.Swarm.Nodes}}'", [{ ...info, answer: rest }]).stdout).toBe(
      'false 0\n',
    );
    expect(docker("info -f '{{.Nope}}'", [info]).stderr).toBe(
      'template: :1:2: executing "" at <.Nope>: can\'t evaluate field Nope in type system.dockerInfo\n',
    );
  });
});

describe('docker system prune', () => {
  it('takes containers, networks, images and build cache, as far as the engine has them', () => {
    expect(
      docker('system prune -f', [
        { expect: 'POST /containers/prune', answer: { ContainersDeleted: ['c1'], SpaceReclaimed: 0 } },
        { expect: 'POST /networks/prune', answer: { NetworksDeleted: ['idle'] } },
        {
          expect: 'POST /images/prune?filters={"dangling":{"true":true}}',
          answer: { ImagesDeleted: null, SpaceReclaimed: 0 },
        },
        refused('POST /build/prune', 404, 'page not found'),
      ]),
    ).toMatchObject({
      exit: 0,
      stderr: '',
      stdout: 'Deleted Containers:\nc1\n\nDeleted Networks:\nidle\n\nTotal reclaimed space: 0B\n',
    });
  });

  it('asks first', () => {
    expect(docker('system prune').stdout).toBe(`WARNING! This will remove:
  - all stopped containers
  - all networks not used by at least one container
  - all dangling images
  - unused build cache

Are you sure you want to continue? [y/N] `);
  });
});

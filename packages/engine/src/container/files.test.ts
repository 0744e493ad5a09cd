import { formatIpv4 } from '@netreel/wire';
import { PLAIN_ENDPOINT } from './spec.js';
import { TestHost } from '../testing.js';

const HOSTS = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n' +
  'ff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n';

const EXEC = { cmd: ['sh'], env: [], workingDir: '', user: '', tty: false, privileged: false, attachStdin: false,
  attachStdout: true,
  attachStderr: true };

describe('files', () => {
  const file = (host: TestHost, name: string, path: string): string => host.row(name).files.get(path) ?? '';

  it('on the default bridge: the host\'s resolver, and one\'s own line', () => {
    const host = new TestHost();
    host.run('named', { hostname: 'desk' });
    expect(file(host, 'named', '/etc/hosts')).toBe(`${HOSTS}172.17.0.2\tdesk\n`);
    expect(file(host, 'named', '/etc/resolv.conf')).toBe('nameserver 192.168.65.1\n');
    expect(file(host, 'named', '/etc/hostname')).toBe('desk\n');
  });

  it('gain a line with every network, keep it, and turn to the embedded resolver for good', () => {
    const host = new TestHost();
    const id = host.run('one').slice(0, 12);
    host.network('our-net');
    host.must(host.engine.connect('our-net', 'one', PLAIN_ENDPOINT));
    host.must(host.engine.disconnect('bridge', 'one', false));
    expect(file(host, 'one', '/etc/hosts')).toBe(`${HOSTS}172.17.0.2\t${id}\n172.18.0.2\t${id}\n`);
    expect(file(host, 'one', '/etc/resolv.conf')).toBe('nameserver 127.0.0.11\noptions ndots:0\n');
  });

  it('hold the options of --dns and --add-host', () => {
    const host = new TestHost();
    host.network('lab');
    const wishes = { dns: ['192.0.2.53'], dnsSearch: ['corp.test'], dnsOptions: ['timeout:1'],
      extraHosts: ['db:10.1.2.3', 'gate:host-gateway'] };
    host.run('plain', { host: wishes });
    host.run('user', { network: 'lab', host: { ...wishes, networkMode: 'lab' } });
    expect(file(host, 'plain',
      '/etc/resolv.conf')).toBe('search corp.test\nnameserver 192.0.2.53\noptions timeout:1\n');
    expect(file(host, 'user',
      '/etc/resolv.conf')).toBe('search corp.test\nnameserver 127.0.0.11\noptions timeout:1 ndots:0\n');
    expect(file(host, 'user', '/etc/hosts')).toContain('\n10.1.2.3\tdb\n172.17.0.1\tgate\n172.18.0.2\t');
    expect(host.engine.nameServers(host.row('user').id).map(formatIpv4)).toEqual(['192.0.2.53']);
  });

  it('of none and host mode', () => {
    const host = new TestHost();
    host.run('alone', { network: 'none' });
    host.run('inhost', { network: 'host' });
    expect(file(host, 'alone', '/etc/hosts')).toBe(HOSTS);
    expect(file(host, 'inhost', '/etc/hosts')).toBe('127.0.0.1\tlocalhost\n127.0.1.1\thost1\n');
    expect(host.row('inhost')).toMatchObject({ netns: 'host', sharesNetns: true });
  });

  it('of a link under its own name: the name once', () => {
    const host = new TestHost();
    const target = host.run('target');
    host.run('client', { host: { links: ['target:target'] } });
    expect(file(host, 'client', '/etc/hosts')).toContain(`\n172.17.0.2\ttarget ${target.slice(0, 12)}\n`);
  });

  it('of a link: a line, variables, and the new address when the target comes back', () => {
    const host = new TestHost();
    host.run('first');
    const target = host.run('target', { env: ['COLOUR=red'], exposedPorts: ['80/tcp'] });
    host.run('client', { host: { links: ['target:db'] } });
    expect(file(host, 'client',
      '/etc/hosts')).toContain(`\n172.17.0.3\tdb ${target.slice(0, 12)} target\n172.17.0.4\t`);
    expect(host.engine.processSettings(host.row('client').id, '')!.env).toEqual(expect.arrayContaining(
      ['DB_PORT=tcp://172.17.0.3:80', 'DB_PORT_80_TCP_ADDR=172.17.0.3', 'DB_NAME=/client/db', 'DB_ENV_COLOUR=red']));
    for (const name of ['first', 'target']) host.must(host.engine.stopContainer(name, 0));
    expect(host.refusal(host.engine.createExec('client', EXEC)))
      .toBe('Cannot link to a non running container: /target AS /client/db');
    host.must(host.engine.startContainer('target'));
    const hosts = file(host, 'client', '/etc/hosts');
    expect(hosts).toContain(`\n172.17.0.2\tdb ${target.slice(0, 12)} target\n172.17.0.4\t`);
    expect(hosts).not.toContain('172.17.0.3\tdb');
  });
});

describe('container mode', () => {
  it('shares namespace, files and host name', () => {
    const host = new TestHost();
    const base = host.run('base');
    const side = host.run('side', { network: 'container:base' });
    expect(host.row('side')).toMatchObject({ netns: host.row('base').netns, sharesNetns: true });
    expect(host.row('side').files).toEqual(host.row('base').files);
    expect(host.engine.processSettings(side, '')!.hostname).toBe(base.slice(0, 12));
    host.network('lab');
    host.must(host.engine.connect('lab', 'base', PLAIN_ENDPOINT));
    expect(host.row('side').files).toEqual(host.row('base').files);
  });

  it('leaves the other one in the old namespace when the owner ends, until it restarts itself', () => {
    const host = new TestHost();
    host.run('base');
    host.run('side', { network: 'container:base' });
    const old = host.row('base').netns;
    const events = host.during(() => host.must(host.engine.stopContainer('base', 0)));
    expect(events.find((event) => event.type === 'SandboxRemoved')).toMatchObject({ netns: old, shared: true });
    host.must(host.engine.startContainer('base'));
    expect(host.row('side').netns).toBe(old);
    expect(host.row('base').netns).toBe(`${old}-2`);
    const restarted = host.during(() => host.must(host.engine.restartContainer('side', 0)));
    expect(restarted.find((event) => event.type === 'SandboxRemoved')).toMatchObject({ netns: old, shared: false });
    expect(host.row('side').netns).toBe(`${old}-2`);
  });

  it('needs a target that is there and runs', () => {
    const host = new TestHost();
    const base = host.run('base');
    host.create('c1x', { network: 'container:nosuch' });
    host.run('side', { network: 'container:base' });
    host.create('c9x', { network: 'container:base' });
    expect(host.refusal(host.engine.startContainer('c1x'))).toBe('No such container: nosuch');
    host.must(host.engine.stopContainer('base', 0));
    expect(host.refusal(host.engine.startContainer('c9x')))
      .toBe(`cannot join network of a non running container: ${base}`);
    host.must(host.engine.removeContainer('base', { force: true, volumes: false }));
    host.must(host.engine.stopContainer('side', 0));
    expect(host.refusal(host.engine.startContainer('side'))).toBe(`No such container: ${base}`);
  });
});

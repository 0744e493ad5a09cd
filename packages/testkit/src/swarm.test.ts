import type { AnyRecord } from '@netreel/sim';
import { TestLab, labOf } from './lab.js';

const SECOND = 1_000_000_000;
const NO_LEADER = /The swarm does not have a leader/;

/** A swarm formed as people form one: init, then join with a token. */
class Swarm {
  readonly lab: TestLab;
  private faults = 0;

  constructor(readonly hosts: number, managing: number) {
    this.lab = new TestLab(labOf(hosts, 1, false));
    this.say('host1', 'docker swarm init');
    for (let number = 2; number <= hosts; number++) {
      const role = number <= managing ? 'manager' : 'worker';
      const token = this.say('host1', `docker swarm join-token -q ${role}`).trim();
      this.say(`host${number}`, `docker swarm join --token ${token} 192.168.65.11:2377`);
    }
    this.seconds(3);
  }

  type(host: string, line: string): { readonly exit: number; readonly stdout: string; readonly stderr: string } {
    const result = this.lab.command(host, line, 120 * SECOND);
    if (result === undefined) throw new Error(`${line} did not end`);
    return result;
  }

  /** Types a line that has to succeed; what it printed. */
  say(host: string, line: string): string {
    const { exit, stdout, stderr } = this.type(host, line);
    if (exit !== 0) throw new Error(`${host} $ ${line}: ${stderr}`);
    return stdout;
  }

  seconds(count: number): void {
    this.lab.wait(count * SECOND);
  }

  /** Cuts a host off from all others, in both directions. Gives back what heals it. */
  cutOff(host: string): () => void {
    const others = this.lab.lab.nodes.map(({ name }) => name).filter((name) => name !== host);
    const id = `cut-${++this.faults}`;
    const rule = { from: [], to: [], kinds: [], action: 'drop', chancePpm: 1_000_000, delayNs: 0, since: 0,
      until: Number.MAX_SAFE_INTEGER };
    this.lab.order(host, { type: 'FaultOrdered', rule: { ...rule, id, from: [host] } } as unknown as AnyRecord);
    for (const other of others) {
      this.lab.order(other, { type: 'FaultOrdered', rule: { ...rule, id, to: [host] } } as unknown as AnyRecord);
    }
    return () => {
      for (const name of [host, ...others]) this.lab.order(name, { type: 'FaultLifted', id } as unknown as AnyRecord);
    };
  }

  leaderSeenFrom(host: string): string {
    const rows = this.say(host, "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}'").split('\n');
    return rows.find((row) => row.endsWith(' Leader'))?.split(' ')[0] ?? '';
  }

  /** Hosts on which tasks of a service are to run, and do. */
  running(host: string, service: string): string[] {
    return this.say(host, 'docker service ps --filter desired-state=running ' +
      `--format '{{.Node}} {{.CurrentState}}' ${service}`).split('\n').filter((row) => / Running /.test(row))
      .map((row) => row.split(' ')[0]!).sort();
  }

  /** Containers that run on a host. */
  containers(host: string): number {
    return this.say(host, 'docker ps -q').split('\n').filter((line) => line !== '').length;
  }
}

describe('three managers', () => {
  it('choose another leader when theirs is cut off, and go on with what was settled', () => {
    const swarm = new Swarm(3, 3);
    swarm.say('host1', 'docker network create -d overlay --attachable ov');
    expect(swarm.leaderSeenFrom('host2')).toBe('host1');
    const heal = swarm.cutOff('host1');
    swarm.seconds(25);
    const next = swarm.leaderSeenFrom('host2');
    expect(['host2', 'host3']).toContain(next);
    expect(swarm.say('host3', 'docker network ls --filter driver=overlay --format {{.Name}}')).toBe('ingress\nov\n');
    swarm.say('host3', 'docker network create -d overlay --attachable later');
    expect(swarm.type('host1', 'docker node ls').stderr).toMatch(NO_LEADER);
    heal();
    swarm.seconds(25);
    expect(swarm.leaderSeenFrom('host1')).toBe(swarm.leaderSeenFrom('host2'));
    expect(swarm.say('host1', 'docker network ls --filter driver=overlay --format {{.Name}}'))
      .toBe('ingress\nlater\nov\n');
  });

  it('change nothing without a majority, while tasks go on', () => {
    const swarm = new Swarm(3, 3);
    swarm.say('host1', 'docker service create -d --no-resolve-image --name web --replicas 3 nginx');
    swarm.seconds(5);
    expect(swarm.running('host1', 'web')).toEqual(['host1', 'host2', 'host3']);
    swarm.cutOff('host2');
    swarm.cutOff('host3');
    swarm.seconds(30);
    for (const line of ['docker node ls', 'docker service scale -d web=5', 'docker network create -d overlay ov']) {
      expect(swarm.type('host1', line).stderr).toMatch(NO_LEADER);
    }
    expect(['host1', 'host2', 'host3'].map((host) => swarm.containers(host))).toEqual([1, 1, 1]);
  });

  it('give an address once, whoever leads', () => {
    const swarm = new Swarm(3, 3);
    swarm.say('host1', 'docker network create -d overlay --attachable ov');
    swarm.say('host1', 'docker service create -d --no-resolve-image --name one --network ov --replicas 2 nginx');
    swarm.seconds(5);
    swarm.cutOff('host1');
    swarm.seconds(25);
    swarm.say('host2', 'docker service create -d --no-resolve-image --name two --network ov --replicas 2 nginx');
    swarm.seconds(5);
    const addresses = ['one', 'two'].flatMap((service) => [
      ...swarm.say('host2', `docker service inspect -f '{{range .Endpoint.VirtualIPs}}{{.Addr}} {{end}}' ${service}`)
        .trim().split(' '),
      ...swarm.say('host2', `docker service ps -q --filter desired-state=running ${service}`).trim().split('\n')
        .map((task) => swarm.say('host2', 'docker inspect --type task ' +
          `-f '{{range .NetworksAttachments}}{{range .Addresses}}{{.}}{{end}}{{end}}' ${task}`).trim()),
    ]);
    expect(addresses).toHaveLength(6);
    expect(new Set(addresses).size).toBe(6);
  });
});

describe('a worker that is cut off', () => {
  it('is down after three missed heartbeats; its tasks run elsewhere, and twice until it is back', () => {
    const swarm = new Swarm(3, 1);
    swarm.say('host1', 'docker service create -d --no-resolve-image --name web --replicas 3 nginx');
    swarm.seconds(5);
    const heal = swarm.cutOff('host3');
    swarm.seconds(11);
    expect(swarm.say('host1', "docker node ls --filter name=host3 --format '{{.Status}}'")).toBe('Ready\n');
    swarm.seconds(20);
    expect(swarm.say('host1', "docker node ls --filter name=host3 --format '{{.Status}}'")).toBe('Down\n');
    expect(swarm.running('host1', 'web')).not.toContain('host3');
    expect(swarm.running('host1', 'web')).toHaveLength(3);
    expect(swarm.containers('host1') + swarm.containers('host2') + swarm.containers('host3')).toBe(4);
    heal();
    swarm.seconds(15);
    expect(swarm.say('host1', "docker node ls --filter name=host3 --format '{{.Status}}'")).toBe('Ready\n');
    expect(swarm.containers('host1') + swarm.containers('host2') + swarm.containers('host3')).toBe(3);
  });
});

describe('an update', () => {
  const started = (more = ''): Swarm => {
    const swarm = new Swarm(2, 1);
    swarm.say('host1', `docker service create -d --no-resolve-image --name web --replicas 3 ${more} nginx`);
    swarm.seconds(5);
    return swarm;
  };
  const stateOf = (swarm: Swarm): string =>
    swarm.say('host1', 'docker service inspect -f {{.UpdateStatus.State}} web').trim();

  it('replaces one task after the other, and says when it is through', () => {
    const swarm = started('--update-delay 10s');
    swarm.say('host1', 'docker service update -d --no-resolve-image --env-add STAGE=two web');
    swarm.seconds(4);
    expect(stateOf(swarm)).toBe('updating');
    expect(swarm.running('host1', 'web')).toHaveLength(3);
    swarm.seconds(60);
    expect(stateOf(swarm)).toBe('completed');
    const tasks = swarm.say('host1', "docker service ps --format '{{.Name}} {{.DesiredState}}' web").trim().split('\n');
    expect(tasks.filter((task) => task.endsWith('Shutdown'))).toHaveLength(3);
  });

  it('stops at the first task that fails, and leaves the rest as they were', () => {
    const swarm = started();
    swarm.say('host1', 'docker service update -d --no-resolve-image --image nosuch web');
    swarm.seconds(30);
    expect(stateOf(swarm)).toBe('paused');
    expect(swarm.running('host1', 'web')).toHaveLength(2);
  });

  it('is taken back when it was said to be', () => {
    const swarm = started('--update-failure-action rollback');
    swarm.say('host1', 'docker service update -d --no-resolve-image --image nosuch web');
    swarm.seconds(60);
    expect(stateOf(swarm)).toBe('rollback_completed');
    expect(swarm.running('host1', 'web')).toHaveLength(3);
    expect(swarm.say('host1', 'docker service inspect -f {{.Spec.TaskTemplate.ContainerSpec.Image}} web'))
      .toBe('nginx:latest\n');
  });

  it('starts the new task first when it was said to', () => {
    const swarm = started('--update-order start-first --update-delay 20s');
    swarm.say('host1', 'docker service update -d --no-resolve-image --env-add STAGE=two web');
    swarm.seconds(2);
    expect(swarm.running('host1', 'web').length).toBeGreaterThanOrEqual(3);
    swarm.seconds(90);
    expect(stateOf(swarm)).toBe('completed');
  });
});

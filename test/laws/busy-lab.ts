// A lab that people use all at once: networks and containers come and go, pings cross, faults strike. What happens next
// is drawn from a seed, so that a failure can be lived again.

import { historyCodec } from '@netreel/protocol';
import { type AnyRecord, type LabSpec, NEVER, RandomStream, defineLab } from '@netreel/sim';
import { TestLab, labOf } from '@netreel/testkit';

/** What a busy lab left behind. */
export interface BusyLab {
  readonly lab: TestLab;
  /** The recorded commits as bytes, by node. */
  readonly bytes: readonly (readonly Uint8Array[])[];
  /** How often each kind of act was tried, and how many pings were answered. */
  readonly acts: ReadonlyMap<string, number>;
}

interface Placed {
  readonly host: string;
  readonly name: string;
}

const HOSTS = ['host1', 'host2', 'host3'] as const;
const FAULT_KINDS: readonly (readonly string[])[] = [[], ['FrameCrossed'], ['StoreAsked', 'StoreAnswered']];

class Crowd {
  readonly acts = new Map<string, number>();
  private readonly draws: RandomStream;
  private readonly containers: Placed[] = [];
  private readonly networks: Placed[] = [];
  private readonly overlays: string[] = [];
  private readonly faults: string[] = [];
  private made = 0;

  constructor(private readonly lab: TestLab, seed: number) {
    this.draws = new RandomStream(seed, 'crowd');
  }

  act(): void {
    const kinds = ['network', 'overlay', 'run', 'run', 'run', 'run', 'stop', 'kill', 'start', 'remove', 'connect',
      'connect', 'disconnect',
      'unnetwork', 'ping', 'ping', 'ping', 'fault', 'lift', 'link', 'wait'] as const;
    const kind = this.one(kinds);
    this.count(kind);
    this[kind]();
  }

  private count(what: string): void {
    this.acts.set(what, (this.acts.get(what) ?? 0) + 1);
  }

  private network(): void {
    const placed = { host: this.one(HOSTS), name: `net${++this.made}` };
    this.networks.push(placed);
    this.lab.api(placed.host, 'POST', '/networks/create', { Name: placed.name, CheckDuplicate: true });
  }

  private overlay(): void {
    const name = `ov${++this.made}`;
    this.overlays.push(name);
    this.lab.api(this.one(HOSTS), 'POST', '/networks/create', { Name: name, Driver: 'overlay', Attachable: true });
  }

  private run(): void {
    const host = this.one(HOSTS);
    const name = `box${++this.made}`;
    const network = this.networkFor(host);
    const { status } = this.lab.api(host, 'POST', '/containers/create', { Image: 'busybox', Tty: true, OpenStdin: true,
      HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: {} } } }, { name });
    if (status !== 201) return;
    this.containers.push({ host, name });
    this.lab.api(host, 'POST', `/containers/${name}/start`);
  }

  private stop(): void {
    this.onContainer('POST', (name) => `/containers/${name}/stop`, { t: '1' });
  }

  private kill(): void {
    this.onContainer('POST', (name) => `/containers/${name}/kill`);
  }

  private start(): void {
    this.onContainer('POST', (name) => `/containers/${name}/start`);
  }

  private remove(): void {
    this.onContainer('DELETE', (name) => `/containers/${name}`, this.draws.chance(1, 2) ? { force: '1' } : {});
  }

  private connect(): void {
    const container = this.any(this.containers);
    if (container === undefined) return;
    this.lab.api(container.host, 'POST', `/networks/${this.networkFor(container.host)}/connect`,
      { Container: container.name });
  }

  private disconnect(): void {
    const container = this.any(this.containers);
    if (container === undefined) return;
    this.lab.api(container.host, 'POST', `/networks/${this.networkFor(container.host)}/disconnect`,
      { Container: container.name, Force: this.draws.chance(1, 3) });
  }

  private unnetwork(): void {
    if (this.draws.chance(1, 3)) {
      const name = this.any(this.overlays);
      if (name !== undefined) this.lab.api(this.one(HOSTS), 'DELETE', `/networks/${name}`);
      return;
    }
    const network = this.any(this.networks);
    if (network !== undefined) this.lab.api(network.host, 'DELETE', `/networks/${network.name}`);
  }

  private ping(): void {
    const from = this.any(this.containers);
    const to = this.any(this.containers);
    if (from === undefined || to === undefined) return;
    const exec = this.lab.api(from.host, 'POST', `/containers/${from.name}/exec`,
      { Cmd: ['ping', '-c', '2', '-W', '1', to.name], AttachStdout: true, AttachStderr: true });
    const { Id: id } = exec.body as { Id?: string };
    if (id === undefined) return;
    const started = this.lab.api(from.host, 'POST', `/exec/${id}/start`, { Detach: false, Tty: false });
    if ((started.output ?? []).some(({ text }) => text.includes(' bytes from '))) this.count('answered ping');
  }

  private fault(): void {
    const id = `fault${++this.made}`;
    this.faults.push(id);
    const action = this.one(['drop', 'delay', 'duplicate'] as const);
    const rule = { id, from: [], to: this.draws.chance(1, 2) ? [] : [this.one(HOSTS)], kinds: this.one(FAULT_KINDS),
      action,
      chancePpm: 100_000 + this.draws.below(400_000), delayNs: 1_000_000 + this.draws.below(30_000_000), since: 0,
        until: NEVER };
    for (const host of HOSTS) this.lab.order(host, { type: 'FaultOrdered', rule } as unknown as AnyRecord);
  }

  private lift(): void {
    const id = this.any(this.faults);
    if (id === undefined) return;
    for (const host of HOSTS) this.lab.order(host, { type: 'FaultLifted', id } as AnyRecord);
  }

  /** A bridge's port or the bridge itself goes down and up on the host. */
  private link(): void {
    const links = 'ip -o link | grep -o "veth[0-9a-f]*\\|br-[0-9a-f]*" | head -1';
    this.lab.shell(this.one(HOSTS), `for link in $(${links}); do ip link set $link down; ip link set $link up; done`);
  }

  private wait(): void {
    this.lab.wait(1_000_000 + this.draws.below(4_000_000_000));
  }

  private onContainer(method: 'POST' | 'DELETE', path: (name: string) => string, query: Record<string,
    string> = {}): void {
    const container = this.any(this.containers);
    if (container !== undefined) this.lab.api(container.host, method, path(container.name), null, query);
  }

  private networkFor(host: string): string {
    const local = this.networks.filter((network) => network.host === host).map((network) => network.name);
    return this.one(['bridge', ...local, ...this.overlays, ...this.overlays]);
  }

  private one<T>(items: readonly T[]): T {
    return items[this.draws.below(items.length)]!;
  }

  private any<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : this.one(items);
  }
}

/** Three hosts, one of them a little farther away, busy for `acts` acts. */
export function busyLab(seed: number, acts: number): BusyLab {
  const spec = busySpec(seed);
  const bytes: Uint8Array[][] = spec.nodes.map(() => []);
  const lab = new TestLab(spec, (commit, node) => { bytes[node]!.push(historyCodec.encodeCommit(commit)); });
  const crowd = new Crowd(lab, seed);
  for (let act = 0; act < acts; act++) crowd.act();
  return { lab, bytes, acts: crowd.acts };
}

export function busySpec(seed: number): LabSpec {
  const lab = labOf(HOSTS.length, seed);
  return defineLab({ ...lab, underlay: { ...lab.underlay, pairs: [{ between: ['host1', 'host3'],
    latencyNs: 3_000_000 }] } });
}

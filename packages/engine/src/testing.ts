// An engine on a host of make-believe, for the tests of this room and of those above. Real hosts are in `host`.

import { Agenda, RANK, RandomStream, assert, hexId, startOperation, type Handler, type Operation,
  type SimTime } from '@netreel/sim';
import { parseCidr, parseIpv4 } from '@netreel/wire';
import type { ContainerRequest } from './container/create.js';
import type { EndpointConfig, HostSettings } from './container/spec.js';
import { PLAIN_ENDPOINT } from './container/spec.js';
import { Engine } from './engine.js';
import type { EngineEvent } from './events.js';
import { evolveEngine } from './evolve.js';
import type { NetworkSpec } from './network/spec.js';
import type { EnginePort, OverlayNetwork, OverlayNetworkSpec, OverlayPeer, ProcessTarget, RemoteEndpoint, StoreAnswer,
  StoreClient, SwarmClient } from './port.js';
import { isRefusal, type Refusal } from './refusal.js';
import { STANDARD_API } from './age.js';
import { usageOf } from './container/usage.js';
import { emptyEngineTables, type ContainerRow } from './tables.js';

/** What a program does: ends by itself after a while, or heeds signals, or neither. */
export interface Behaviour {
  readonly exitCode?: number;
  /** undefined: runs until it is killed. */
  readonly afterNs?: number;
  readonly heeds?: readonly string[];
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What the programs of the make-believe images do; everything else is not there. */
const PROGRAMS: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ['sh', {}], ['/bin/sh', {}], ['bash', {}], ['/bin/bash', {}], ['sleep', {}],
  ['/docker-entrypoint.sh', { heeds: ['SIGQUIT'] }], ['docker-entrypoint.sh', { heeds: ['SIGTERM'] }],
  ['true', { exitCode: 0, afterNs: 1000 }], ['false', { exitCode: 1, afterNs: 1000 }],
  ['echo', { exitCode: 0, afterNs: 1000, stdout: 'hello\nworld\n', stderr: 'oops\n' }],
  ['soon', { exitCode: 3, afterNs: 2_000_000_000 }],
]);

/** How long the store takes to answer. */
export const STORE_DELAY_NS = 400_000;

/** What a test wants of a container beside its name. */
export type Wishes = Omit<Partial<ContainerRequest>, 'host'> & {
  readonly host?: Partial<HostSettings>;
  readonly network?: string;
  readonly endpoint?: Partial<EndpointConfig>;
};

/** A host in no swarm. */
export const NO_SWARM: SwarmClient = {
  membership: () => ({ cluster: '', node: '', role: '', managers: [] }),
  self: 0, addressOf: () => 0, nodeIdOf: () => '',
  init: refuseAll, join: refuseAll, leave: refuseAll, ask: refuseAll,
};

function* refuseAll(): Operation<StoreAnswer<never>> {
  return { ok: false, kind: 'Unavailable', message: 'This node is not a swarm manager. Use "docker swarm init" or ' +
    '"docker swarm join" to connect this node to swarm and try again.' };
}

/** The store's rules as far as an engine sees them: subnets in turn, addresses in turn. */
export class FakeStore implements StoreClient {
  readonly byId = new Map<string, OverlayNetwork & { next: number; readonly taken: Map<number, string> }>();
  private made = 0;

  constructor(private readonly wait: (ns: number) => Operation<void>) {}

  *createNetwork(spec: OverlayNetworkSpec): Operation<StoreAnswer<OverlayNetwork>> {
    yield* this.wait(STORE_DELAY_NS);
    if ([...this.byId.values()].some((network) => network.name === spec.name)) {
      return { ok: false, kind: 'Conflict', message: `network with name ${spec.name} already exists` };
    }
    const number = ++this.made;
    const subnets = spec.subnets.length > 0 ? spec.subnets.map((pool) => ({ ...pool, gateway: pool.gateway ||
      firstOf(pool.subnet) }))
      : [{ subnet: `10.0.${number}.0/24`, gateway: `10.0.${number}.1`, range: '' }];
    const network = { ...spec, id: hexId(1, `overlay/${number}`, 25), vni: 4096 + number, createdAt: 0, subnets,
      next: 2,
      taken: new Map<number, string>() };
    this.byId.set(network.id, network);
    return { ok: true, value: network };
  }

  *removeNetwork(id: string): Operation<StoreAnswer<null>> {
    yield* this.wait(STORE_DELAY_NS);
    const network = this.byId.get(id);
    if (network === undefined) return { ok: false, kind: 'NotFound', message: `network ${id} not found` };
    if ([...network.taken.values()].some((owner) => !owner.endsWith('-endpoint'))) {
      return { ok: false, kind: 'InvalidParameter',
        message: `rpc error: code = FailedPrecondition desc = network ${id} is in use by task` };
    }
    this.byId.delete(id);
    return { ok: true, value: null };
  }

  *networks(): Operation<StoreAnswer<readonly OverlayNetwork[]>> {
    yield* this.wait(STORE_DELAY_NS);
    return { ok: true, value: [...this.byId.values()] };
  }

  *takeAddress(id: string, owner: string, wanted: number | undefined):
    Operation<StoreAnswer<{ readonly address: number }>> {
    yield* this.wait(STORE_DELAY_NS);
    const network = this.byId.get(id);
    if (network === undefined) return { ok: false, kind: 'NotFound', message: `network ${id} not found` };
    const base = parseCidr(network.subnets[0]!.subnet)!.address;
    const address = wanted ?? base + network.next++;
    network.taken.set(address, owner);
    return { ok: true, value: { address } };
  }

  *releaseAddress(id: string, address: number): Operation<StoreAnswer<null>> {
    yield* this.wait(STORE_DELAY_NS);
    this.byId.get(id)?.taken.delete(address);
    return { ok: true, value: null };
  }
}

function firstOf(subnet: string): string {
  return subnet.replace(/\d+\/\d+$/, '1');
}

/** The machine: time, an agenda, programs that end when they should, and all events that were emitted. */
export class TestHost {
  readonly tables = emptyEngineTables();
  readonly events: EngineEvent[] = [];
  readonly signals: string[] = [];
  /** What went into standard inputs: a name and the text, `end`, or a size. */
  readonly inputs: string[] = [];
  private readonly moments: SimTime[] = [];
  readonly routes: { address: number; prefix: number }[] = [{ address: parseIpv4('192.168.65.0')!, prefix: 24 }];
  readonly remote = new Map<string, RemoteEndpoint[]>();
  /** By network id: hosts on an overlay. */
  readonly peers = new Map<string, OverlayPeer[]>();
  readonly links = new Set(['lo', 'eth0', 'docker0']);
  /** Where somebody listens on the host, such as `0.0.0.0:80/tcp`. */
  readonly busy = new Set<string>();
  readonly store = new FakeStore((ns) => this.sleep(ns));
  readonly engine: Engine;
  now: SimTime = 0;
  private readonly agenda = new Agenda();
  private readonly counters = new Map<string, number>();
  private readonly streams = new Map<string, RandomStream>();
  private readonly running = new Map<string, Behaviour>();
  private scheduled = 0;

  constructor(readonly apiVersion = STANDARD_API) {
    this.engine = new Engine(this.port(), this.tables);
    this.engine.boot();
  }

  /** Runs an operation to its end, however long that takes; its answer. */
  ask<T>(operation: Operation<T>): T {
    const pending = this.begin(operation);
    while (pending.result === undefined && this.step(Number.MAX_SAFE_INTEGER)) continue;
    assert(pending.result !== undefined, 'the operation waits for something that never comes');
    return pending.result.value;
  }

  /** Runs an operation that must not be refused. */
  must<T>(operation: Operation<T>): Exclude<T, Refusal> {
    const result = this.ask(operation);
    assert(!isRefusal(result), isRefusal(result) ? result.message : '');
    return result as Exclude<T, Refusal>;
  }

  /** The text with which an operation is refused; undefined when it is not. */
  refusal(operation: Operation<unknown>): string | undefined {
    const result = this.ask(operation);
    return isRefusal(result) ? result.message : undefined;
  }

  /** Starts an operation and lets it wait. */
  begin<T>(operation: Operation<T>): { result: { readonly value: T } | undefined } {
    const pending: { result: { readonly value: T } | undefined } = { result: undefined };
    startOperation(operation, (value) => { pending.result = { value }; });
    return pending;
  }

  /** Lets time pass. */
  pass(ns: number): void {
    const until = this.now + ns;
    while (this.step(until + 1)) continue;
    this.now = until;
  }

  /** The events that `action` leads to. */
  during(action: () => void): readonly EngineEvent[] {
    const from = this.events.length;
    action();
    return this.events.slice(from);
  }

  network(name: string, rest: Partial<NetworkSpec> = {}): string {
    return this.must(this.engine.createNetwork({ ...NETWORK, name, ...rest })).id;
  }

  create(name: string, rest: Wishes = {}): string {
    return this.must(this.engine.createContainer(containerRequest(name, rest))).id;
  }

  /** Creates and starts. */
  run(name: string, rest: Wishes = {}): string {
    const id = this.create(name, rest);
    this.must(this.engine.startContainer(id));
    return id;
  }

  row(reference: string): ContainerRow {
    const row = this.engine.findContainer(reference);
    assert(!isRefusal(row), `no container ${reference}`);
    return row;
  }

  /** All events applied to empty tables. */
  folded(): ReturnType<typeof emptyEngineTables> {
    const tables = emptyEngineTables();
    this.events.forEach((event, place) =>
      evolveEngine(tables, JSON.parse(JSON.stringify(event)) as EngineEvent, this.moments[place]!));
    return tables;
  }

  private *sleep(ns: number): Operation<void> {
    yield (resume) => { this.schedule(this.now + ns, { fire: () => resume(undefined) }, undefined); };
  }

  private step(end: SimTime): boolean {
    if (!this.agenda.pop(end)) return false;
    this.now = this.agenda.at;
    this.agenda.handler!.fire(this.agenda.argument as never);
    return true;
  }

  private schedule<A>(at: SimTime, handler: Handler<A>, argument: A): number {
    return this.agenda.push(at, RANK.timer, 0, this.scheduled++, handler, argument, 0, 0);
  }

  private port(): EnginePort {
    return {
      hostName: 'host1', apiVersion: this.apiVersion, nameServer: parseIpv4('192.168.65.1')!, store: this.store,
        swarm: NO_SWARM,
      now: () => this.now,
      schedule: (at, handler, argument) => this.schedule(at, handler, argument),
      cancel: (ticket) => this.agenda.cancel(ticket),
      random: (purpose) => {
        const stream = this.streams.get(purpose) ?? new RandomStream(1, purpose);
        this.streams.set(purpose, stream);
        return stream;
      },
      newId: (kind, digits = 64) => {
        const count = this.counters.get(kind) ?? 0;
        this.counters.set(kind, count + 1);
        return hexId(1, `${kind}/${count}`, digits);
      },
      emit: (event) => {
        this.events.push(event);
        this.moments.push(this.now);
        if (event.type === 'PortsWithdrawn') this.closeProxies(event.endpoint);
        evolveEngine(this.tables, event, this.now);
        this.react(event);
      },
      hostRoutes: () => this.routes,
      usage: (container) => usageOf(this.tables, this.row(container)),
      hasLink: (name) => this.links.has(name),
      hasProgram: (_container, program) => PROGRAMS.has(program), hostFiles: [['/etc/hostname', 'host1\n']],
      openProxy: ({ protocol, hostAddress, hostPort }) => {
        if (protocol === 'sctp') return 'EPROTONOSUPPORT';
        const place = `${hostAddress}:${hostPort}/${protocol}`;
        if (this.busy.has(place)) return 'EADDRINUSE';
        this.busy.add(place);
        return undefined;
      },
      closeProxy: ({ protocol, hostAddress, hostPort }) => {
        this.busy.delete(`${hostAddress}:${hostPort}/${protocol}`);
      },
      remoteEndpoints: (network) => this.remote.get(network) ?? [],
      overlayPeers: (network) => this.peers.get(network) ?? [],
      input: (target, text) => { this.inputs.push(`${this.nameOf(target)}: ${text}`); },
      endInput: (target) => { this.inputs.push(`${this.nameOf(target)} end`); },
      resize: (target, rows, columns) => { this.inputs.push(`${this.nameOf(target)} ${rows}x${columns}`); },
      signal: ({ container, exec }, signal) => {
        this.signals.push(`${signal} ${this.nameOf({ container, exec })}`);
        const behaviour = this.running.get(`${container}/${exec}`);
        if (behaviour === undefined) return;
        if (signal === 'SIGKILL') this.end(container, exec, 137);
        else if (behaviour.heeds?.includes(signal) === true) this.end(container, exec, 0);
      },
    };
  }

  private nameOf({ container, exec }: ProcessTarget): string {
    return `${this.tables.containers.get(container)?.name ?? ''}${exec === '' ? '' : ' exec'}`;
  }

  private closeProxies(endpoint: string): void {
    for (const { protocol, hostAddress, hostPort } of this.tables.endpoints.get(endpoint)?.published ?? []) {
      this.busy.delete(`${hostAddress}:${hostPort}/${protocol}`);
    }
  }

  private react(event: EngineEvent): void {
    if (event.type === 'ContainerStarted') {
      const { spec } = this.row(event.id);
      this.launch(event.id, '', [...(spec.entrypoint ?? []), ...spec.cmd][0]!);
    } else if (event.type === 'ExecStarted') {
      this.launch(event.container, event.id, this.tables.execs.get(event.id)!.spec.cmd[0]!);
    }
  }

  private launch(container: string, exec: string, program: string): void {
    const behaviour = PROGRAMS.get(program)!;
    this.running.set(`${container}/${exec}`, behaviour);
    if (behaviour.afterNs === undefined) return;
    this.schedule(this.now + behaviour.afterNs, { fire: () => {
      if (this.running.get(`${container}/${exec}`) !== behaviour) return;
      if (behaviour.stdout !== undefined) this.engine.outputWritten(container, exec, 'stdout', behaviour.stdout);
      if (behaviour.stderr !== undefined) this.engine.outputWritten(container, exec, 'stderr', behaviour.stderr);
      this.end(container, exec, behaviour.exitCode ?? 0);
    } }, undefined);
  }

  private end(container: string, exec: string, exitCode: number): void {
    this.running.delete(`${container}/${exec}`);
    this.engine.processEnded(container, exec, exitCode);
  }
}

const NETWORK: Omit<NetworkSpec, 'name'> = {
  checkDuplicate: true, driver: '', internal: false, attachable: false, ingress: false, ipv6: false,
    ipamDriver: 'default',
  ipamOptions: {}, ipam: [], options: {}, labels: {}, configOnly: false, configFrom: '',
};

/** One subnet as typed. */
export function subnet(text: string,
  rest: { gateway?: string; range?: string; auxiliary?: { [name: string]: string } } = {}):
  NetworkSpec['ipam'] {
  return [{ subnet: text, gateway: rest.gateway ?? '', range: rest.range ?? '', auxiliary: rest.auxiliary ?? {} }];
}

/** A request for `docker create --name NAME busybox`. */
export function containerRequest(name: string, rest: Wishes = {}): ContainerRequest {
  const { network, endpoint, ...more } = rest;
  const host: ContainerRequest['host'] = { networkMode: network ?? 'default', autoRemove: false,
    restartPolicy: { name: '', maximumRetryCount: 0 }, dns: [], dnsSearch: [], dnsOptions: [], extraHosts: [],
      links: [],
    portBindings: {}, publishAllPorts: false, privileged: false, sent: {}, ...more.host };
  return { image: 'busybox', hostname: '', domainname: '', user: '', attachStdin: false, attachStdout: false,
    attachStderr: false,
    tty: false, openStdin: false, stdinOnce: false, env: [], cmd: null, entrypoint: null, workingDir: '', labels: {},
      exposedPorts: [],
    stopSignal: '', stopTimeout: -1, macAddress: '', volumes: [], healthcheck: null,
    networks: endpoint === undefined ? new Map() : new Map([[network ?? 'bridge', { ...PLAIN_ENDPOINT, ...endpoint }]]),
    ...more, name, host };
}

// One host at a recorded moment, standing still: its engine answers what only reads, and programs may look around in
// its namespaces. Where an answer would need time to pass or a packet to move, it says so instead of guessing.

import { DockerApi, PatientCall, readAnswer, type ApiAnswer, type ApiRequest } from '@netreel/docker-api';
import { Engine, STANDARD_API, usageOf, type EngineEvent, type EnginePort, type OverlayNetwork, type StoreAnswer,
  evolveEngine } from '@netreel/engine';
import { EMBEDDED_DNS, HOST_NETNS, type HostTables, overlayPeers } from '@netreel/host';
import { liveEndpoints } from '@netreel/overlay';
import { EmbeddedDns, canRun, type ProcessIo, type ProcessSpec, Processes } from '@netreel/programs';
import { type Json, type LabSpec, type Operation, RandomStream, type SimTime, hexId,
  startOperation } from '@netreel/sim';
import { PastInterfaces } from './interfaces.js';
import { StillSockets, stillPacketSocket } from './sockets.js';
import { Standstill } from './standstill.js';

const DNS_PORT = 53;
/** Execs are calls that act, but in a moment that stands still they can only look. */
/** What files are, which an engine looks up without changing anything. */
const FILES = /^\/(containers\/[^/]+\/(archive|changes|export)|images\/(get|.+\/get))$/;
const EXEC = /^\/(containers\/[^/]+\/exec|exec\/[^/]+\/start)$/;

/** What was asked cannot be known from tables. */
export const STANDS_STILL = 'this is a recorded moment: ';

export interface LineResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class PastHost {
  private readonly time: Standstill;
  private readonly engine: Engine;
  private readonly api: DockerApi;
  private readonly processes: Processes;
  private readonly sockets = new Map<string, StillSockets>();
  private beyond: string | undefined;
  private counted = false;
  private ids = 0;

  /** `tables` are the host's as they stood at `at`; what is asked leaves its execs in them, nothing else. */
  constructor(private readonly lab: LabSpec, private readonly node: number, private readonly tables: HostTables,
    private readonly overlays: readonly OverlayNetwork[], readonly at: SimTime) {
    this.time = new Standstill(at);
    this.processes = new Processes({ ...this.time, random: (purpose) => this.random(purpose),
      sockets: (netns) => this.socketsOf(netns),
      packetSocket: () => stillPacketSocket((what) => this.leave(what)),
      netView: (netns, privileged) => new PastInterfaces(tables.kernel, netns, privileged, {
        counted: () => { this.counted = true; }, changes: (what) => this.leave(what) }) });
    this.engine = new Engine(this.enginePort(), tables.engine);
    this.api = new DockerApi(this.engine);
  }

  get apiVersion(): string {
    return this.lab.apiVersion ?? STANDARD_API;
  }

  get name(): string {
    return this.lab.nodes[this.node]!.name;
  }

  /** The answer to a call of the Docker API; undefined for one that would change something. */
  answer(request: ApiRequest): ApiAnswer | undefined {
    const read = readAnswer(this.tables.engine, request, { hostName: this.name, apiVersion: this.lab.apiVersion ??
      STANDARD_API, now: this.at, overlays: this.overlays,
      peersOf: (network) => overlayPeers(this.tables.gossip, network) });
    if (read !== undefined) return read;
    const asks = request.method === 'POST' ? EXEC.test(request.path)
      : (request.method === 'GET' || request.method === 'HEAD') && FILES.test(request.path);
    if (!asks) return undefined;
    return this.outcome(this.whole(request))
      ?? { status: 409, body: { message: `${STANDS_STILL}${this.beyond ?? 'the program would wait'}` } };
  }

  private *whole(request: ApiRequest): Operation<ApiAnswer> {
    const call = new PatientCall();
    const answer = yield* this.api.handle(request, call);
    return call.head === undefined ? answer : { ...answer, output: call.output };
  }

  /** A shell line typed on the host itself. */
  shell(line: string): LineResult {
    const written = { stdout: '', stderr: '' };
    let exit: number | undefined;
    this.processes.start({ argv: ['sh', '-c', line],
      env: new Map([['PATH', '/usr/sbin:/usr/bin:/sbin:/bin'], ['HOME', '/root']]), netns: HOST_NETNS,
      hostname: this.name, files: this.engine.files.host, init: false, stdin: 'closed',
      tty: false, privileged: true },
    { write: (stream, text) => { written[stream] += text; }, ended: (code) => { exit = code; } });
    this.time.settle();
    if (exit === undefined) this.leave('wait');
    return { exit: exit ?? 1, ...written };
  }

  /** Why the last answers cannot be trusted, a line each; nothing when they can. Asked once. */
  takeReservations(): readonly string[] {
    const lines: string[] = [];
    if (this.beyond !== undefined) lines.push(`${STANDS_STILL}the program would ${this.beyond}, and nothing moves`);
    if (this.counted) lines.push('packet counters are no part of a history: zeros stand for them');
    this.beyond = undefined;
    this.counted = false;
    return lines;
  }

  /** Whether the last answers had to leave something out. */
  get wouldMove(): boolean {
    return this.beyond !== undefined;
  }

  private leave(what: string): void {
    this.beyond ??= what;
  }

  private outcome<T>(operation: Operation<T>): T | undefined {
    let result: { readonly value: T } | undefined;
    const abandon = startOperation(operation, (value) => { result = { value }; });
    this.time.settle();
    if (result === undefined) {
      abandon();
      this.leave('wait');
    }
    return result?.value;
  }

  private random(purpose: string): RandomStream {
    return new RandomStream(this.lab.seed, `${this.name}/past/${this.at}/${purpose}`);
  }

  private socketsOf(netns: string): StillSockets {
    let sockets = this.sockets.get(netns);
    if (sockets === undefined) {
      sockets = new StillSockets((what) => this.leave(what));
      this.sockets.set(netns, sockets);
      this.openNames(netns, sockets);
    }
    return sockets;
  }

  /** The name server inside a container: what its tables do not know it would ask outside. */
  private openNames(netns: string, sockets: StillSockets): void {
    const owner = [...this.tables.engine.containers.values()].find((row) => row.netns === netns && !row.sharesNetns);
    if (owner === undefined || netns === HOST_NETNS) return;
    const socket = sockets.udp();
    socket.bind(EMBEDDED_DNS, DNS_PORT);
    new EmbeddedDns({ ...this.time, socket, upstreams: this.engine.nameServers(owner.id),
      openUpstream: () => sockets.udp(), random: this.random('dns'),
      names: { resolve: (name) => this.engine.resolveName(owner.id, name),
        reverse: (address) => this.engine.reverse(owner.id, address) } });
  }

  private emit(event: EngineEvent): void {
    evolveEngine(this.tables.engine, event, this.at);
    if (event.type === 'ExecStarted') this.startExec(event.container, event.id);
  }

  private startExec(container: string, exec: string): void {
    const settings = this.engine.processSettings(container, exec)!;
    const row = this.tables.engine.containers.get(container)!;
    const io: ProcessIo = {
      write: (stream, text) => this.engine.outputWritten(container, exec, stream, text),
      ended: (exitCode) => this.engine.processEnded(container, exec, exitCode),
    };
    const spec: ProcessSpec = { argv: settings.argv, env: variables(settings.env), netns: row.netns,
      hostname: settings.hostname, files: this.engine.files.of(container)!, init: false,
      pidns: container,
      stdin: 'closed', tty: settings.tty, privileged: row.spec.host.privileged,
      ...(settings.workingDir === '' ? {} : { workdir: settings.workingDir }) };
    this.processes.start(spec, io);
  }

  private enginePort(): EnginePort {
    const away: StoreAnswer<never> = { ok: false, kind: 'Unavailable', message: `${STANDS_STILL}nobody answers` };
    function* nobody(): Operation<StoreAnswer<never>> { return away; }
    return {
      ...this.time,
      hostName: this.name,
      apiVersion: this.lab.apiVersion ?? STANDARD_API,
      nameServer: this.lab.underlay.gateway,
      random: (purpose) => this.random(purpose),
      newId: (kind, digits = 64) => hexId(this.lab.seed, `${this.name}/past/${this.at}/${kind}/${this.ids++}`, digits),
      emit: (event) => this.emit(event),
      hostRoutes: () => [],
      usage: (container) => usageOf(this.tables.engine, this.tables.engine.containers.get(container)!),
      hasLink: (name) => this.tables.kernel.netns.get('host')?.linksByName.has(name) === true,
      hasProgram: (container, program, path, cwd) => canRun(program,
        { files: this.engine.files.of(container)!, path, cwd, packages: [] }),
      hostFiles: [],
      signal: () => this.leave('signal a process'),
      input: () => this.leave('read what is typed'),
      endInput: () => undefined,
      resize: () => undefined,
      openProxy: () => undefined,
      closeProxy: () => undefined,
      remoteEndpoints: (network) => liveEndpoints(this.tables.gossip, network).filter((row) => row.node !== this.node),
      overlayPeers: (network) => overlayPeers(this.tables.gossip, network),
      store: { createNetwork: nobody, removeNetwork: nobody, networks: nobody, takeAddress: nobody,
        releaseAddress: nobody },
      swarm: { membership: () => ({ ...this.tables.swarm.member, managers: [] }), init: nobody, join: nobody,
        leave: nobody, ask: nobody, self: this.node, addressOf: (index) => this.lab.nodes[index]!.address,
        nodeIdOf: () => '' },
    };
  }
}

function variables(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}

/** The body of an answer to a call that the past refuses. */
export const REFUSED_BODY: Json = { message: `${STANDS_STILL}only commands that read can be asked of it` };

// A lab for tests: hosts on one underlay, all in this process, driven by API calls and shell lines.

import type { ApiAnswer, ApiRequest, OutputChunk } from '@netreel/docker-api';
import { HostNode, NodeMaker } from '@netreel/host';
import { type AnyRecord, type Commit, type FrameBytes, type HistoryRecord, type LabSpec, NEVER, type SimTime,
  defineLab } from '@netreel/sim';
import { type CommandResult, type CommitSink, type Operator, type Order, type PendingCall, type Session, World,
  isLastAnswer, openSession, type ClientFiles } from '@netreel/world';

/** Hosts host1 … hostN at 192.168.65.11 …, the router, and the coordinator if overlay networks join them; 200 us and
 * 10 Gbit/s between all. */
export function labOf(hosts: number, seed = 1, joined = true): LabSpec {
  const node = (name: string, kind: 'host' | 'overlay' | 'router', last: number) =>
    ({ name, kind, address: 0xc0a84100 + last, mac: 0x525400a84100 + last });
  return defineLab({
    name: 'test', seed,
    nodes: [node('router', 'router', 1), ...(joined ? [node('overlay', 'overlay', 2)] : []),
      ...Array.from({ length: hosts }, (_, index) => node(`host${index + 1}`, 'host', 11 + index))],
    underlay: { latencyNs: 200_000, bitsPerSecond: 10_000_000_000, mtu: 1500, subnet: 0xc0a84100, prefix: 24,
      gateway: 0xc0a84101, pairs: [] },
  });
}

/** From whoever types to any host. */
const HOP_NS = 200_000;

/** What a shell line on a host came to. */
export interface ShellAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

class Calls implements Operator {
  readonly answers = new Map<number, AnyRecord>();
  private readonly pieces = new Map<number, OutputChunk[]>();
  /** A typed line that is under way, and the node it was typed on. */
  typed: { readonly session: Session; readonly node: number } | undefined;
  /** Calls from here on belong to the typed line. */
  firstTyped = 0;
  private readonly orders: Order[] = [];
  until: SimTime = 0;
  waitingFor = 0;
  waitUntil: SimTime = 0;

  order(order: Order): void {
    this.orders.push(order);
  }

  nextAt(): SimTime {
    return this.orders[0]?.at ?? NEVER;
  }

  wakeAt(): SimTime {
    return this.waitUntil > this.until ? this.waitUntil : NEVER;
  }

  wake(now: SimTime): void {
    if (now > this.until) this.until = now;
  }

  take(until: SimTime): readonly Order[] {
    const due = this.orders.filter((order) => order.at < until);
    const later = this.orders.filter((order) => order.at >= until);
    this.orders.splice(0, this.orders.length, ...later);
    return due;
  }

  observe(_node: number, record: HistoryRecord): void {
    const { call } = record.body as unknown as { call: number };
    if (isLastAnswer(record)) this.answers.set(call, this.whole(call, record.body));
    else if (record.body.type === 'ApiStreamed') this.piecesOf(call).push(record.body as unknown as OutputChunk);
    // What follows in a conversation arrives a hop later, as from a scenario.
    if (this.typed === undefined || call < this.firstTyped) return;
    const { session } = this.typed;
    this.goOn(record.at + HOP_NS, (at) => session.answered(record.body, at));
  }

  /** The answer with the pieces that came before its end. */
  private whole(call: number, answer: AnyRecord): AnyRecord {
    const pieces = this.pieces.get(call);
    if (pieces === undefined) return answer;
    this.pieces.delete(call);
    return { ...answer, output: pieces.map(({ stream, text }) => ({ stream, text })) } as unknown as AnyRecord;
  }

  private piecesOf(call: number): OutputChunk[] {
    let pieces = this.pieces.get(call);
    if (pieces === undefined) this.pieces.set(call, pieces = []);
    return pieces;
  }

  /** Makes the calls that a session wants to make at a moment. */
  goOn(at: SimTime, step: (at: SimTime) => readonly PendingCall[]): void {
    const { node } = this.typed!;
    step(at).forEach(({ body, afterNs = 0 }, place) => this.order({ node, at: at + place + afterNs, body }));
  }

  windowEnded(until: SimTime): void {
    this.until = until;
  }

  done(): boolean {
    if (this.typed !== undefined) return this.typed.session.result !== undefined || this.until >= this.waitUntil;
    return this.orders.length === 0 && (this.waitingFor === 0 || this.answers.has(this.waitingFor))
      && this.until >= this.waitUntil;
  }
}

export class TestLab {
  readonly world: World;
  readonly maker = new NodeMaker();
  /** By node index. */
  readonly commits: Commit[][];
  private readonly calls = new Calls();
  private lastCall = 0;

  /** `onCommit` sees each commit while its frames are still what they were when they were sent. */
  constructor(readonly lab: LabSpec, onCommit: CommitSink = () => undefined) {
    this.commits = lab.nodes.map(() => []);
    this.world = new World(lab,
      { become: (machine) => this.maker.become(machine),
        sink: (commit, node) => {
          this.commits[node]!.push(kept(commit));
          onCommit(commit, node);
        } });
  }

  host(name: string): HostNode {
    const node = this.maker.nodes.get(this.indexOf(name));
    if (!(node instanceof HostNode)) throw new Error(`no host ${name}`);
    return node;
  }

  /** Makes an API call of a host and lives on until it is answered. */
  api(host: string, method: ApiRequest['method'], path: string, body: ApiRequest['body'] = null,
    query: ApiRequest['query'] = {}): ApiAnswer {
    const call = ++this.lastCall;
    return this.finish(host, call,
      { type: 'ApiCalled', call, line: `${method} ${path}`,
        request: { method, path, query, body } } as unknown as AnyRecord) as unknown as ApiAnswer;
  }

  /** Runs a shell line on a host to its end. */
  shell(host: string, line: string): ShellAnswer {
    const call = ++this.lastCall;
    return this.finish(host, call, { type: 'HostCommanded', call, line } as AnyRecord) as unknown as ShellAnswer;
  }

  /**
   * Types a line on a host, docker's command line or another, and lives on until it has ended; undefined when it did
   * not within the limit.
   */
  command(host: string, line: string, limitNs: number, files?: ClientFiles): CommandResult | undefined {
    const { calls } = this;
    const session = openSession(line, () => ++this.lastCall, false, this.lab.apiVersion, files);
    calls.typed = { session, node: this.indexOf(host) };
    calls.firstTyped = this.lastCall + 1;
    calls.waitUntil = calls.until + limitNs;
    calls.goOn(calls.until + HOP_NS, (at) => session.start(at));
    this.world.run(calls);
    calls.typed = undefined;
    calls.waitUntil = 0;
    return session.result;
  }

  /** Creates and starts a container; its id. */
  run(host: string, name: string, network: string, more: object = {}): string {
    const created =
      this.api(host, 'POST', '/containers/create',
        { Image: 'busybox', Tty: true, OpenStdin: true, HostConfig: { NetworkMode: network },
      NetworkingConfig: { EndpointsConfig: { [network]: {} } }, ...more } as never, { name });
    const { Id: id } = created.body as { Id: string };
    const started = this.api(host, 'POST', `/containers/${id}/start`);
    if (created.status !== 201
      || started.status !== 204) throw new Error(`starting ${name}: ${JSON.stringify([created, started])}`);
    return id;
  }

  /** Runs a command in a container; its exit status and what it wrote. */
  exec(host: string, container: string, ...cmd: string[]): { readonly exit: number; readonly output: string } {
    const { body } =
      this.api(host, 'POST', `/containers/${container}/exec`, { Cmd: cmd, AttachStdout: true, AttachStderr: true });
    const { Id: id } = body as { Id: string };
    const started = this.api(host, 'POST', `/exec/${id}/start`, { Detach: false, Tty: false });
    const { ExitCode: exit } = this.api(host, 'GET', `/exec/${id}/json`).body as { ExitCode: number };
    return { exit, output: (started.output ?? []).map((chunk) => chunk.text).join('') };
  }

  /** Virtual time that everybody has lived through. */
  get now(): SimTime {
    return this.calls.until;
  }

  /** Orders something that is not answered, such as a fault, and lives on until it has acted. */
  order(node: string, body: AnyRecord): void {
    this.calls.waitingFor = 0;
    this.calls.order({ node: this.indexOf(node), at: this.calls.until + 1_000_000, body });
    this.world.run(this.calls);
  }

  /** Lets virtual time pass. */
  wait(ns: number): void {
    this.calls.waitUntil = this.calls.until + ns;
    this.world.run(this.calls);
  }

  private finish(host: string, call: number, body: AnyRecord): AnyRecord {
    this.calls.waitingFor = call;
    this.calls.order({ node: this.indexOf(host), at: this.calls.until + 1_000_000, body });
    const ending = this.world.run(this.calls);
    const answer = this.calls.answers.get(call);
    if (answer === undefined) throw new Error(`call ${call} on ${host} was never answered: ${ending}`);
    return answer;
  }

  private indexOf(name: string): number {
    return this.lab.nodes.findIndex((node) => node.name === name);
  }
}

/** The commit with frames of its own: the buffers of live ones go on to be used. */
function kept(commit: Commit): Commit {
  const records = commit.records.map((record): HistoryRecord => {
    const { frame } = record.body as { frame?: FrameBytes };
    if (frame === undefined) return record;
    const buffer = frame.buffer.slice(frame.start, frame.end);
    return { ...record, body: { ...record.body, frame: { buffer, start: 0, end: buffer.length } } as AnyRecord };
  });
  return { ...commit, records };
}

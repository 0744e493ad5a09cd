// One Docker engine: all that can be asked of it, in one place. Each operation is a file of its own in the folder of
// its noun.

import { NEVER, type Operation, type SimTime } from '@netreel/sim';
import { EngineCore, type Ending, type OutputListener } from './core.js';
import { createContainer, type ContainerRequest, type CreatedContainer } from './container/create.js';
import { mainProcessEnded } from './container/died.js';
import { commandLine, environmentOf } from './container/environment.js';
import { upstreamServers } from './container/files.js';
import { findContainer } from './container/lookup.js';
import { hostnameOf } from './container/mode.js';
import { pruneContainers, removeContainer, renameContainer } from './container/remove.js';
import type { Sent } from './container/limits.js';
import { updateContainer } from './container/update.js';
import type { EndpointConfig, RestartPolicy } from './container/spec.js';
import { startContainer, type Changed } from './container/start.js';
import { killContainer, pauseContainer, restartContainer, stopContainer, unpauseContainer } from './container/stop.js';
import { Builds } from './build/builds.js';
import { Files } from './file/files.js';
import { Images } from './image/images.js';
import { Volumes } from './volume/volumes.js';
import type { StreamsClient } from './container/streams.js';
import { attachContainer, waitContainer, type AttachOptions, type WaitCondition } from './container/wait.js';
import { createExec, execProcessEnded, execRefusal, findExec, startExec } from './exec/exec.js';
import type { ExecSpec } from './exec/spec.js';
import { resolveName, reverseName } from './name/resolve.js';
import { connect, disconnect } from './network/connect.js';
import { createNetwork, defaultNetworks } from './network/create.js';
import type { CreatedNetwork } from './network/local.js';
import { enterMesh, leaveMesh } from './network/ingress.js';
import { findAnywhere, findNetwork } from './network/lookup.js';
import { pruneNetworks, removeNetwork } from './network/remove.js';
import type { NetworkSpec } from './network/spec.js';
import type { Notice } from './notice/derive.js';
import { tellNotices, postNotice, watchNotices, type NoticeSpan } from './notice/post.js';
import type { EnginePort, OverlayNetwork, ProcessTarget } from './port.js';
import { fromStore, isRefusal, type Refusal } from './refusal.js';
import type { ContainerRow, EngineTables, ExecRow, NetworkRow, NoticeRow, OutputRow } from './tables.js';

/** What a process is started with. */
export interface ProcessSettings {
  readonly argv: readonly string[];
  /** `KEY=value`, in the order that `env` prints. */
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly hostname: string;
  readonly tty: boolean;
  readonly openStdin: boolean;
}

export class Engine {
  readonly images: Images;
  readonly volumes: Volumes;
  readonly files: Files;
  readonly builds: Builds;
  private readonly core: EngineCore;

  constructor(readonly port: EnginePort, readonly tables: EngineTables) {
    this.core = new EngineCore(port, tables);
    this.images = new Images(this.core);
    this.volumes = new Volumes(this.core);
    this.files = new Files(this.core);
    this.builds = new Builds(this.core, this.images, this.files);
  }

  /** The networks that a fresh engine comes up with. */
  boot(): void {
    for (const event of defaultNetworks(this.core)) this.core.emit(event);
    this.files.boot();
  }

  /** The host has become a member of a swarm. */
  swarmEntered(): void {
    enterMesh(this.core);
  }

  /** It is a member no more. */
  swarmLeft(): void {
    leaveMesh(this.core);
  }

  // --- networks ---

  createNetwork(spec: NetworkSpec): Operation<CreatedNetwork | Refusal> {
    return createNetwork(this.core, spec);
  }

  removeNetwork(reference: string): Operation<undefined | Refusal> {
    return removeNetwork(this.core, reference);
  }

  connect(network: string, container: string, config: EndpointConfig): Operation<undefined | Refusal> {
    return connect(this.core, network, container, config);
  }

  disconnect(network: string, container: string, force: boolean): Operation<undefined | Refusal> {
    return disconnect(this.core, network, container, force);
  }

  pruneNetworks(matches: (network: NetworkRow | OverlayNetwork) => boolean): Operation<readonly string[]> {
    return pruneNetworks(this.core, matches);
  }

  /** A network of this host. */
  findNetwork(reference: string): NetworkRow | Refusal {
    return findNetwork(this.tables, reference);
  }

  /** A network of this host, or an overlay that only the store knows: to a worker nobody tells of those. */
  *findNetworkAnywhere(reference: string): Operation<NetworkRow | OverlayNetwork | Refusal> {
    const isWorker = this.port.swarm.membership().role === 'worker';
    return isWorker ? findNetwork(this.tables, reference) : yield* findAnywhere(this.core, reference);
  }

  /** Overlays of the store; none while it is out of reach, and on a worker, which knows only those it uses. */
  *overlays(): Operation<readonly OverlayNetwork[]> {
    if (this.port.swarm.membership().role === 'worker') return [];
    const answer = fromStore(yield* this.port.store.networks());
    return isRefusal(answer) ? [] : answer.value;
  }

  // --- containers ---

  *createContainer(request: ContainerRequest): Operation<CreatedContainer | Refusal> {
    return createContainer(this.core, request);
  }

  startContainer(reference: string): Operation<Changed | Refusal> {
    return startContainer(this.core, reference);
  }

  stopContainer(reference: string, timeoutSeconds?: number): Operation<Changed | Refusal> {
    return stopContainer(this.core, reference, timeoutSeconds);
  }

  killContainer(reference: string, signal = 'SIGKILL'): Operation<undefined | Refusal> {
    return killContainer(this.core, reference, signal);
  }

  restartContainer(reference: string, timeoutSeconds?: number): Operation<undefined | Refusal> {
    return restartContainer(this.core, reference, timeoutSeconds);
  }

  removeContainer(reference: string,
    options: { readonly force: boolean; readonly volumes: boolean }): Operation<undefined | Refusal> {
    return removeContainer(this.core, reference, options.force, options.volumes);
  }

  renameContainer(reference: string, name: string): Operation<undefined | Refusal> {
    return renameContainer(this.core, reference, name);
  }

  /** `changes`: members of a HostConfig. */
  *updateContainer(reference: string, changes: Sent,
    restartPolicy: RestartPolicy): Operation<{ readonly warnings: readonly string[] } | Refusal> {
    return updateContainer(this.core, reference, changes, restartPolicy);
  }

  *pauseContainer(reference: string): Operation<undefined | Refusal> {
    return pauseContainer(this.core, reference);
  }

  *unpauseContainer(reference: string): Operation<undefined | Refusal> {
    return unpauseContainer(this.core, reference);
  }

  *pruneContainers(matches: (row: ContainerRow) => boolean): Operation<readonly string[]> {
    return pruneContainers(this.core, matches);
  }

  waitContainer(reference: string, condition: WaitCondition): Operation<Ending | Refusal> {
    return waitContainer(this.core, reference, condition);
  }

  /** Waits for the end of a container's process, at most until a moment. */
  *endingUntil(container: string, until: SimTime): Operation<void> {
    if (until === NEVER) yield* this.core.ending('exit', container);
    else if (until > this.port.now()) yield* this.core.endingWithin('exit', container, until - this.port.now());
  }

  /** Calls `listener` with all that a container's process writes from now on, until the answered function is called. */
  watchOutput(container: string, listener: OutputListener): () => void {
    return this.core.onOutput(container, '', listener);
  }

  attachContainer(reference: string, options: AttachOptions, client: StreamsClient): Operation<undefined | Refusal> {
    return attachContainer(this.core, reference, options, client);
  }

  /** All that a container's own process has written so far. */
  logs(reference: string): readonly OutputRow[] | Refusal {
    const row = findContainer(this.tables, reference);
    return isRefusal(row) ? row : row.output;
  }

  findContainer(reference: string): ContainerRow | Refusal {
    return findContainer(this.tables, reference);
  }

  // --- execs ---

  *createExec(container: string, spec: ExecSpec): Operation<{ readonly id: string } | Refusal> {
    const id = createExec(this.core, container, spec);
    return isRefusal(id) ? id : { id };
  }

  /** Why it cannot be started; undefined when it can. */
  execRefusal(id: string): Refusal | undefined {
    return execRefusal(this.core, id);
  }

  /** Without a client it is detached. */
  startExec(id: string, client?: StreamsClient): Operation<undefined | Refusal> {
    return startExec(this.core, id, client);
  }

  /** The terminal of a container's process, or of an exec's, has another size. */
  resize(target: ProcessTarget, rows: number, columns: number): void {
    this.port.resize(target, rows, columns);
  }

  findExec(id: string): ExecRow | Refusal {
    return findExec(this.core, id);
  }

  /** Lets time pass. */
  sleep(ns: number): Operation<void> {
    return this.core.sleep(ns);
  }

  // --- notices: what `docker events` tells ---

  /** Tells those who watch what no other event says. */
  postNotice(notice: Notice): void {
    postNotice(this.core, notice);
  }

  /** Tells the notices of a span of time, those that are still to come included; lasts until it is over. */
  tellNotices(span: NoticeSpan, tell: (row: NoticeRow) => void): Operation<void> {
    return tellNotices(this.core, span, tell);
  }

  /** Calls `seen` with each notice from now on, until the answered function is called. */
  watchNotices(seen: (row: NoticeRow) => void): () => void {
    return watchNotices(this.core, seen);
  }

  // --- seen from the host ---

  /** What the process of a container, or of one of its execs ('' for its own), starts with. */
  processSettings(container: string, exec: string): ProcessSettings | undefined {
    const row = this.tables.containers.get(container);
    const extra = this.tables.execs.get(exec);
    if (row === undefined || (exec !== '' && extra === undefined)) return undefined;
    const hostname = hostnameOf(this.tables, row);
    const env = environmentOf(this.tables, row, extra);
    if (extra === undefined) {
      const { workingDir, tty, openStdin } = row.spec;
      return { argv: commandLine(row.spec), env, workingDir, hostname, tty, openStdin };
    }
    const { cmd, tty, attachStdin } = extra.spec;
    const workingDir = extra.spec.workingDir === '' ? row.spec.workingDir : extra.spec.workingDir;
    return { argv: cmd, env, workingDir, hostname, tty, openStdin: attachStdin };
  }

  /** A process has ended; `exec` is '' for the container's own. */
  processEnded(container: string, exec: string, exitCode: number): void {
    if (exec !== '') return execProcessEnded(this.core, exec, exitCode);
    const row = this.tables.containers.get(container);
    if (row !== undefined) mainProcessEnded(this.core, row, exitCode);
  }

  /** A process has written. */
  outputWritten(container: string, exec: string, stream: 'stdout' | 'stderr', text: string): void {
    this.core.wrote(container, exec, stream, text);
  }

  /** What the embedded DNS server of a container's namespace answers; 'unknown' is to be asked of {@link
   * nameServers}. */
  resolveName(container: string, name: string): { readonly addresses: readonly number[] } | 'unknown' {
    return resolveName(this.core, container, name);
  }

  /** `NAME.NETWORK` of an address; undefined when it is to be asked elsewhere. */
  reverse(container: string, address: number): string | undefined {
    return reverseName(this.core, container, address);
  }

  /** Whom the embedded DNS server of a container asks. */
  nameServers(container: string): readonly number[] {
    const row = this.tables.containers.get(container);
    return row === undefined ? [this.port.nameServer] : upstreamServers(this.core, row);
  }
}

// One task on its node, from accepted to its end (swarmkit's agent and task model): a container is made, started when
// the swarm says so, watched, stopped, and removed once the task is forgotten.

import { type Engine, endpointsOf, isRefusal } from '@netreel/engine';
import type { AssignedTask, ServicePort, TaskState, TaskStatus } from '@netreel/overlay';
import { suspended, startOperation, type Operation, type SimTime } from '@netreel/sim';
import { taskContainer } from './container.js';

export interface RunnerPort {
  readonly engine: Engine;
  readonly hostname: string;
  now(): SimTime;
  /** The task as it was assigned last; undefined once it is forgotten. */
  assigned(): AssignedTask | undefined;
  report(status: TaskStatus): void;
  pause(ns: SimTime): Operation<void>;
  /** Nothing of the task is left here. */
  gone(): void;
}

const SECOND = 1_000_000_000;
/** An image is looked up, a file system laid out: no task comes, fails and is replaced all in one moment. */
const PREPARE_NS = 20_000_000;

export class TaskRunner {
  private status: TaskStatus;
  private container = '';
  private wake: (() => void) | undefined;
  private exited: number | undefined;

  constructor(private readonly port: RunnerPort, private readonly first: AssignedTask) {
    this.status = first.task.status;
  }

  start(): void {
    startOperation(this.live(), () => this.port.gone());
  }

  /** The assignment changed, or is no more. */
  changed(): void {
    this.wake?.();
  }

  private *live(): Operation<void> {
    yield* this.work();
    yield* this.until(() => this.port.assigned() === undefined);
    if (this.container !== '') yield* this.port.engine.removeContainer(this.container, { force: true, volumes: true });
  }

  private *work(): Operation<void> {
    const { engine, hostname } = this.port;
    this.say('accepted', 'accepted');
    if (this.isUnwanted()) return this.say('shutdown', 'shutdown');
    this.say('preparing', 'preparing');
    yield* this.port.pause(PREPARE_NS);
    const created = yield* engine.createContainer(taskContainer(this.first, hostname));
    if (isRefusal(created)) return this.say('rejected', 'preparing', created.message);
    this.container = created.id;
    this.say('ready', 'prepared');
    yield* this.until(() => this.isUnwanted() || this.isToRun());
    if (this.isUnwanted()) return this.say('shutdown', 'shutdown');
    this.say('starting', 'starting');
    const started = yield* engine.startContainer(this.container);
    if (isRefusal(started)) return this.say('failed', 'starting', `starting container failed: ${started.message}`);
    yield* this.watch();
  }

  private *watch(): Operation<void> {
    const { engine } = this.port;
    const end = startOperation(engine.waitContainer(this.container, 'not-running'), (ending) => {
      this.exited = isRefusal(ending) ? 0 : ending.exitCode;
      this.wake?.();
    });
    this.say('running', 'started');
    yield* this.until(() => this.exited !== undefined || this.isUnwanted());
    if (this.exited !== undefined) return this.ended(this.exited);
    yield* engine.stopContainer(this.container, this.graceSeconds());
    end();
    this.say('shutdown', 'shutdown');
  }

  private ended(exitCode: number): void {
    if (exitCode === 0) this.say('complete', 'finished', '', exitCode);
    else this.say('failed', 'started', `task: non-zero exit (${exitCode})`, exitCode);
  }

  private graceSeconds(): number | undefined {
    const spec = this.first.task.spec['ContainerSpec'] as { StopGracePeriod?: number } | undefined;
    return spec?.StopGracePeriod === undefined ? undefined : Math.floor(spec.StopGracePeriod / SECOND);
  }

  private isToRun(): boolean {
    const desired = this.port.assigned()?.task.desired;
    return desired === 'running' || desired === 'complete';
  }

  /** Shut down, removed, or forgotten altogether. */
  private isUnwanted(): boolean {
    const desired = this.port.assigned()?.task.desired;
    return desired === undefined || desired === 'shutdown' || desired === 'remove';
  }

  private say(state: TaskState, message: string, error = '', exitCode = -1): void {
    const row = this.container === '' ? undefined : this.port.engine.findContainer(this.container);
    const pid = row === undefined || isRefusal(row) ? 0 : row.pid;
    this.status = { state, message, error, container: this.container, pid, exitCode: exitCode + 1,
      ports: this.hostPorts(), at: this.port.now() };
    this.port.report(this.status);
  }

  private hostPorts(): readonly ServicePort[] {
    // One for each address that the engine bound: a port on all of them counts twice, once for either family.
    const endpoints = this.container === '' ? [] : endpointsOf(this.port.engine.tables, this.container);
    return endpoints.flatMap(({ published }) => published.map(({ port, protocol, hostPort }): ServicePort =>
      ({ protocol: protocol as ServicePort['protocol'], target: port, published: hostPort, mode: 'host' })));
  }

  private *until(holds: () => boolean): Operation<void> {
    while (!holds()) {
      yield* suspended<undefined>((resume) => {
        this.wake = () => {
          this.wake = undefined;
          resume(undefined);
        };
      });
    }
  }
}

// A node's agent: keeps a session with the dispatcher of the leading manager, says that the node is alive, and takes
// what it is assigned. Whatever it is told twice it does once.

import { SECOND, type Handler, type RandomStream, type SimTime, type Ticket } from '@netreel/sim';
import type { DispatchMessage } from '../messages.js';
import type { AssignedTask, NodeRole } from '../store/swarm-objects.js';
import type { MemberEvent } from './events.js';
import type { MemberTables } from './tables.js';

/** Without an answer another manager is asked after this long. */
const SESSION_PATIENCE_NS = 5 * SECOND;
/** A session of which nothing was heard for as many periods is over. */
const GRACE = 3;

export interface AgentPort {
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  emit(event: MemberEvent): void;
  send(target: number, message: DispatchMessage): void;
  /** Managers that may be asked, in a stated order. */
  managers(): readonly number[];
  /** The session began, or told of another role or other managers. */
  told(role: NodeRole, managers: readonly number[]): void;
  /** The cluster knows this node no more. */
  expelled(): void;
  /** Tasks came, changed or went: the member tables have them. */
  assigned(): void;
}

export class SwarmAgent {
  /** Id of this node; empty while the agent rests. */
  private node = '';
  private session = '';
  private target = -1;
  private tried = 0;
  private taken = 0;
  private periodNs: SimTime = 0;
  private heardAt: SimTime = 0;
  private timer: Ticket | undefined;
  private readonly tick: Handler<undefined> = { fire: () => this.timeIsUp() };

  constructor(private readonly port: AgentPort, private readonly tables: MemberTables) {}

  get inSession(): boolean {
    return this.session !== '';
  }

  /** Begins to keep a session for the node. */
  open(node: string): void {
    this.node = node;
    this.ask();
  }

  /** Rests until {@link open}. */
  close(): void {
    this.node = '';
    this.session = '';
    this.unwind();
  }

  onMessage(source: number, message: DispatchMessage): void {
    switch (message.type) {
      case 'AgentSessionInvited':
        if (this.node === '') this.open(message.node);
        return;
      case 'AgentSessionGiven':
        if (message.node === this.node) this.given(source, message);
        return;
      case 'AgentHeartbeatAnswered':
        if (message.session !== this.session || this.session === '') return;
        this.heardAt = this.port.now();
        if (!message.known) this.ask();
        return;
      case 'StoreRedirected':
        if (this.node === '') return;
        this.target = message.leader - 1;
        this.ask(this.target);
        return;
      case 'AssignmentsSent':
        this.take(source, message);
        return;
      default:
    }
  }

  private ask(target = this.nextManager()): void {
    this.session = '';
    this.target = target;
    if (target >= 0) this.port.send(target, { type: 'AgentSessionAsked', node: this.node });
    this.wind(SESSION_PATIENCE_NS);
  }

  private nextManager(): number {
    const managers = this.port.managers();
    return managers.length === 0 ? -1 : managers[this.tried++ % managers.length]!;
  }

  private given(source: number, given: Extract<DispatchMessage, { type: 'AgentSessionGiven' }>): void {
    if (given.session === '') {
      this.close();
      this.port.expelled();
      return;
    }
    const isNew = given.session !== this.session;
    this.target = source;
    this.heardAt = this.port.now();
    this.periodNs = given.periodNs;
    if (isNew) {
      this.session = given.session;
      this.taken = 0;
      this.wind(this.periodNs);
    }
    this.port.told(given.role as NodeRole, given.managers);
  }

  private take(source: number, sent: Extract<DispatchMessage, { type: 'AssignmentsSent' }>): void {
    if (sent.session !== this.session || sent.assignment > this.taken + 1) return;
    this.heardAt = this.port.now();
    this.port.send(source, { type: 'AssignmentsTaken', session: this.session, assignment: sent.assignment });
    if (sent.assignment <= this.taken) return;
    this.taken = sent.assignment;
    const tasks = sent.tasks as unknown as readonly AssignedTask[];
    const named = new Set(tasks.map(({ task }) => task.id));
    const removed = sent.full ? [...this.tables.assigned.keys()].filter((id) => !named.has(id)) : sent.removed;
    if (tasks.length === 0 && removed.length === 0) return;
    this.port.emit({ type: 'TasksAssigned', tasks: sent.tasks, removed });
    this.port.assigned();
  }

  private timeIsUp(): void {
    this.timer = undefined;
    if (this.session === '' || this.port.now() - this.heardAt > GRACE * this.periodNs) {
      this.ask();
      return;
    }
    this.port.send(this.target, { type: 'AgentHeartbeatSent', session: this.session, taken: this.taken });
    this.wind(this.periodNs);
  }

  private wind(waitNs: SimTime): void {
    this.unwind();
    this.timer = this.port.schedule(this.port.now() + waitNs, this.tick, undefined);
  }

  private unwind(): void {
    if (this.timer !== undefined) this.port.cancel(this.timer);
    this.timer = undefined;
  }
}

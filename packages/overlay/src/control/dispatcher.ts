// The leader's end of the sessions with the nodes' agents: who is alive, and what each has to do. Three missed
// heartbeats and a node is down. Swarmkit's dispatcher has the numbers: a period of 5 s, 0.5 s of chance around it, a
// grace of three periods, of two for a node that a new leader has not heard yet.

import { SECOND, type Handler, type Json, type SimTime, type Ticket } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import type { DispatchMessage, OverlayMessage } from '../messages.js';
import { swarmId } from '../store/identity.js';
import { managingNodes } from '../store/node/node.js';
import { isBefore, type AssignedTask, type SwarmNodeRow, type TaskRow } from '../store/swarm-objects.js';
import type { Duty, DutyPort } from './duty.js';

export const HEARTBEAT_PERIOD_NS = 5 * SECOND;
const PERIOD_CHANCE_NS = SECOND / 2;
const GRACE = 3;
const GRACE_AFTER_ELECTION = 2;
/** Assignments that nobody confirmed are said again after this long. */
const RESEND_NS = SECOND;

interface Session {
  readonly id: string;
  readonly node: string;
  readonly target: number;
  /** When the node is down unless it is heard before. */
  expiry: Ticket | undefined;
  periodNs: SimTime;
  /** Tasks to tell of: changed since they were told last. */
  readonly dirty: Set<string>;
  /** Tasks that the agent has been told of. */
  readonly told: Set<string>;
  full: boolean;
  /** Counts what was sent; the last may wait for its confirmation. */
  sent: number;
  waiting: Extract<DispatchMessage, { type: 'AssignmentsSent' }> | undefined;
  resend: Ticket | undefined;
}

export class Dispatcher implements Duty {
  private readonly sessions = new Map<string, Session>();
  /** Nodes that a new leader waits for: down unless they are heard before. */
  private readonly awaited = new Map<string, Ticket>();
  private readonly silent: Handler<string> = { fire: (node) => this.fellSilent(node) };
  private readonly again: Handler<Session> = { fire: (session) => this.sayAgain(session) };

  /** `lazy`: sessions are only wanted once there is a service: the hosts of such a lab are taken for ready. */
  constructor(private readonly port: DutyPort, private readonly lazy: boolean) {}

  begin(): void {
    if (this.isIdle()) return;
    for (const row of this.port.tables.nodes.values()) if (row.state === 'ready') this.await(row);
  }

  end(): void {
    for (const session of this.sessions.values()) this.close(session);
    for (const ticket of this.awaited.values()) this.port.cancel(ticket);
    this.awaited.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'StoreServiceCreated' && this.lazy) this.invite();
      else if (event.type === 'StoreNodeUpdated' || event.type === 'StoreNodeRemoved') this.nodeChanged(event.id);
      else if (event.type.startsWith('StoreTask')) this.taskChanged((event as { id: string }).id);
    }
    for (const session of this.sessions.values()) this.assign(session);
  }

  heard(source: number, message: OverlayMessage): boolean {
    switch (message.type) {
      case 'AgentSessionAsked':
        this.open(source, message.node);
        return true;
      case 'AgentHeartbeatSent':
        this.heartbeat(source, message.session);
        return true;
      case 'AssignmentsTaken':
        this.taken(message.session, message.assignment);
        return true;
      default:
        return false;
    }
  }

  // --- sessions ---

  private open(source: number, node: string): void {
    const { tables } = this.port;
    const row = tables.nodes.get(node);
    if (row === undefined || row.index !== source) {
      this.port.send(source, { type: 'AgentSessionGiven', node, session: '', role: '', managers: [], periodNs: 0 });
      return;
    }
    const before = this.sessions.get(node);
    if (before !== undefined) this.close(before);
    const waiting = this.awaited.get(node);
    if (waiting !== undefined) this.port.cancel(waiting);
    this.awaited.delete(node);
    const session: Session = { id: swarmId(this.port.newId, 'session'), node, target: source, expiry: undefined,
      periodNs: this.nextPeriod(), dirty: new Set(), told: new Set(), full: true, sent: 0, waiting: undefined,
      resend: undefined };
    this.sessions.set(node, session);
    this.tell(session, row);
    this.expect(session);
    for (const task of tables.tasks.values()) if (task.node === node) session.dirty.add(task.id);
    this.port.submit(() => this.statusOf(node, 'ready', ''));
    this.assign(session);
  }

  private close(session: Session): void {
    if (session.expiry !== undefined) this.port.cancel(session.expiry);
    if (session.resend !== undefined) this.port.cancel(session.resend);
    this.sessions.delete(session.node);
  }

  private tell(session: Session, row: SwarmNodeRow): void {
    this.port.send(session.target, { type: 'AgentSessionGiven', node: session.node, session: session.id,
      role: row.spec.Role, managers: managingNodes(this.port.tables).map(({ index }) => index),
      periodNs: session.periodNs });
  }

  private nodeChanged(id: string): void {
    const row = this.port.tables.nodes.get(id);
    const session = this.sessions.get(id);
    if (row === undefined && session !== undefined) {
      this.port.send(session.target, { type: 'AgentSessionGiven', node: id, session: '', role: '', managers: [],
        periodNs: 0 });
      this.close(session);
    }
    // Who leads and who manages concerns everybody.
    for (const each of this.sessions.values()) this.tell(each, this.port.tables.nodes.get(each.node)!);
  }

  private invite(): void {
    for (const row of this.port.tables.nodes.values()) {
      if (this.sessions.has(row.id) || this.awaited.has(row.id) || row.spec.Role === 'manager') continue;
      this.port.send(row.index, { type: 'AgentSessionInvited', node: row.id });
      this.await(row);
    }
  }

  // --- heartbeats ---

  private heartbeat(source: number, id: string): void {
    const session = [...this.sessions.values()].find((each) => each.id === id);
    if (session !== undefined) this.expect(session);
    this.port.send(source, { type: 'AgentHeartbeatAnswered', session: id, known: session !== undefined });
  }

  private expect(session: Session): void {
    if (session.expiry !== undefined) this.port.cancel(session.expiry);
    session.expiry = this.port.schedule(this.port.now() + session.periodNs * GRACE, this.silent, session.node);
  }

  private await(row: SwarmNodeRow): void {
    const waitNs = this.nextPeriod() * GRACE_AFTER_ELECTION;
    this.awaited.set(row.id, this.port.schedule(this.port.now() + waitNs, this.silent, row.id));
  }

  private fellSilent(node: string): void {
    this.awaited.delete(node);
    const session = this.sessions.get(node);
    if (session !== undefined) {
      session.expiry = undefined;
      this.close(session);
    }
    this.port.submit(() => this.statusOf(node, 'down', 'heartbeat failure'));
  }

  private statusOf(id: string, state: SwarmNodeRow['state'], message: string): StoreEvent[] {
    const row = this.port.tables.nodes.get(id);
    if (row === undefined || (row.state === state && row.message === message)) return [];
    return [{ type: 'StoreNodeStatusChanged', id, state, message, at: this.port.now() }];
  }

  private nextPeriod(): SimTime {
    const chance = this.port.random('dispatcher/period').below(2 * PERIOD_CHANCE_NS);
    return HEARTBEAT_PERIOD_NS - PERIOD_CHANCE_NS + chance;
  }

  private isIdle(): boolean {
    return this.lazy && this.port.tables.services.size === 0;
  }

  // --- assignments: one message at a time, said again until it is confirmed ---

  private taskChanged(id: string): void {
    const row = this.port.tables.tasks.get(id);
    for (const session of this.sessions.values()) {
      if (row?.node === session.node || session.told.has(id)) session.dirty.add(id);
    }
  }

  private assign(session: Session): void {
    if (session.waiting !== undefined || (session.dirty.size === 0 && !session.full)) return;
    const { tables } = this.port;
    const tasks: AssignedTask[] = [];
    const removed: string[] = [];
    for (const id of session.dirty) {
      const row = tables.tasks.get(id);
      if (row !== undefined && row.node === session.node && isAssignable(row)) {
        tasks.push(this.described(row));
        session.told.add(id);
      } else if (session.told.delete(id)) {
        removed.push(id);
      }
    }
    session.dirty.clear();
    if (tasks.length === 0 && removed.length === 0 && !session.full) return;
    session.sent++;
    session.waiting = { type: 'AssignmentsSent', session: session.id, assignment: session.sent, full: session.full,
      tasks: tasks as unknown as Json, removed };
    session.full = false;
    this.say(session);
  }

  private described(task: TaskRow): AssignedTask {
    const service = this.port.tables.services.get(task.service);
    return { task, serviceName: service?.name ?? '',
      endpoint: service?.endpoint ?? { mode: 'dnsrr', addresses: [], ports: [] } };
  }

  private say(session: Session): void {
    this.port.send(session.target, session.waiting!);
    session.resend = this.port.schedule(this.port.now() + RESEND_NS, this.again, session);
  }

  private sayAgain(session: Session): void {
    session.resend = undefined;
    if (session.waiting !== undefined) this.say(session);
  }

  private taken(id: string, assignment: number): void {
    const session = [...this.sessions.values()].find((each) => each.id === id);
    if (session?.waiting === undefined || session.waiting.assignment !== assignment) return;
    session.waiting = undefined;
    if (session.resend !== undefined) this.port.cancel(session.resend);
    session.resend = undefined;
    this.assign(session);
  }
}

/** An agent is told of a task once it has a node, until nothing of it is left. */
function isAssignable(row: TaskRow): boolean {
  return !isBefore(row.status.state, 'assigned');
}

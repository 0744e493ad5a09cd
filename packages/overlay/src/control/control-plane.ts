// What makes a node a manager of a swarm: its part in the agreement, its copy of the store, and, while it leads, the
// duties of a leader. Everybody else's questions come to the leader; the others say who that is.

import type { Handler, NodeSpec, RandomStream, SimTime, Ticket } from '@netreel/sim';
import type { StoreEvent } from '../events.js';
import type { OverlayMessage, StoreAsked } from '../messages.js';
import { ELECTION_LEAST_NS, Raft } from '../raft/raft.js';
import type { RaftEvent } from '../raft/events.js';
import type { RaftMessage } from '../raft/messages.js';
import { votersOf, type RaftTables } from '../raft/tables.js';
import { foundCluster } from '../store/cluster/cluster.js';
import type { Standing } from '../store/decide.js';
import { nodeEvents } from '../store/node/node.js';
import { refusal } from '../store/refusal.js';
import { writeSnapshot } from '../store/snapshot.js';
import { Store } from '../store/store.js';
import { swarmId } from '../store/identity.js';
import type { JsonTable, NodeRole } from '../store/swarm-objects.js';
import type { StoreTables } from '../store/tables.js';
import { Allocator } from './allocator.js';
import { Dispatcher } from './dispatcher.js';
import type { Duty, DutyPort } from './duty.js';
import { ElectionRoll } from './election-roll.js';
import { Ledger } from './ledger.js';
import { Orchestrator } from './orchestrator.js';
import { TaskReaper } from './reaper.js';
import { Scheduler } from './scheduler.js';
import { TaskIndex } from './task-index.js';
import { Updater } from './updater.js';

/** What the control plane asks of its node. */
export interface ControlPort {
  readonly node: number;
  readonly nodes: readonly NodeSpec[];
  now(): SimTime;
  schedule<A>(at: SimTime, handler: Handler<A>, argument: A): Ticket;
  cancel(ticket: Ticket): void;
  random(purpose: string): RandomStream;
  newId(kind: string, digits?: number): string;
  emit(event: RaftEvent | StoreEvent): void;
  /** To another node, or to this one itself. */
  send(target: number, message: OverlayMessage): void;
}

/** A node that a cluster begins with. */
export interface FirstNode {
  readonly index: number;
  readonly role: NodeRole;
  readonly availability: string;
}

export interface ControlTables {
  readonly raft: RaftTables;
  readonly store: StoreTables;
}

const NO_LEADER = 'rpc error: code = Unknown desc = The swarm does not have a leader. It\'s possible that too few ' +
  'managers are online. Make sure more than half of the managers are online.';

const RAFT_MESSAGE = /^Raft/;

export class ControlPlane {
  private readonly raft: Raft;
  private readonly store: Store;
  private readonly ledger: Ledger;
  private readonly roll: ElectionRoll;
  private readonly index: TaskIndex;
  private readonly duties: readonly Duty[];

  /** `lazy`: as in {@link Dispatcher}. */
  constructor(private readonly port: ControlPort, readonly tables: ControlTables, lazy: boolean) {
    const raft = this.raft = new Raft({
      node: port.node,
      now: () => port.now(),
      schedule: (at, handler, argument) => port.schedule(at, handler, argument),
      cancel: (ticket) => port.cancel(ticket),
      random: (purpose) => port.random(purpose),
      emit: (event) => port.emit(event),
      send: (target, message) => port.send(target, message),
      apply: (changes) => this.applied(changes as unknown as readonly StoreEvent[]),
      leads: (leading) => this.leads(leading),
      reformed: () => { if (this.isLeader) this.roll.revise(); },
      snapshot: () => writeSnapshot(tables.store),
      restore: (state) => port.emit({ type: 'StoreRestored', state }),
    }, tables.raft);
    this.ledger = new Ledger((changes) => raft.propose(changes));
    this.store = new Store({
      now: () => port.now(),
      newId: (kind, digits) => port.newId(kind, digits),
      submit: (decide, settled) => this.ledger.submit(decide, settled),
      send: (target, message) => port.send(target, message),
      standing: () => this.standing(),
    }, tables.store);
    this.roll = new ElectionRoll({ node: port.node, tables: tables.store, voters: () => votersOf(tables.raft),
      reform: (voters) => raft.reform(voters), handOver: (target) => raft.handOver(target) });
    const dutyPort = this.dutyPort();
    this.index = new TaskIndex(tables.store);
    this.duties = [this.roll, new Allocator(dutyPort), new Scheduler(dutyPort), new Dispatcher(dutyPort, lazy),
      new Orchestrator(dutyPort, this.index), new Updater(dutyPort, this.index), new TaskReaper(dutyPort, this.index)];
  }

  get isMember(): boolean {
    return this.raft.isMember();
  }

  get isLeader(): boolean {
    return this.raft.isLeader;
  }

  /** Founds a cluster of which this node is the only manager; its id, and that of this node. */
  found(spec: JsonTable,
    first: readonly FirstNode[]): { readonly cluster: string; readonly node: string } {
    const { port, tables } = this;
    const cluster = swarmId((kind, digits) => port.newId(kind, digits), 'cluster');
    this.raft.found(cluster);
    let own = '';
    this.ledger.submit(() => {
      const events = [...foundCluster(tables.store, cluster, spec, { now: port.now(), host: port.node, request: 0,
        newId: (kind, digits) => port.newId(kind, digits), standing: this.standing() })];
      for (const { index, role, availability } of first) {
        const id = swarmId((kind, digits) => port.newId(kind, digits), 'node');
        if (index === port.node) own = id;
        const { name, address } = port.nodes[index]!;
        events.push(...nodeEvents(id, index, { hostname: name, address, availability }, role, 'ready',
          { now: port.now() }));
      }
      return events;
    });
    return { cluster, node: own };
  }

  /** Waits to be told everything by a leader of the cluster. */
  await(cluster: string): void {
    this.raft.await(cluster);
  }

  /** Is a manager no more, and forgets the cluster. */
  leave(): void {
    this.raft.leave();
    this.port.emit({ type: 'StoreForgotten' });
  }

  /** True when the message was for a manager. */
  onMessage(source: number, message: OverlayMessage): boolean {
    if (RAFT_MESSAGE.test(message.type)) {
      this.raft.onMessage(source, message as RaftMessage);
      return true;
    }
    if (message.type === 'StoreAsked') {
      this.asked(source, message);
      return true;
    }
    if (this.isLeader) return this.duties.some((duty) => duty.heard?.(source, message) === true);
    if (message.type !== 'AgentSessionAsked' && message.type !== 'AgentHeartbeatSent') return false;
    this.redirect(source, 0);
    return true;
  }

  private asked(source: number, asked: StoreAsked): void {
    if (this.isLeader) {
      this.store.onMessage(source, asked);
      if (asked.operation === 'ReadyToManage') this.roll.isReady(source);
      return;
    }
    this.redirect(source, asked.request);
  }

  private redirect(source: number, request: number): void {
    const { port, tables: { raft } } = this;
    // Elected, but not yet through with what was settled before: the asker asks again soon.
    if (raft.leader === port.node) return;
    if (this.isMember && raft.leader >= 0) {
      port.send(source, { type: 'StoreRedirected', request, leader: raft.leader + 1 });
    } else if (request > 0) {
      const answer = this.isMember ? refusal('System', NO_LEADER) : refusal('Unavailable', this.refusedConnection());
      port.send(source, { type: 'StoreAnswered', request, body: answer });
    }
  }

  /** As a host says it on whose port 2377 nobody listens. */
  private refusedConnection(): string {
    const { node, nodes } = this.port;
    const { address } = nodes[node]!;
    const text = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
    return 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp ' +
      `${text}:2377: connect: connection refused"`;
  }

  private applied(events: readonly StoreEvent[]): void {
    for (const event of events) this.port.emit(event);
    if (!this.isLeader) return;
    // What came is known before the duties look, what went is forgotten after.
    for (const event of events) if (event.type !== 'StoreTaskRemoved') this.index.note(event);
    for (const duty of this.duties) duty.changed(events);
    for (const event of events) if (event.type === 'StoreTaskRemoved') this.index.note(event);
    this.ledger.applied();
  }

  private leads(leading: boolean): void {
    if (leading) this.index.rebuild();
    else this.ledger.abandon();
    for (const duty of this.duties) if (leading) duty.begin(); else duty.end();
  }

  private standing(): Standing {
    const { raft } = this.tables;
    return { voters: votersOf(raft), leader: raft.leader,
      unreachable: this.raft.silentSince(this.port.now() - ELECTION_LEAST_NS) };
  }

  private dutyPort(): DutyPort {
    const { port, tables } = this;
    return {
      tables: tables.store,
      now: () => port.now(),
      schedule: (at, handler, argument) => port.schedule(at, handler, argument),
      cancel: (ticket) => port.cancel(ticket),
      random: (purpose) => port.random(purpose),
      newId: (kind, digits) => port.newId(kind, digits),
      submit: (decide, settled) => this.ledger.submit(decide, settled),
      send: (target, message) => port.send(target, message),
    };
  }
}

// A few managers that have to agree, and a bad line between them: messages are lost, repeated and held up by a seed,
// and members lose their memory of everything that no event told.

import { Agenda, MILLISECOND, RANK, RandomStream, SECOND, type Handler, type Json, type SimTime } from '@netreel/sim';
import type { RaftEvent } from '../src/raft/events.js';
import { evolveRaft } from '../src/raft/evolve.js';
import type { RaftMessage } from '../src/raft/messages.js';
import { Raft } from '../src/raft/raft.js';
import { emptyRaftTables, type RaftTables } from '../src/raft/tables.js';

export interface Member {
  raft: Raft;
  readonly tables: RaftTables;
  /** What was applied, in order: the member's "store". */
  applied: Json[];
  up: boolean;
}

export class RaftBench {
  now: SimTime = 0;
  lostPercent = 0;
  repeatedPercent = 0;
  delayMaxMs = 1;
  /** Messages between these do not arrive. */
  cut: (source: number, target: number) => boolean = () => false;
  readonly members: Member[] = [];
  /** Who began to lead which term. */
  readonly leaders = new Map<number, Set<number>>();
  private readonly agenda = new Agenda();
  private sequence = 0;
  private readonly luck: RandomStream;

  /** `count` nodes; the first founds a cluster of one and takes the others in. */
  constructor(count: number, private readonly seed = 1) {
    this.luck = new RandomStream(seed, 'line');
    for (let node = 0; node < count; node++) this.members.push(this.member(node));
    this.members[0]!.raft.found('lab');
    for (let node = 1; node < count; node++) {
      this.members[node]!.raft.await('lab');
      this.members[0]!.raft.reform(Array.from({ length: node + 1 }, (_, index) => index));
      this.run(100 * MILLISECOND);
    }
  }

  /** The one that leads the highest term; undefined when nobody leads. */
  leader(): number | undefined {
    const leading = this.members.map((member, node) => ({ member, node }))
      .filter(({ member }) => member.up && member.raft.isLeader)
      .sort((a, b) => b.member.tables.term - a.member.tables.term);
    return leading[0]?.node;
  }

  propose(node: number, changes: Json): boolean {
    return this.members[node]!.raft.propose(changes);
  }

  /** Power off: what was not an event is forgotten. */
  crash(node: number): void {
    this.members[node]!.up = false;
  }

  restart(node: number): void {
    const { tables, applied } = this.members[node]!;
    this.members[node] = this.member(node, tables, applied);
  }

  run(forNs: SimTime): void {
    const until = this.now + forNs;
    while (this.agenda.pop(until)) {
      this.now = this.agenda.at;
      this.agenda.handler!.fire(this.agenda.argument as never);
    }
    this.now = until;
  }

  seconds(count: number): void {
    this.run(count * SECOND);
  }

  private member(node: number, tables = emptyRaftTables(), applied: Json[] = []): Member {
    const streams = new Map<string, RandomStream>();
    const member: Member = { raft: undefined as unknown as Raft, tables, applied, up: true };
    const alive = (): boolean => this.members[node] === member && member.up;
    member.raft = new Raft({
      node,
      now: () => this.now,
      schedule: <A>(at: SimTime, handler: Handler<A>, argument: A) => this.push(at, { fire: () => {
        if (alive()) handler.fire(argument);
      } }),
      cancel: (ticket) => this.agenda.cancel(ticket),
      random: (purpose) => {
        let stream = streams.get(purpose);
        if (stream === undefined) streams.set(purpose, stream = new RandomStream(this.seed, `${node}/${purpose}`));
        return stream;
      },
      emit: (event: RaftEvent) => evolveRaft(tables, structuredClone(event)),
      send: (target, message) => { if (alive()) this.transmit(node, target, message); },
      apply: (changes) => { member.applied.push(changes); },
      leads: (leading) => { if (leading) this.noteLeader(tables.term, node); },
      reformed: () => undefined,
      snapshot: () => [...member.applied],
      restore: (state) => { member.applied.splice(0, member.applied.length, ...(state as Json[])); },
    }, tables);
    return member;
  }

  private noteLeader(term: number, node: number): void {
    const known = this.leaders.get(term) ?? new Set();
    known.add(node);
    this.leaders.set(term, known);
  }

  private transmit(source: number, target: number, message: RaftMessage): void {
    if (this.cut(source, target) || this.luck.below(100) < this.lostPercent) return;
    const copies = this.luck.below(100) < this.repeatedPercent ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delayNs = (1 + this.luck.below(this.delayMaxMs)) * MILLISECOND;
      const arriving = structuredClone(message);
      this.push(this.now + delayNs, { fire: () => {
        const member = this.members[target]!;
        if (member.up && !this.cut(source, target)) member.raft.onMessage(source, arriving);
      } });
    }
  }

  private push(at: SimTime, handler: Handler<undefined>): number {
    return this.agenda.push(at, RANK.timer, 0, this.sequence++, handler, undefined, 0, 0);
  }
}

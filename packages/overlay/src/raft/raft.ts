// Agreement between managers on one order of changes: Raft (Ongaro, "Consensus: Bridging Theory and Practice", 2014),
// with the numbers of swarm's managers: a heartbeat each second, an election after 10 to 20 silent ones. A leader that
// hears no majority for that long leads no more (section 6.2), and a member that hears its leader does not help to
// replace it (section 4.2.3). One that is alone agrees with itself at once and needs no timer.

import { SECOND, unreachable, type Handler, type Json, type Ticket } from '@netreel/sim';
import { Followers } from './followers.js';
import type { RaftMessage } from './messages.js';
import type { RaftPort } from './port.js';
import { isReforming, lastIndex, termAt, votersOf, type RaftEntry, type RaftTables } from './tables.js';

export const HEARTBEAT_NS = SECOND;
export const ELECTION_LEAST_NS = 10 * SECOND;

/** Settled entries that are kept for members that lag behind, and how many more there must be before some go. */
const KEPT_FOR_OTHERS = 500;
const COMPACTED_AFTER = 10_000;
/** One that is alone keeps entries for nobody. */
const COMPACTED_AFTER_ALONE = 256;

export class Raft {
  private role: 'follower' | 'candidate' | 'leader' = 'follower';
  private applied: number;
  private applying = false;
  private leading = false;
  /** When the leader was last heard. */
  private heardAt = -ELECTION_LEAST_NS;
  private timer: Ticket | undefined;
  private readonly votes = new Set<number>();
  private readonly followers: Followers;
  private readonly tick: Handler<undefined> = { fire: () => this.timeIsUp() };

  constructor(private readonly port: RaftPort, private readonly tables: RaftTables) {
    this.applied = tables.committed;
    this.followers = new Followers(port, tables, () => this.applied);
    // After a restart: what is kept holds, who leads is to be heard.
    if (this.isMember() && votersOf(tables).length > 0) this.wind();
  }

  isMember(): boolean {
    return this.tables.cluster !== '';
  }

  /** Whether this node leads and has applied all that was settled before. */
  get isLeader(): boolean {
    return this.leading;
  }

  /** Begins a cluster of one. */
  found(cluster: string): void {
    this.port.emit({ type: 'RaftMembershipBegan', cluster, voters: [this.port.node] });
    this.reset();
    this.stand();
  }

  /** Becomes a member that a leader will tell everything. */
  await(cluster: string): void {
    this.port.emit({ type: 'RaftMembershipBegan', cluster, voters: [] });
    this.reset();
  }

  /** Is a member no more. */
  leave(): void {
    this.stepDown();
    this.unwind();
    this.port.emit({ type: 'RaftMembershipEnded', cluster: this.tables.cluster });
    this.reset();
  }

  /** Puts changes into the log; they are applied once settled. False when this node does not lead. */
  propose(changes: Json): boolean {
    if (this.role !== 'leader') return false;
    this.append({ term: this.tables.term, kind: 'changes', body: changes });
    return true;
  }

  /** Makes `voters` the members. False when this node does not lead, or an earlier such change is not settled. */
  reform(voters: readonly number[]): boolean {
    if (!this.leading || isReforming(this.tables)) return false;
    this.append({ term: this.tables.term, kind: 'voters', body: voters });
    return true;
  }

  /** A leader: members that were not heard since then. */
  silentSince(since: number): number[] {
    return this.role === 'leader' ? this.others().filter((node) => this.followers.heardAt(node) < since) : [];
  }

  /** Hands leadership to another member: it stands for election at once. */
  handOver(target: number): void {
    if (this.role !== 'leader') return;
    this.port.send(target, { type: 'RaftCandidacyAsked', cluster: this.tables.cluster, term: this.tables.term });
  }

  onMessage(source: number, message: RaftMessage): void {
    if (message.cluster !== this.tables.cluster || !this.isMember()) return;
    if (message.type === 'RaftVoteAsked') return this.voteAsked(source, message);
    if (message.term > this.tables.term) this.beginTerm(message.term);
    if (message.term < this.tables.term) {
      // An outdated leader learns of the newer term by this answer.
      const asks = message.type === 'RaftEntriesSent' || message.type === 'RaftSnapshotSent';
      if (asks) this.answerEntries(source, false, 0);
      return;
    }
    switch (message.type) {
      case 'RaftVoteAnswered': return this.voteAnswered(source, message.granted);
      case 'RaftEntriesSent': return this.entriesSent(source, message);
      case 'RaftEntriesAnswered': return this.entriesAnswered(source, message.accepted, message.index);
      case 'RaftSnapshotSent': return this.snapshotSent(source, message);
      case 'RaftCandidacyAsked': return this.stand(true);
      default: unreachable(message);
    }
  }

  // --- time ---

  private timeIsUp(): void {
    this.timer = undefined;
    if (this.role !== 'leader') return this.stand();
    if (!this.followers.isMajorityAlive(this.port.now() - ELECTION_LEAST_NS)) {
      this.stepDown();
      this.heardFrom(-1);
      return;
    }
    this.followers.beat();
    this.wind();
  }

  private wind(): void {
    this.unwind();
    const voters = votersOf(this.tables);
    if (this.role === 'leader') {
      if (voters.length < 2) return;
      this.timer = this.port.schedule(this.port.now() + HEARTBEAT_NS, this.tick, undefined);
    } else if (voters.includes(this.port.node)) {
      const extraNs = this.port.random('raft/election').below(1000) * (ELECTION_LEAST_NS / 1000);
      this.timer = this.port.schedule(this.port.now() + ELECTION_LEAST_NS + extraNs, this.tick, undefined);
    }
  }

  private unwind(): void {
    if (this.timer !== undefined) this.port.cancel(this.timer);
    this.timer = undefined;
  }

  // --- election (dissertation, section 3.4) ---

  private stand(forced = false): void {
    const { tables, port } = this;
    if (!votersOf(tables).includes(port.node)) return;
    this.stepDown();
    this.role = 'candidate';
    this.votes.clear();
    this.votes.add(port.node);
    port.emit({ type: 'RaftTermBegan', term: tables.term + 1, vote: port.node + 1 });
    const last = lastIndex(tables);
    for (const target of this.others()) {
      port.send(target, { type: 'RaftVoteAsked', cluster: tables.cluster, term: tables.term, lastIndex: last,
        lastTerm: termAt(tables, last)!, forced });
    }
    this.wind();
    this.countVotes();
  }

  private voteAsked(source: number, asked: Extract<RaftMessage, { type: 'RaftVoteAsked' }>): void {
    const { tables, port } = this;
    // Whoever hears a leader does not help a member that only missed it for a while.
    const content = this.leading || (tables.leader >= 0 && port.now() - this.heardAt < ELECTION_LEAST_NS);
    if (content && !asked.forced) return;
    if (asked.term > tables.term) this.beginTerm(asked.term);
    const last = lastIndex(tables);
    const lastTerm = termAt(tables, last)!;
    const upToDate = asked.lastTerm > lastTerm || (asked.lastTerm === lastTerm && asked.lastIndex >= last);
    const granted = asked.term === tables.term && upToDate && (tables.vote < 0 || tables.vote === source);
    if (granted && tables.vote < 0) {
      port.emit({ type: 'RaftTermBegan', term: tables.term, vote: source + 1 });
      this.wind();
    }
    port.send(source, { type: 'RaftVoteAnswered', cluster: tables.cluster, term: tables.term, granted });
  }

  private voteAnswered(source: number, granted: boolean): void {
    if (this.role !== 'candidate' || !granted) return;
    this.votes.add(source);
    this.countVotes();
  }

  private countVotes(): void {
    const { tables, port } = this;
    const voters = votersOf(tables);
    if (voters.filter((voter) => this.votes.has(voter)).length * 2 <= voters.length) return;
    this.role = 'leader';
    this.heardFrom(port.node);
    this.followers.begin(lastIndex(tables) + 1);
    // Only an entry of one's own term settles those of earlier ones (section 3.6.2).
    this.append({ term: tables.term, kind: 'nothing', body: null });
    this.wind();
  }

  private beginTerm(term: number): void {
    this.stepDown();
    this.port.emit({ type: 'RaftTermBegan', term, vote: 0 });
    this.wind();
  }

  private stepDown(): void {
    this.role = 'follower';
    if (!this.leading) return;
    this.leading = false;
    this.port.leads(false);
  }

  private heardFrom(leader: number): void {
    const { tables, port } = this;
    this.heardAt = leader < 0 ? -ELECTION_LEAST_NS : port.now();
    if (tables.leader !== leader) port.emit({ type: 'RaftLeaderChanged', term: tables.term, leader: leader + 1 });
    this.wind();
  }

  // --- replication (section 3.5) ---

  private append(entry: RaftEntry): void {
    this.port.emit({ type: 'RaftEntriesAppended', after: lastIndex(this.tables), entries: [entry] as unknown as Json });
    this.followers.feed(this.others());
    this.settle();
  }

  private entriesSent(source: number, sent: Extract<RaftMessage, { type: 'RaftEntriesSent' }>): void {
    const { tables } = this;
    this.role = 'follower';
    this.heardFrom(source);
    if (sent.prevIndex > lastIndex(tables)) return this.answerEntries(source, false, lastIndex(tables));
    const known = termAt(tables, sent.prevIndex);
    if (known !== undefined && known !== sent.prevTerm) {
      return this.answerEntries(source, false, Math.max(tables.committed, sent.prevIndex - 1));
    }
    let entries = sent.entries as readonly RaftEntry[];
    let after = sent.prevIndex;
    // What agrees already stays: a late message must not cut off what came behind it.
    while (entries.length > 0 && after < lastIndex(tables)) {
      const mine = after + 1 <= tables.base ? entries[0]!.term : termAt(tables, after + 1);
      if (mine !== entries[0]!.term) break;
      entries = entries.slice(1);
      after++;
    }
    if (entries.length > 0) {
      this.port.emit({ type: 'RaftEntriesAppended', after, entries: entries as unknown as Json });
    }
    const agreed = sent.prevIndex + (sent.entries as readonly RaftEntry[]).length;
    this.answerEntries(source, true, agreed);
    this.commit(Math.min(sent.commit, agreed));
  }

  private answerEntries(target: number, accepted: boolean, index: number): void {
    const { cluster, term } = this.tables;
    this.port.send(target, { type: 'RaftEntriesAnswered', cluster, term, accepted, index });
  }

  private entriesAnswered(source: number, accepted: boolean, index: number): void {
    if (this.role !== 'leader') return;
    this.followers.heard(source, accepted, index);
    if (accepted) this.settle();
  }

  private snapshotSent(source: number, sent: Extract<RaftMessage, { type: 'RaftSnapshotSent' }>): void {
    const { tables, port } = this;
    this.role = 'follower';
    this.heardFrom(source);
    if (sent.index > tables.committed) {
      port.emit({ type: 'RaftSnapshotRestored', index: sent.index, term: sent.lastTerm, voters: sent.voters });
      port.restore(sent.state);
      this.applied = sent.index;
      this.wind();
    }
    this.answerEntries(source, true, tables.committed);
  }

  /** A leader: entries that a majority has are settled. */
  private settle(): void {
    const { tables } = this;
    const voters = votersOf(tables);
    const places = voters.map((voter) => (voter === this.port.node ? lastIndex(tables) : this.followers.matched(voter)))
      .sort((a, b) => b - a);
    const agreed = places[Math.floor(voters.length / 2)] ?? 0;
    if (agreed > tables.committed && termAt(tables, agreed) === tables.term) this.commit(agreed);
  }

  private commit(index: number): void {
    const { tables, port } = this;
    if (index <= tables.committed) return;
    port.emit({ type: 'RaftEntriesCommitted', index });
    // What is applied may propose more, which may be settled at once: then this very loop goes on with it.
    if (this.applying) return;
    this.applying = true;
    while (this.applied < tables.committed) this.applyNext();
    this.applying = false;
    this.compact();
  }

  private applyNext(): void {
    const { tables } = this;
    const entry = tables.entries[this.applied - tables.base]!;
    this.applied++;
    if (entry.kind === 'changes') this.port.apply(entry.body);
    if (this.role === 'leader' && !this.leading && entry.term === tables.term) {
      this.leading = true;
      this.port.leads(true);
    }
    if (entry.kind === 'voters' && !(entry.body as readonly number[]).includes(this.port.node)) {
      this.stepDown();
      this.unwind();
    } else if (entry.kind === 'voters') {
      if (this.timer === undefined) this.wind();
      this.port.reformed();
    }
  }

  private compact(): void {
    const { tables } = this;
    const alone = votersOf(tables).length < 2;
    const most = alone ? COMPACTED_AFTER_ALONE : COMPACTED_AFTER + KEPT_FOR_OTHERS;
    if (tables.committed - tables.base < most) return;
    const index = tables.committed - (alone ? 0 : KEPT_FOR_OTHERS);
    this.port.emit({ type: 'RaftLogCompacted', index });
  }

  private others(): number[] {
    return votersOf(this.tables).filter((voter) => voter !== this.port.node);
  }

  private reset(): void {
    this.unwind();
    this.role = 'follower';
    this.applied = this.tables.committed;
    this.heardAt = -ELECTION_LEAST_NS;
    this.votes.clear();
  }
}

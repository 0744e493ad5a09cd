// The five places where a namespace's packets meet its rules, and what happens to them there: the flow is found, the
// tables are asked, addresses are translated. Target addresses before routing, source addresses after it.

import { type Frame, ICMP, IPV4, type Ipv4, PROTOCOL, ipv4HeaderBytes } from '@netreel/wire';
import type { KernelCore } from '../contract.js';
import type { Routes } from '../ipv4/route.js';
import type { LinkRow } from '../tables.js';
import { acceptsAcross } from './across.js';
import { Conntrack, type FlowEnd, type NewFlow } from './conntrack.js';
import { type Passage, terminalRule } from './match.js';
import { replyFrom } from './ports.js';
import { type Side, isError, rewrite, rewriteError } from './rewrite.js';
import type { ChainRow, FilterRow, FlowMatchState, RuleRow, TableName } from './tables.js';
import { TCP_FLAGS_AT } from './tcp-state.js';
import { type Change, changeOf } from './translation.js';
import { TupleRead, mayBegin, turned } from './tuple.js';

type FilterChain = 'INPUT' | 'FORWARD' | 'OUTPUT';

/** The rules of one namespace at work. */
export class Filter {
  /** Whether there are any: one that has none lets everything pass without a look. */
  active = false;
  readonly flows: Conntrack;
  private rows: FilterRow | undefined = undefined;
  /** Counts the changes of rules. */
  private version = 0;
  /** Bridges that rules keep no frame from crossing; forgotten when a rule changes. */
  private readonly crossings = new Map<string, boolean>();
  // --- the packet that is passing; it does so without a pause ---
  private end: FlowEnd | undefined = undefined;
  private fresh: NewFlow | undefined = undefined;
  private quoting = false;
  private state: FlowMatchState = 'INVALID';
  private readonly packet = new TupleRead();

  constructor(private readonly core: KernelCore, private readonly netns: string, private readonly routes: Routes) {
    this.flows = new Conntrack(core, netns);
  }

  /** Rules were written or deleted. */
  changed(): void {
    this.rows = this.core.tables.filters.get(this.netns);
    this.active = this.rows !== undefined;
    this.crossings.clear();
    this.version++;
  }

  /** A packet came in. Its target may be another one afterwards. False: it is lost, as by all of these. */
  prerouting(frame: Frame, inLink: LinkRow): boolean {
    this.track(frame);
    if (this.fresh !== undefined) this.chooseTarget('PREROUTING', frame, inLink, undefined);
    this.translate(frame, 'target');
    return true;
  }

  /** It is for this namespace. */
  input(frame: Frame, inLink: LinkRow): boolean {
    if (!this.admits('INPUT', frame, inLink, undefined)) return this.drop(frame);
    this.translate(frame, 'source');
    return this.confirm(frame);
  }

  /** It goes on by `outLink`. */
  forward(frame: Frame, inLink: LinkRow, outLink: LinkRow): boolean {
    return this.admits('FORWARD', frame, inLink, outLink) || this.drop(frame);
  }

  /** An own packet. Its target may be another one afterwards. */
  output(frame: Frame, outLink: LinkRow | undefined): boolean {
    this.track(frame);
    if (this.fresh !== undefined) this.chooseTarget('OUTPUT', frame, undefined, outLink);
    this.translate(frame, 'target');
    return this.admits('OUTPUT', frame, undefined, outLink) || this.drop(frame);
  }

  /** It is about to leave. */
  postrouting(frame: Frame, outLink: LinkRow | undefined, ownSource: Ipv4): boolean {
    if (this.fresh !== undefined && !this.chooseSource(frame, outLink, ownSource)) return this.drop(frame);
    this.translate(frame, 'source');
    return this.confirm(frame);
  }

  /**
   * An IPv4 packet at `frame.start` goes from one port of `bridge` to another, as br_netfilter shows it to FORWARD.
   * Drops nothing: the frame stays the caller's. Flows are looked at, none begins.
   */
  mayCross(frame: Frame, bridge: LinkRow): boolean {
    let free = this.crossings.get(bridge.name);
    if (free === undefined) {
      const forward = this.chains('filter')?.get('FORWARD');
      free = forward === undefined || acceptsAcross(this.chains('filter')!, forward, bridge.name);
      this.crossings.set(bridge.name, free);
    }
    if (free) return true;
    this.look(frame);
    // Pieces of a datagram come here as they are, and have no ports: no verdict is kept.
    return this.judge('FORWARD', frame, bridge, bridge);
  }

  // --- flows ---

  /** Finds the flow of a packet, or what its flow would be. */
  private track(frame: Frame): void {
    this.look(frame);
    if (this.end !== undefined && !this.quoting) this.flows.seen(this.end, tcpFlags(frame));
  }

  private look(frame: Frame): void {
    const { buffer, start, end } = frame;
    const { packet } = this;
    this.fresh = undefined;
    this.quoting = false;
    this.end = undefined;
    this.state = 'INVALID';
    if (!packet.read(buffer, start, end)) return this.lookIntoError(frame);
    const found = this.flows.find(packet);
    this.end = found;
    if (found !== undefined) {
      this.state = found.reply || found.flow!.row.replied ? 'ESTABLISHED' : 'NEW';
    } else if (mayBegin(packet)) {
      const tuple = packet.copy();
      this.fresh = this.flows.begin(tuple, turned(tuple), tcpFlags(frame));
      if (this.fresh !== undefined) this.state = 'NEW';
    }
  }

  /** An ICMP error belongs to the flow of the packet it quotes, and goes against it (RFC 5508 section 4.2). */
  private lookIntoError({ buffer, start, end }: Frame): void {
    if (buffer[start + IPV4.PROTOCOL] !== PROTOCOL.icmp) return;
    const at = start + ipv4HeaderBytes(buffer, start);
    const quote = at + ICMP.LENGTH;
    if (quote + IPV4.LENGTH > end || !isError(buffer[at]!)) return;
    if (!this.packet.read(buffer, quote, end)) return;
    this.end = this.flows.find(turned(this.packet));
    if (this.end === undefined) return;
    this.quoting = true;
    this.state = 'RELATED';
  }

  private confirm(frame: Frame): boolean {
    const { fresh } = this;
    if (fresh === undefined) return true;
    this.fresh = undefined;
    if (this.flows.confirm(fresh)) return true;
    this.core.drop(this.netns, 'flow-table-full', frame);
    return false;
  }

  // --- translation ---

  /** The nat table is asked once a flow. */
  private chooseTarget(chain: 'PREROUTING' | 'OUTPUT', frame: Frame, inLink: LinkRow | undefined,
    outLink: LinkRow | undefined): void {
    const fresh = this.fresh!;
    const rule = this.verdict('nat', chain, frame, inLink, outLink);
    if (rule?.jump !== 'DNAT') return;
    const { original } = fresh;
    const targetPort = rule.toPort === 0 || original.protocol === PROTOCOL.icmp ? original.targetPort : rule.toPort;
    fresh.reply = turned({ ...original, target: rule.toAddress, targetPort });
  }

  /** False when no port is left for it. */
  private chooseSource(frame: Frame, outLink: LinkRow | undefined, ownSource: Ipv4): boolean {
    const fresh = this.fresh!;
    const rule = this.verdict('nat', 'POSTROUTING', frame, undefined, outLink);
    const forward = turned(fresh.reply);
    let source = forward.source;
    if (rule?.jump === 'MASQUERADE') source = ownSource;
    else if (rule?.jump === 'SNAT') source = rule.toAddress;
    if (source === 0) return false;
    const reply = replyFrom(forward, source, rule?.jump === 'SNAT' ? rule.toPort : 0,
      (tuple) => this.flows.find(tuple) !== undefined);
    if (reply === undefined) return false;
    fresh.reply = reply;
    return true;
  }

  /** Makes one side of the packet what the other direction's answers say it has to be. */
  private translate(frame: Frame, side: Side): void {
    const { end, fresh } = this;
    let change: Change | undefined;
    if (end !== undefined) change = side === 'source' ? end.newSource : end.newTarget;
    else if (fresh !== undefined) change = changeOf(fresh.original, turned(fresh.reply), side, false);
    if (change === undefined) return;
    if (this.quoting) rewriteError(frame, side, change.address, change.port);
    else rewrite(frame, side, change.address, change.port);
  }

  // --- rules ---

  private admits(chain: FilterChain, frame: Frame, inLink: LinkRow | undefined, outLink: LinkRow | undefined): boolean {
    const { end, state, version, core: { tables } } = this;
    if (end === undefined || this.quoting) return this.judge(chain, frame, inLink, outLink);
    const { verdict } = end;
    if (verdict.isAbout(chain, inLink, outLink, state, version, tables.changes)) return verdict.admits;
    return verdict.keep(this.judge(chain, frame, inLink, outLink), chain, inLink, outLink, state, version,
      tables.changes);
  }

  private judge(chain: FilterChain, frame: Frame, inLink: LinkRow | undefined, outLink: LinkRow | undefined): boolean {
    const rows = this.chains('filter')?.get(chain);
    if (rows === undefined) return true;
    return (this.verdict('filter', chain, frame, inLink, outLink)?.jump ?? rows.policy) !== 'DROP';
  }

  private verdict(table: TableName, name: string, frame: Frame, inLink: LinkRow | undefined,
    outLink: LinkRow | undefined): RuleRow | undefined {
    const chains = this.chains(table);
    const chain = chains?.get(name);
    if (chains === undefined || chain === undefined || chain.rules.length === 0) return undefined;
    const passage: Passage = { buffer: frame.buffer, start: frame.start, end: frame.end, inLink, outLink,
      state: this.state, routes: this.routes };
    return terminalRule(chains, chain, passage);
  }

  private chains(table: TableName): ReadonlyMap<string, ChainRow> | undefined {
    return this.rows?.tables.get(table);
  }

  private drop(frame: Frame): false {
    this.core.drop(this.netns, 'filtered', frame);
    return false;
  }
}

function tcpFlags({ buffer, start, end }: Frame): number {
  if (buffer[start + IPV4.PROTOCOL] !== PROTOCOL.tcp) return 0;
  const at = start + ipv4HeaderBytes(buffer, start) + TCP_FLAGS_AT;
  return at < end ? buffer[at]! : 0;
}

// A few gossiping hosts and a bad line between them: every message may be lost, repeated and held up, all by a seed.

import { Agenda, RANK, RandomStream, MILLISECOND, type Handler, type NodeSpec, type SimTime } from '@netreel/sim';
import type { GossipEvent } from '../src/events.js';
import { evolveGossip } from '../src/gossip/evolve.js';
import { Gossip } from '../src/gossip/gossip.js';
import { emptyGossipTables, type GossipTables } from '../src/gossip/tables.js';
import type { GossipMessage } from '../src/messages.js';

export interface Line {
  /** Of 100 messages, how many are lost and how many come twice. */
  lostPercent: number;
  repeatedPercent: number;
  /** Messages take from 1 ms to this long, each its own time. */
  delayMaxMs: number;
  /** Swallows a message when it says so. */
  cut: (source: number, target: number, message: GossipMessage) => boolean;
}

export interface GossipHost {
  readonly gossip: Gossip;
  readonly tables: GossipTables;
  readonly events: GossipEvent[];
}

export const vtepOf = (node: number): number => 0xc0a8410b + node;

export class GossipBench {
  now: SimTime = 0;
  readonly line: Line = { lostPercent: 0, repeatedPercent: 0, delayMaxMs: 1, cut: () => false };
  readonly hosts: GossipHost[] = [];
  readonly sent: { readonly source: number; readonly target: number; readonly message: GossipMessage }[] = [];
  private readonly nodes: readonly NodeSpec[];
  private readonly agenda = new Agenda();
  private sequence = 0;
  private readonly luck: RandomStream;

  constructor(count: number, private readonly seed = 1) {
    this.luck = new RandomStream(seed, 'line');
    const spec = (name: string, kind: NodeSpec['kind'], index: number): NodeSpec =>
      ({ name, kind, address: vtepOf(index), mac: 0x0242c0a8410b + index });
    this.nodes = [...Array.from({ length: count }, (_, index) => spec(`host${index}`, 'host', index)), spec('overlay',
      'overlay', count),
      spec('router', 'router', count + 1)];
    for (let node = 0; node < count; node++) this.hosts.push(this.boot(node));
  }

  /** The host comes up again and remembers nothing. */
  restart(node: number): void {
    this.hosts[node] = this.boot(node);
  }

  gossip(node: number): Gossip {
    return this.hosts[node]!.gossip;
  }

  join(node: number, network = 'ov'): void {
    this.gossip(node).joinNetwork(network, vtepOf(node));
  }

  announce(node: number, endpoint: string, address: number, network = 'ov'): void {
    this.gossip(node).announce({ network, endpoint, name: endpoint, names: [endpoint], address,
      mac: 0x024200000000 + address,
      vtep: vtepOf(node), vip: 0, vipNames: [] });
  }

  /** Puts a message on the line past all luck. */
  deliver(source: number, target: number, message: GossipMessage, afterNs = 0): void {
    this.push(this.now + afterNs, { fire: () => this.hosts[target]!.gossip.onMessage(source, message) });
  }

  run(forNs: SimTime): void {
    const until = this.now + forNs;
    while (this.agenda.pop(until)) {
      this.now = this.agenda.at;
      this.agenda.handler!.fire(this.agenda.argument as never);
    }
    this.now = until;
  }

  /** When the next message or timer is due. */
  nextAt(): SimTime {
    return this.agenda.nextAt();
  }

  chance(): RandomStream {
    return this.luck;
  }

  private push(at: SimTime, handler: Handler<undefined>): void {
    this.agenda.push(at, RANK.timer, 0, this.sequence++, handler, undefined, 0, 0);
  }

  private boot(node: number): GossipHost {
    const tables = emptyGossipTables();
    const events: GossipEvent[] = [];
    const streams = new Map<string, RandomStream>();
    const gossip = new Gossip({
      node,
      nodes: this.nodes,
      now: () => this.now,
      schedule: (at, handler, argument) => this.agenda.push(at, RANK.timer, 0, this.sequence++, handler, argument, 0,
        0),
      cancel: (ticket) => this.agenda.cancel(ticket),
      random: (purpose) => {
        let stream = streams.get(purpose);
        if (stream === undefined) streams.set(purpose, stream = new RandomStream(this.seed, `${node}/${purpose}`));
        return stream;
      },
      emit: (event) => {
        events.push(event);
        evolveGossip(tables, event);
      },
      send: (target, message) => {
        // What a host scheduled before it restarted went with its memory.
        if (this.hosts[node] === undefined || this.hosts[node]!.gossip === gossip) this.transmit(node, target, message);
      },
    }, tables);
    return { gossip, tables, events };
  }

  private transmit(source: number, target: number, message: GossipMessage): void {
    this.sent.push({ source, target, message });
    if (this.line.cut(source, target, message)) return;
    if (this.luck.below(100) < this.line.lostPercent) return;
    const copies = this.luck.below(100) < this.line.repeatedPercent ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delayNs = (1 + this.luck.below(this.line.delayMaxMs)) * MILLISECOND;
      // As over a real line: what the receiver reads shares nothing with what the sender holds.
      this.deliver(source, target, structuredClone(message), delayNs);
    }
  }
}

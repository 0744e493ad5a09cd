// What a host says about itself: which networks it is on, and its own endpoints. Nobody else may say it, so a host also
// contradicts what others still believe of an earlier life of its.

import { counterFloor } from '../counter.js';
import type { GossipMessage } from '../messages.js';
import type { GossipPort } from './port.js';
import { isNewer, isOn, joinedPeers, type EndpointRow, type GossipTables } from './tables.js';
import type { SentEndpoint, SentPeer } from './transit.js';

/** One of this host's endpoints. */
export interface OwnEndpoint {
  readonly network: string;
  readonly endpoint: string;
  readonly name: string;
  /** What DNS answers for it. */
  readonly names: readonly string[];
  readonly address: number;
  readonly mac: number;
  readonly vtep: number;
  /** Of the service that it is a task of; 0 for none. */
  readonly vip: number;
  readonly vipNames: readonly string[];
}

export class Voice {
  /** Indexes of the other hosts. */
  readonly others: readonly number[];
  private readonly floor: number;

  constructor(private readonly port: GossipPort, private readonly tables: GossipTables) {
    this.floor = counterFloor(port.now());
    const others: number[] = [];
    port.nodes.forEach((node, index) => { if (node.kind === 'host' && index !== port.node) others.push(index); });
    this.others = others;
  }

  join(network: string, vtep: number, above = 0): void {
    const lamport = this.nextLamport(above);
    this.port.emit({ type: 'NetworkPeerJoined', network, node: this.port.node, address: vtep, lamport });
    this.toHosts({ type: 'NetworkJoinSent', network, vtep, lamport });
  }

  leave(network: string, above = 0): void {
    const lamport = this.nextLamport(above);
    this.port.emit({ type: 'NetworkPeerLeft', network, node: this.port.node, lamport, leftAt: this.port.now() });
    this.toHosts({ type: 'NetworkLeaveSent', network, lamport });
  }

  announce(own: OwnEndpoint, above = 0): void {
    const { network, endpoint, name, names, address, mac, vtep, vip, vipNames } = own;
    const lamport = this.nextLamport(above);
    this.port.emit({ type: 'PeerEndpointLearned', network, endpoint, node: this.port.node, name, names, address, mac,
      vtep, lamport, vip, vipNames });
    this.toPeers(network, { type: 'EndpointSent', network, endpoint, name, names, address, mac, vtep, lamport,
      vip, vipNames });
  }

  withdraw(network: string, endpoint: string, above = 0): void {
    const lamport = this.nextLamport(above);
    this.port.emit({ type: 'PeerEndpointForgotten', network, endpoint, node: this.port.node, lamport,
      forgottenAt: this.port.now() });
    this.toPeers(network, { type: 'EndpointWithdrawn', network, endpoint, lamport });
  }

  /** Answers one that takes this host for a member of a network it is not on. */
  disown(network: string, believer: number): void {
    const own = this.tables.networks.get(network)?.peers.get(this.port.node);
    if (own === undefined) this.leave(network);
    else this.port.send(believer, { type: 'NetworkLeaveSent', network, lamport: own.lamport });
  }

  /** Somebody knows of a membership of this host: when it is news to the host itself, it is from an earlier life. */
  hearMembership(heard: SentPeer): void {
    const { network } = heard;
    const row = this.tables.networks.get(network);
    const own = row?.peers.get(this.port.node);
    if (own !== undefined && own.lamport >= heard.lamport) return;
    if (row === undefined || own?.joined !== true) {
      // That it left long ago needs no answer: answers to that would keep the memory of it alive for ever.
      if (heard.joined) this.leave(network, heard.lamport);
      return;
    }
    const endpoints = [...row.endpoints.values()].filter((endpoint) => this.isOwn(endpoint) && !endpoint.forgotten);
    this.join(network, own.address, heard.lamport);
    // A new membership ends all rows of the one before.
    for (const endpoint of endpoints) this.announce({ network, ...endpoint });
  }

  /** Somebody holds a row of this host's: when it is news to the host itself, its own word stands against it. */
  hearEndpoint(network: string, heard: SentEndpoint): void {
    const row = this.tables.networks.get(network);
    const membership = row?.peers.get(this.port.node);
    if (membership !== undefined && heard.lamport < membership.lamport) return;
    const own = row?.endpoints.get(heard.endpoint);
    if (own !== undefined && !isNewer(heard, own)) return;
    if (own !== undefined && this.isOwn(own) && !own.forgotten) this.announce({ network, ...own }, heard.lamport);
    else if (!heard.forgotten) this.withdraw(network, heard.endpoint, heard.lamport);
  }

  private isOwn(row: EndpointRow): boolean {
    return row.node === this.port.node;
  }

  private nextLamport(above: number): number {
    return Math.max(this.tables.clock, this.floor, above) + 1;
  }

  private toHosts(message: GossipMessage): void {
    for (const node of this.others) this.port.send(node, message);
  }

  private toPeers(network: string, message: GossipMessage): void {
    if (!isOn(this.tables, network, this.port.node)) return;
    for (const { node } of joinedPeers(this.tables, network)) {
      if (node !== this.port.node) this.port.send(node, message);
    }
  }
}

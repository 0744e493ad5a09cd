// A host's half of its swarm: its membership and agent, its part among the managers once it is one, and the client by
// which its engine asks whoever leads.

import type { SwarmClient } from '@netreel/engine';
import {
  type ControlTables, ControlPlane, type DispatchMessage, type MemberTables, Membership, type OverlayMessage,
  type StoreAnswered, StoreClientAgent, nodeAt,
} from '@netreel/overlay';
import type { AnyRecord, LabSpec, Machine, NodeKind } from '@netreel/sim';
import type { Uplink } from './uplink.js';

/** What happens on the host when its swarm changes. */
export interface SwarmReactions {
  entered(): void;
  left(): void;
  assigned(): void;
}

export interface SwarmSideTables extends ControlTables {
  readonly member: MemberTables;
}

const DISPATCH = new Set(['AgentSessionGiven', 'AgentSessionInvited', 'AgentHeartbeatAnswered', 'AssignmentsSent']);

export class SwarmSide {
  readonly client: StoreClientAgent;
  readonly control: ControlPlane;
  readonly membership: Membership;

  constructor(private readonly machine: Machine, private readonly uplink: Uplink,
    private readonly tables: SwarmSideTables, reactions: SwarmReactions) {
    const { lab } = machine;
    const send = (target: number, message: OverlayMessage): void => this.send(target, message);
    this.client = new StoreClientAgent({ ...timeOf(machine), send, managers: () => this.membership.managers() });
    this.control = new ControlPlane({ ...timeOf(machine), send, node: machine.index, nodes: lab.nodes,
      newId: (kind, digits) => machine.newId(kind, digits), emit: (event) => machine.emit(event) }, tables, false);
    this.membership = new Membership({ ...timeOf(machine), ...reactions, send, node: machine.index, nodes: lab.nodes,
      emit: (event) => machine.emit(event), control: this.control, client: this.client,
      overlayNodes: nodesOfKind(lab, 'overlay') }, tables.member);
  }

  /** What the engine asks of it. */
  engineClient(): SwarmClient {
    const { client, membership, tables } = this;
    return {
      membership: () => ({ cluster: tables.member.cluster, node: tables.member.node, role: tables.member.role,
        managers: membership.managers() }),
      self: this.machine.index,
      addressOf: (index) => this.machine.lab.nodes[index]!.address,
      nodeIdOf: (index) => nodeAt(tables.store, index)?.id ?? (index === this.machine.index ? tables.member.node : ''),
      init: (spec, availability) => membership.init(spec, availability),
      join: (remote, token, availability) => membership.join(remote, token, availability),
      leave: (force) => membership.leave(force),
      ask: (operation, body) => client.ask(operation, body),
    };
  }

  /** False when the message was for another part of the host. */
  onMessage(source: number, message: OverlayMessage): boolean {
    if (message.type === 'StoreAnswered') {
      this.client.onMessage(message as StoreAnswered);
    } else if (message.type === 'StoreRedirected') {
      if (message.request > 0) this.client.onRedirect(message);
      else this.membership.onMessage(source, message);
    } else if (DISPATCH.has(message.type)) {
      this.membership.onMessage(source, message as DispatchMessage);
    } else {
      return this.control.onMessage(source, message);
    }
    return true;
  }

  /** A host that manages talks to itself too: at once, but never from within what it is doing. */
  private send(target: number, message: OverlayMessage): void {
    const { machine } = this;
    if (target !== machine.index) this.uplink.message(target, message as AnyRecord);
    else machine.schedule(machine.now(), { fire: () => void this.onMessage(target, message) }, undefined);
  }
}

/** What every part with timers asks of its machine. */
export function timeOf(machine: Machine): Pick<Machine, 'now' | 'schedule' | 'cancel' | 'random'> {
  return {
    now: () => machine.now(),
    schedule: (at, handler, argument) => machine.schedule(at, handler, argument),
    cancel: (ticket) => machine.cancel(ticket),
    random: (purpose) => machine.random(purpose),
  };
}

/** Indexes of the lab's nodes of a kind. */
export function nodesOfKind(lab: LabSpec, kind: NodeKind): number[] {
  return lab.nodes.flatMap((node, index) => (node.kind === kind ? [index] : []));
}

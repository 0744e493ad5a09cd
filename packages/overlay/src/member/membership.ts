// A host's way into a swarm and out of it: `docker swarm init`, `join` and `leave`, and what follows when its role
// changes. A host that is in no swarm of its own turns to the overlay service of its lab, if there is one.

import { SECOND, startOperation, suspended, type Operation } from '@netreel/sim';
import { parseIpv4 } from '@netreel/wire';
import type { StoreClientAgent } from '../client/agent.js';
import type { ControlPlane, ControlPort } from '../control/control-plane.js';
import type { DispatchMessage } from '../messages.js';
import type { StoreAnswer, StoreRefusal } from '../store/objects.js';
import { refusal } from '../store/refusal.js';
import type { JsonTable, NodeRole } from '../store/swarm-objects.js';
import { SwarmAgent } from './agent.js';
import type { MemberEvent } from './events.js';
import type { MemberTables } from './tables.js';

const JOIN_PATIENCE_NS = 20 * SECOND;
const JOIN_LOOK_NS = SECOND / 10;
const SWARM_PORT = 2377;

const ALREADY = 'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join ' +
  'another one.';
const TIMEOUT = 'Timeout was reached before node joined. The attempt to join the swarm will continue in the ' +
  'background. Use the "docker info" command to see the current swarm status of your node.';

/** What membership asks of its host, beside what the control plane asks. */
export interface MembershipPort extends Pick<ControlPort, 'node' | 'nodes' | 'now' | 'schedule' | 'cancel' | 'random'> {
  emit(event: MemberEvent): void;
  send(target: number, message: DispatchMessage): void;
  readonly control: ControlPlane;
  readonly client: StoreClientAgent;
  /** The overlay service's nodes. */
  readonly overlayNodes: readonly number[];
  /** The host came into a swarm, or left it: networks of its own follow. */
  entered(): void;
  left(): void;
  /** Tasks came, changed or went. */
  assigned(): void;
}

export class Membership {
  readonly agent: SwarmAgent;

  constructor(private readonly port: MembershipPort, readonly tables: MemberTables) {
    this.agent = new SwarmAgent({
      now: () => port.now(),
      schedule: (at, handler, argument) => port.schedule(at, handler, argument),
      cancel: (ticket) => port.cancel(ticket),
      random: (purpose) => port.random(purpose),
      emit: (event) => port.emit(event),
      send: (target, message) => port.send(target, message),
      managers: () => this.managers(),
      told: (role, managers) => this.told(role, managers),
      expelled: () => this.expelled(),
      assigned: () => port.assigned(),
    }, tables);
  }

  get isMember(): boolean {
    return this.tables.cluster !== '';
  }

  /** Whom this host's requests to a swarm go to. */
  managers(): readonly number[] {
    return this.isMember ? this.tables.managers : this.port.overlayNodes;
  }

  /** `docker swarm init`; answers the node's id. */
  *init(spec: JsonTable, availability: string): Operation<StoreAnswer<string>> {
    const { port } = this;
    if (this.isMember) return refusal('Unavailable', ALREADY);
    const { cluster, node } = port.control.found(spec, [{ index: port.node, role: 'manager', availability }]);
    this.enter(cluster, node, 'manager', [port.node]);
    yield* this.untilInSession();
    return { ok: true, value: node };
  }

  /** `docker swarm join`: `remote` is `ADDRESS:PORT` of a manager. */
  *join(remote: string, token: string, availability: string): Operation<StoreAnswer<null>> {
    const { port } = this;
    if (this.isMember) return refusal('Unavailable', ALREADY);
    const target = this.nodeBehind(remote);
    const { name: hostname, address } = port.nodes[port.node]!;
    const answer: StoreAnswer<{ node: string; role: NodeRole; cluster: string }> = target === undefined
      ? yield* this.nobodyAnswers()
      : yield* port.client.askOf(target, 'JoinNode', { token, hostname, address, availability });
    if (!answer.ok) return answer;
    const { node, role, cluster } = answer.value;
    if (role === 'manager') port.control.await(cluster);
    this.enter(cluster, node, role, [target!]);
    if (!(yield* this.untilInSession())) return refusal('System', TIMEOUT);
    if (role === 'manager') yield* port.client.ask('ReadyToManage', null);
    return { ok: true, value: null };
  }

  /** `docker swarm leave`. */
  *leave(force: boolean): Operation<StoreAnswer<null>> {
    const { port, tables } = this;
    if (!this.isMember) return refusal('Unavailable', 'This node is not part of a swarm');
    const { node } = tables;
    if (port.control.isMember) {
      if (!force) return refusal('Unavailable', leaveWarning(tables.managers.length));
      if (tables.managers.length > 1) yield* port.client.ask('LeaveNode', { node });
      port.control.leave();
    } else {
      yield* port.client.ask('LeaveNode', { node });
    }
    this.exit();
    return { ok: true, value: null };
  }

  onMessage(source: number, message: DispatchMessage): void {
    this.agent.onMessage(source, message);
  }

  private enter(cluster: string, node: string, role: NodeRole, managers: readonly number[]): void {
    this.port.emit({ type: 'SwarmMembershipBegan', cluster, node, role, managers });
    this.port.client.forgetLeader();
    this.agent.open(node);
    this.port.entered();
  }

  private exit(): void {
    this.agent.close();
    this.port.client.forgetLeader();
    const { node } = this.tables;
    this.port.emit({ type: 'SwarmMembershipEnded', node });
    this.port.left();
  }

  private told(role: NodeRole, managers: readonly number[]): void {
    const { port, tables } = this;
    if (!this.isMember || (role === tables.role && String(managers) === String(tables.managers))) return;
    const before = tables.role;
    port.emit({ type: 'SwarmMembershipChanged', role, managers });
    if (role === before) return;
    if (role === 'manager') {
      port.control.await(tables.cluster);
      this.inBackground(port.client.ask('ReadyToManage', null));
    } else if (port.control.isMember) {
      port.control.leave();
    }
  }

  private expelled(): void {
    if (!this.isMember) return;
    if (this.port.control.isMember) this.port.control.leave();
    this.exit();
  }

  private *untilInSession(): Operation<boolean> {
    const { port } = this;
    const limit = port.now() + JOIN_PATIENCE_NS;
    while (!this.agent.inSession && port.now() < limit) yield* this.pause(JOIN_LOOK_NS);
    return this.agent.inSession;
  }

  private *nobodyAnswers(): Operation<StoreRefusal> {
    yield* this.pause(JOIN_PATIENCE_NS);
    return refusal('System', TIMEOUT);
  }

  private *pause(ns: number): Operation<void> {
    const { port } = this;
    yield* suspended<undefined>((resume) => {
      port.schedule(port.now() + ns, { fire: () => resume(undefined) }, undefined);
    });
  }

  private inBackground(operation: Operation<unknown>): void {
    startOperation(operation, () => undefined);
  }

  private nodeBehind(remote: string): number | undefined {
    const [text = '', port = String(SWARM_PORT)] = remote.split(':');
    const address = parseIpv4(text);
    if (address === undefined || Number(port) !== SWARM_PORT) return undefined;
    const index = this.port.nodes.findIndex((node) => node.address === address && node.kind === 'host');
    return index < 0 ? undefined : index;
  }
}

function leaveWarning(managers: number): string {
  const head = 'You are attempting to leave the swarm on a node that is participating as a manager. ';
  if (managers < 2) {
    return `${head}Removing the last manager erases all current state of the swarm. ` +
      'Use `--force` to ignore this message.';
  }
  const left = managers - 1;
  const quorumLost = left * 2 <= managers;
  return quorumLost ? `${head}Removing this node leaves ${left} managers out of ${managers}. Without a Raft quorum ` +
    'your swarm will be inaccessible. The only way to restore a swarm that has lost consensus is to reinitialize it ' +
    'with `--force-new-cluster`. Use `--force` to suppress this message.'
    : `${head}The only way to restore a swarm that has lost consensus is to reinitialize it with ` +
    '`--force-new-cluster`. Use `--force` to suppress this message.';
}

// The duty that finds a node for each task that has its addresses: one that is ready, meets the constraints, has room;
// of those the one with the fewest tasks of the service, then with the fewest tasks at all (swarmkit, scheduler).

import type { StoreEvent } from '../events.js';
import { placementOf, portsOf, reservationOf, type Placement } from '../store/service/spec.js';
import { statusEvent, withState } from '../store/service/task.js';
import { isBefore, type ServicePort, type SwarmNodeRow, type TaskRow } from '../store/swarm-objects.js';
import { meetsAll } from './constraint.js';
import type { Duty, DutyPort } from './duty.js';
import { NodeLoads, type NodeLoad } from './node-loads.js';

const ASSIGNED = 'scheduler assigned task to node';

export class Scheduler implements Duty {
  private readonly waiting = new Set<string>();
  private readonly loads: NodeLoads;

  constructor(private readonly port: DutyPort) {
    this.loads = new NodeLoads(port.tables);
  }

  begin(): void {
    this.loads.count();
    for (const task of this.port.tables.tasks.values()) if (isUnassigned(task)) this.waiting.add(task.id);
    this.schedule();
  }

  end(): void {
    this.waiting.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    for (const event of events) {
      if (event.type === 'StoreTaskAllocated') this.waiting.add(event.id);
      this.loads.note(event);
    }
    const mayHelp = events.some(({ type }) => CONCERNS.has(type));
    if (mayHelp && this.waiting.size > 0) this.schedule();
  }

  private schedule(): void {
    this.port.submit(() => this.decide());
  }

  private decide(): StoreEvent[] {
    const { tables } = this.port;
    const at = this.port.now();
    const events: StoreEvent[] = [];
    const planned = this.loads.plan();
    for (const id of this.waiting) {
      const task = tables.tasks.get(id);
      if (task === undefined || !isUnassigned(task)) {
        this.waiting.delete(id);
        continue;
      }
      const chosen = this.choose(task, planned);
      if (typeof chosen === 'string') {
        const error = `no suitable node${chosen === '' ? '' : ` (${chosen})`}`;
        if (task.status.error !== error) {
          events.push(statusEvent(id, withState(task, 'pending', 'pending task scheduling', error, at)));
        }
        continue;
      }
      planned.add(task, chosen.id);
      events.push({ type: 'StoreTaskAssigned', id, node: chosen.id, message: ASSIGNED, at });
      this.waiting.delete(id);
    }
    return events;
  }

  /** A node, or why there is none. */
  private choose(task: TaskRow, planned: NodeLoads): SwarmNodeRow | string {
    const placement = placementOf(task.spec);
    const service = this.port.tables.services.get(task.service);
    const hostPorts = service === undefined ? [] : portsOf(service.spec).filter(({ mode }) => mode === 'host');
    const wanted = { placement, reserved: reservationOf(task.spec), hostPorts };
    const counts = new Map<string, number>();
    const fitting: { readonly node: SwarmNodeRow; readonly load: NodeLoad }[] = [];
    for (const node of this.port.tables.nodes.values()) {
      // A task of a global service belongs to its node.
      if (task.node !== '' && task.node !== node.id) continue;
      const load = planned.of(node.id);
      const obstacle = obstacleOf(node, load, task, wanted);
      if (obstacle === undefined) fitting.push({ node, load });
      else counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
    }
    if (fitting.length === 0) return explained(counts);
    const ranked = spread(fitting, placement.spreadOver, task.service);
    return ranked.reduce((best, each) => (isLighter(each.load, best.load, task.service) ? each : best)).node;
  }
}

const CONCERNS = new Set(['StoreTaskAllocated', 'StoreNodeUpdated', 'StoreNodeStatusChanged', 'StoreNodeCreated',
  'StoreTaskStatusChanged', 'StoreTaskRemoved', 'StoreServiceUpdated']);

function isUnassigned(task: TaskRow): boolean {
  return task.status.state === 'pending' && isBefore(task.desired, 'complete');
}

interface Wanted {
  readonly placement: Placement;
  readonly reserved: { readonly nanoCpus: number; readonly memoryBytes: number };
  readonly hostPorts: readonly ServicePort[];
}

const NANO_CPUS = 1_000_000_000;
const MEMORY_BYTES = 4_294_967_296;

type Obstacle = 'ready' | 'resources' | 'constraints' | 'ports' | 'replicas';

/** The first thing that keeps a task off a node, in the order in which swarmkit looks. */
function obstacleOf(node: SwarmNodeRow, load: NodeLoad, task: TaskRow, wanted: Wanted): Obstacle | undefined {
  const { placement, reserved, hostPorts } = wanted;
  if (node.state !== 'ready' || node.spec.Availability !== 'active') return 'ready';
  if (load.nanoCpus + reserved.nanoCpus > NANO_CPUS && reserved.nanoCpus > 0) return 'resources';
  if (load.memoryBytes + reserved.memoryBytes > MEMORY_BYTES && reserved.memoryBytes > 0) return 'resources';
  if (!meetsAll(node, placement.constraints)) return 'constraints';
  if (hostPorts.some(({ protocol, published }) => load.hostPorts.has(`${protocol}/${published}`))) return 'ports';
  const own = load.services.get(task.service) ?? 0;
  return placement.perNodeMax > 0 && own >= placement.perNodeMax ? 'replicas' : undefined;
}

const EXPLANATIONS: Readonly<Record<Obstacle, readonly [one: string, many: (count: number) => string]>> = {
  ready: ['1 node not available for new tasks', (count) => `${count} nodes not available for new tasks`],
  resources: ['insufficient resources on 1 node', (count) => `insufficient resources on ${count} nodes`],
  constraints: ['scheduling constraints not satisfied on 1 node',
    (count) => `scheduling constraints not satisfied on ${count} nodes`],
  ports: ['host-mode port already in use on 1 node', (count) => `host-mode port already in use on ${count} nodes`],
  replicas: ['max replicas per node limit exceed', () => 'max replicas per node limit exceed'],
};

/** What kept the task off most nodes comes first. */
function explained(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort(([, a], [, b]) => b - a).map(([obstacle, count]) => {
    const [one, many] = EXPLANATIONS[obstacle as Obstacle];
    return count === 1 ? one : many(count);
  }).join('; ');
}

/** Of several zones the one with the fewest tasks of the service, then of its racks … as the preferences go on. */
function spread<T extends { readonly node: SwarmNodeRow; readonly load: NodeLoad }>(fitting: readonly T[],
  over: readonly string[], service: string): readonly T[] {
  let left = fitting;
  for (const descriptor of over) {
    const label = descriptor.replace(/^node\.labels\./, '');
    const groups = new Map<string, T[]>();
    for (const each of left) {
      const value = each.node.spec.Labels[label] ?? '';
      groups.set(value, [...groups.get(value) ?? [], each]);
    }
    const tasks = (group: readonly T[]): number =>
      group.reduce((sum, { load }) => sum + (load.services.get(service) ?? 0), 0);
    left = [...groups.values()].reduce((best, group) => (tasks(group) < tasks(best) ? group : best));
  }
  return left;
}

/** How often a service may fail on a node before another node is preferred. */
const FAILURES_MAX = 5;

function isLighter(a: NodeLoad, b: NodeLoad, service: string): boolean {
  const failing = (load: NodeLoad): number => (load.failures.get(service) ?? 0) >= FAILURES_MAX ? 1 : 0;
  if (failing(a) !== failing(b)) return failing(a) < failing(b);
  const [own, other] = [a.services.get(service) ?? 0, b.services.get(service) ?? 0];
  return own === other ? a.tasks < b.tasks : own < other;
}

// Whether a task that is over, or whose node is, gets a successor, and when that may run (swarmkit, restart
// supervisor).

import type { SimTime } from '@netreel/sim';
import { restartRuleOf, taskTemplate } from '../store/service/spec.js';
import { isTerminal, type ServiceRow, type TaskRow } from '../store/swarm-objects.js';
import type { DutyPort } from './duty.js';
import { isInvalid, type Plan } from './plan.js';
import type { StartDelays } from './start-delays.js';

export class Restarts {
  /** When the tasks of a slot (or, of a global service, of a node) were restarted. */
  private readonly past = new Map<string, SimTime[]>();

  constructor(private readonly port: DutyPort, private readonly delays: StartDelays) {}

  clear(): void {
    this.past.clear();
  }

  /** Takes the task out of service; its successor is made at once and runs when it may. */
  restart(plan: Plan, service: ServiceRow, task: TaskRow): void {
    // One that failed before it was to run has its successor no sooner than it would have run itself.
    if (!plan.isRunnable(task) || this.delays.holds(task.id)) return;
    plan.want(task, 'shutdown');
    if (!this.shouldRestart(service, task)) return;
    const node = this.port.tables.nodes.get(task.node);
    // A task of a global service has no other node to go to.
    if (task.slot === 0 && isInvalid(node)) return;
    const successor = plan.create(service, task.slot, task.slot === 0 ? task.node : '', 'ready');
    const { delayNs } = restartRuleOf(taskTemplate(service.spec));
    const emptied = node?.spec.Availability === 'drain';
    const over = isTerminal(task.status.state) || node === undefined || node.state === 'down';
    this.delays.add(successor.id, emptied ? 0 : delayNs, over ? '' : task.id);
    this.noteRestart(task);
  }

  private shouldRestart(service: ServiceRow, task: TaskRow): boolean {
    const rule = restartRuleOf(taskTemplate(service.spec));
    if (rule.condition === 'none') return false;
    if (rule.condition === 'on-failure' && task.status.state === 'complete') return false;
    if (rule.attemptsMax === 0) return true;
    const since = rule.windowNs === 0 ? 0 : this.port.now() - rule.windowNs;
    return (this.past.get(slotKey(task)) ?? []).filter((at) => at >= since).length < rule.attemptsMax;
  }

  private noteRestart(task: TaskRow): void {
    const key = slotKey(task);
    this.past.set(key, [...this.past.get(key) ?? [], this.port.now()]);
  }
}

function slotKey(task: TaskRow): string {
  return `${task.service}/${task.slot === 0 ? task.node : task.slot}`;
}

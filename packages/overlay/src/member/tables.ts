// A host's membership in a swarm, and the tasks that it was given. Written by evolveMember alone.

import { unreachable } from '@netreel/sim';
import type { AssignedTask, NodeRole } from '../store/swarm-objects.js';
import type { MemberEvent } from './events.js';

export interface MemberTables {
  /** Empty while the host is in no swarm of its own. */
  cluster: string;
  node: string;
  role: NodeRole | '';
  managers: readonly number[];
  /** By id: as the dispatcher described them last. */
  readonly assigned: Map<string, AssignedTask>;
}

export function emptyMemberTables(): MemberTables {
  return { cluster: '', node: '', role: '', managers: [], assigned: new Map() };
}

export function evolveMember(tables: MemberTables, event: MemberEvent): void {
  switch (event.type) {
    case 'SwarmMembershipBegan':
      tables.cluster = event.cluster;
      tables.node = event.node;
      tables.role = event.role as NodeRole;
      tables.managers = event.managers;
      return;
    case 'SwarmMembershipChanged':
      tables.role = event.role as NodeRole;
      tables.managers = event.managers;
      return;
    case 'SwarmMembershipEnded':
      Object.assign(tables, { cluster: '', node: '', role: '', managers: [] });
      tables.assigned.clear();
      return;
    case 'TasksAssigned':
      for (const each of event.tasks as unknown as readonly AssignedTask[]) tables.assigned.set(each.task.id, each);
      for (const id of event.removed) tables.assigned.delete(id);
      return;
    default:
      unreachable(event);
  }
}

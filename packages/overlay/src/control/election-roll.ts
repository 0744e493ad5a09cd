// Keeps the members of the agreement in step with the roles of the nodes: a promoted node is taken in once it says that
// it is ready, a demoted one is let go; a leader that is demoted first hands over.

import type { StoreEvent } from '../events.js';
import { nodeAt } from '../store/node/node.js';
import type { StoreTables } from '../store/tables.js';
import type { Duty } from './duty.js';

/** What the roll asks of the agreement. */
export interface RollPort {
  readonly node: number;
  readonly tables: StoreTables;
  voters(): readonly number[];
  reform(voters: readonly number[]): boolean;
  handOver(target: number): void;
}

export class ElectionRoll implements Duty {
  /** Nodes that are ready to be members. */
  private readonly ready = new Set<number>();

  constructor(private readonly port: RollPort) {}

  begin(): void {
    this.revise();
  }

  end(): void {
    this.ready.clear();
  }

  changed(events: readonly StoreEvent[]): void {
    if (events.some(({ type }) => type === 'StoreNodeUpdated' || type === 'StoreNodeRemoved')) this.revise();
  }

  /** A node with the role of a manager can be told everything from now on. */
  isReady(node: number): void {
    this.ready.add(node);
    this.revise();
  }

  /** The one next step towards the members that the roles ask for; the next when this one is settled. */
  revise(): void {
    const { port } = this;
    const voters = port.voters();
    const isManager = (index: number): boolean => nodeAt(port.tables, index)?.spec.Role === 'manager';
    const gone = voters.find((index) => !isManager(index));
    if (gone !== undefined && voters.length > 1) {
      if (gone === port.node) port.handOver(voters.find((index) => index !== gone)!);
      else port.reform(voters.filter((index) => index !== gone));
      return;
    }
    for (const index of [...this.ready].sort((a, b) => a - b)) {
      if (voters.includes(index) || !isManager(index)) this.ready.delete(index);
      else if (port.reform([...voters, index].sort((a, b) => a - b))) return;
    }
  }
}

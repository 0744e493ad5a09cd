// All tables of one host, and the one function that applies an event to them: live and folded states are written by the
// same code.

import { type EngineTables, emptyEngineTables, engineEvents, evolveEngine, type EngineEvent } from '@netreel/engine';
import { type KernelEvent, type KernelTables, emptyKernelTables, evolveKernel, kernelEvents } from '@netreel/kernel';
import {
  type GossipEvent, type GossipTables, type MemberEvent, type RaftEvent, type StoreEvent, emptyGossipTables,
  emptyMemberTables, emptyRaftTables, emptyStoreTables, evolveGossip, evolveMember, evolveRaft, evolveStore,
  gossipEvents, memberEvents, raftEvents, storeEvents,
} from '@netreel/overlay';
import type { AnyRecord, SimTime } from '@netreel/sim';
import { type FaultRules, evolveFaults } from './faults.js';
import type { SwarmSideTables } from './swarm-side.js';

export interface HostTables {
  readonly kernel: KernelTables;
  readonly engine: EngineTables;
  readonly gossip: GossipTables;
  /** Raft and store are those of a manager; empty on other hosts. */
  readonly swarm: SwarmSideTables;
  /** In the order in which the rules were added: that is the order in which they are asked. */
  readonly faults: FaultRules;
}

/** Tables before the host has booted. A live host brings its kernel's own. */
export function emptyHostTables(kernel: KernelTables = emptyKernelTables()): HostTables {
  return { kernel, engine: emptyEngineTables(), gossip: emptyGossipTables(),
    swarm: { raft: emptyRaftTables(), store: emptyStoreTables(), member: emptyMemberTables() }, faults: new Map() };
}

type Evolve = (tables: HostTables, event: AnyRecord, at: SimTime) => void;

const evolvers = new Map<string, Evolve>();
for (const type of Object.keys(kernelEvents)) evolvers.set(type,
  (tables, event) => evolveKernel(tables.kernel, event as KernelEvent));
for (const type of Object.keys(engineEvents)) evolvers.set(type,
  (tables, event, at) => evolveEngine(tables.engine, event as EngineEvent, at));
for (const type of Object.keys(gossipEvents)) evolvers.set(type,
  (tables, event) => evolveGossip(tables.gossip, event as GossipEvent));
for (const type of Object.keys(raftEvents)) evolvers.set(type,
  (tables, event) => evolveRaft(tables.swarm.raft, event as RaftEvent));
for (const type of Object.keys(storeEvents)) evolvers.set(type,
  (tables, event) => evolveStore(tables.swarm.store, event as StoreEvent));
for (const type of Object.keys(memberEvents)) evolvers.set(type,
  (tables, event) => evolveMember(tables.swarm.member, event as MemberEvent));

/** Applies one event of any of the host's rooms. Events that change no table of a host (answers) pass through. */
export function evolveHost(tables: HostTables, event: AnyRecord, at: SimTime): void {
  const evolve = evolvers.get(event.type);
  if (evolve !== undefined) evolve(tables, event, at);
  else evolveFaults(tables.faults, event);
}

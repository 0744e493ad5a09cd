// All tables of one host, and the one function that applies an event to them: live and folded states are written by the
// same code.

import { type EngineTables, emptyEngineTables, engineEvents, evolveEngine, type EngineEvent } from '@netreel/engine';
import { type KernelEvent, type KernelTables, emptyKernelTables, evolveKernel, kernelEvents } from '@netreel/kernel';
import { type GossipEvent, type GossipTables, emptyGossipTables, evolveGossip, gossipEvents } from '@netreel/overlay';
import type { AnyRecord } from '@netreel/sim';
import { type FaultRules, evolveFaults } from './faults.js';

export interface HostTables {
  readonly kernel: KernelTables;
  readonly engine: EngineTables;
  readonly gossip: GossipTables;
  /** In the order in which the rules were added: that is the order in which they are asked. */
  readonly faults: FaultRules;
}

/** Tables before the host has booted. A live host brings its kernel's own. */
export function emptyHostTables(kernel: KernelTables = emptyKernelTables()): HostTables {
  return { kernel, engine: emptyEngineTables(), gossip: emptyGossipTables(), faults: new Map() };
}

type Evolve = (tables: HostTables, event: AnyRecord) => void;

const evolvers = new Map<string, Evolve>();
for (const type of Object.keys(kernelEvents)) evolvers.set(type,
  (tables, event) => evolveKernel(tables.kernel, event as KernelEvent));
for (const type of Object.keys(engineEvents)) evolvers.set(type,
  (tables, event) => evolveEngine(tables.engine, event as EngineEvent));
for (const type of Object.keys(gossipEvents)) evolvers.set(type,
  (tables, event) => evolveGossip(tables.gossip, event as GossipEvent));

/** Applies one event of any of the host's rooms. Events that change no table of a host (answers) pass through. */
export function evolveHost(tables: HostTables, event: AnyRecord): void {
  const evolve = evolvers.get(event.type);
  if (evolve !== undefined) evolve(tables, event);
  else evolveFaults(tables.faults, event);
}

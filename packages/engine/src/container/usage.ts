// What the tables alone know of a container's processes: its own and its execs. Interfaces have carried nothing there.

import type { ContainerUsage } from '../port.js';
import { endpointsOf, isRunning, type ContainerRow, type EngineTables } from '../tables.js';
import { commandLine } from './environment.js';

/** The usage of a container as far as tables tell. */
export function usageOf(tables: EngineTables, row: ContainerRow): ContainerUsage {
  if (!isRunning(row)) return { processes: [], interfaces: [] };
  const startedAt = row.startedAt ?? 0;
  const execs = [...tables.execs.values()].filter((exec) => exec.container === row.id && exec.status === 'running');
  const none = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };
  return {
    processes: [{ pid: 1, parentPid: 0, command: commandLine(row.spec), startedAt },
      ...execs.map((exec, place) => ({ pid: place + 2, parentPid: 0, command: exec.spec.cmd, startedAt }))],
    interfaces: endpointsOf(tables, row.id).map((endpoint) => ({ name: endpoint.interface, ...none })),
  };
}

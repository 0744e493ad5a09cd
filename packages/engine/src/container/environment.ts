// The environment and the command line that a container's processes start with.

import { DEFAULT_PATH } from '../image/registry.js';
import type { EngineCore } from '../core.js';
import type { ContainerRow, EngineTables, ExecRow } from '../tables.js';
import { linkEnvironment } from './link.js';
import { hostnameOf } from './mode.js';
import type { ContainerSpec } from './spec.js';

/** Entrypoint and command of a container's own process. */
export function commandLine(spec: ContainerSpec): readonly string[] {
  return (spec.entrypoint ?? []).concat(spec.cmd);
}

/** `KEY=value` for a container's own process, or for an exec in it, in the order that `env` prints. */
export function environmentOf(tables: EngineTables, row: ContainerRow, exec: ExecRow | undefined): readonly string[] {
  const tty = exec === undefined ? row.spec.tty : exec.spec.tty;
  const variables = new Map<string, string>();
  const set = (entry: string): void => {
    const equals = entry.indexOf('=');
    // A name alone takes a variable away.
    if (equals < 0) variables.delete(entry);
    else variables.set(entry.slice(0, equals), entry.slice(equals + 1));
  };
  set(DEFAULT_PATH);
  set(`HOSTNAME=${hostnameOf(tables, row)}`);
  if (tty) set('TERM=xterm');
  for (const entry of linkEnvironment(tables, row)) set(entry);
  for (const entry of row.spec.env) set(entry);
  for (const entry of exec?.spec.env ?? []) set(entry);
  if (!variables.has('HOME')) set('HOME=/root');
  return [...variables].map(([key, value]) => `${key}=${value}`);
}

/** What the container runtime says of a program that is not there; undefined when it is. */
export function missingProgram(core: EngineCore, row: ContainerRow, exec: ExecRow | undefined, program: string): string
  | undefined {
  const path = environmentOf(core.tables, row, exec).find((entry) => entry.startsWith('PATH=')) ?? 'PATH=';
  const own = exec?.spec.workingDir ?? '';
  const workingDir = own === '' ? row.spec.workingDir : own;
  if (core.port.hasProgram(row.id, program, path.slice('PATH='.length), workingDir)) return undefined;
  return program.includes('/') ? `exec: "${program}": stat ${program}: no such file or directory: unknown`
    : `exec: "${program}": executable file not found in $PATH: unknown`;
}

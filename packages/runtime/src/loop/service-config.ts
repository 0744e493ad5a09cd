// What a process of a run is told by its environment: one documented object, every mistake named at once.

import type { LogLevel } from '../log.js';

/** Settings that all processes of a run share. */
export interface ServiceConfig {
  /** NETREEL_RUN: name of the run, which the journal knows. */
  readonly run: string;
  /** NETREEL_REDIS: `redis://host:port` of the journal. */
  readonly redisUrl: string;
  /** NETREEL_NATS: `nats://host:port` of the bus. */
  readonly natsUrl: string;
  /** NETREEL_NODES: names of the nodes that the process lives, separated by commas. */
  readonly nodes: readonly string[];
  /** NETREEL_ENDS_WITH_INPUT=1: ends when its standard input does, so that it never outlives whoever started it. */
  readonly endsWithInput: boolean;
  /** NETREEL_STANDBY=1: follows another process that lives the same nodes; a line of input makes it take over. */
  readonly standby: boolean;
  /** NETREEL_LOG: debug, info, warn, error or silent (default warn). */
  readonly logLevel: LogLevel;
}


const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error', 'silent'];

/**
 * Reads the settings; the message of the error names every one that is missing or wrong. `wantsNodes`: whether
 * NETREEL_NODES must be there.
 */
export function readServiceConfig(environment: Readonly<Record<string, string | undefined>>,
  wantsNodes: boolean): ServiceConfig {
  const mistakes: string[] = [];
  const text = (name: string, wanted: RegExp, shape: string): string => {
    const value = environment[name] ?? '';
    if (!wanted.test(value)) mistakes.push(
      `${name} should be ${shape}, is ${value === '' ? 'not set' : JSON.stringify(value)}`);
    return value;
  };
  const run = text('NETREEL_RUN', /^[\w-]+$/, 'the name of a run');
  const redisUrl = text('NETREEL_REDIS', /^rediss?:\/\/.+/, 'redis://HOST:PORT');
  const natsUrl = text('NETREEL_NATS', /^(nats|tls):\/\/.+/, 'nats://HOST:PORT');
  const nodes = wantsNodes
    ? text('NETREEL_NODES', /^[\w-]+(,[\w-]+)*$/, 'names of nodes separated by commas').split(',') : [];
  const level = environment['NETREEL_LOG'] ?? 'warn';
  if (!LEVELS.includes(level)) mistakes.push(
    `NETREEL_LOG should be one of ${LEVELS.join(', ')}, is ${JSON.stringify(level)}`);
  if (mistakes.length > 0) throw new Error(`settings are missing: ${mistakes.join('; ')}`);
  return { run, redisUrl, natsUrl, nodes,
    endsWithInput: environment['NETREEL_ENDS_WITH_INPUT'] === '1',
    standby: environment['NETREEL_STANDBY'] === '1', logLevel: level as LogLevel };
}

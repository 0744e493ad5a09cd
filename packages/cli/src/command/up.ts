// netreel up, env, down, reset, step: a lab that lives, and that the docker command reaches.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isIP } from 'node:net';
import { API_VERSION } from '@netreel/docker-api';
import type { TlsFiles } from '@netreel/docker-socket';
import { wallClock } from '@netreel/runtime';
import { EXIT, UserFault } from '../fault.js';
import { askControl } from '../live/control.js';
import { addressOf, findLab, mustFindLab } from '../live/find.js';
import { type LabState, readState } from '../live/places.js';
import { runRemote } from '../live/remote.js';
import { type LiveOptions, LiveService } from '../live/serve.js';
import { testBed } from '../live/test-bed.js';
import { readScenario, readScenarioFile } from '../scenario/read.js';
import type { CommandContext } from './context.js';

export interface UpOptions {
  readonly hosts?: number;
  readonly mode: 'embedded' | 'processes';
  readonly pace: '1x' | 'max';
  readonly detach?: boolean;
  readonly api: string;
  readonly seed?: number;
  readonly tcp?: string;
  readonly tls?: string;
}

/** Another process gets this long to come up. */
const UP_MS = 60_000;
const LOOK_AGAIN_MS = 20;

export async function upCommand(context: CommandContext, file: string | undefined, options: UpOptions): Promise<void> {
  const there = await findLab(context.places, context.notice);
  if (there !== undefined) {
    throw new UserFault(EXIT.wrong, `a lab is up already (${there.run}); \`netreel down\` ends it`);
  }
  if (options.mode === 'processes') {
    throw new UserFault(EXIT.wrong, 'a live lab over processes is not there yet; leave --mode');
  }
  const { scenario: read, text } = labFor(file, options);
  // The age of the engines is part of the lab: the run replays with it.
  const lab = options.api === API_VERSION ? read.lab : { ...read.lab, apiVersion: options.api };
  // Whoever works with it lives today: dates are those of the wall, counted on by virtual time.
  const scenario = { ...read, lab: { ...lab, epochSeconds: Math.floor(Date.parse(wallClock.date()) / 1000) } };
  if (scenario.steps.length > 0) {
    context.notice(`the ${scenario.steps.length} steps of ${file} are not taken: a live lab waits for yours`);
  }
  const settings = liveOptions(options);
  if (options.detach === true) return detach(context);
  const service = await LiveService.start(context.places, scenario, text, settings, context.notice);
  const down = (): void => { void service.down(); };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, down);
  context.out(greeting(service.state));
  await service.end;
}

/** The lab of a file, or the test bed: hosts on one underlay with the router and what lies outside. */
function labFor(file: string | undefined, options: UpOptions): ReturnType<typeof readScenarioFile> {
  if (file !== undefined) {
    if (options.hosts !== undefined) {
      throw new UserFault(EXIT.wrong, `${file} says which hosts there are; leave --hosts`);
    }
    const { text } = readScenarioFile(file);
    return { scenario: readScenario(file, text, options.seed), text };
  }
  return { scenario: testBed(options.hosts ?? 1, options.seed), text: '' };
}

function liveOptions({ mode, pace, api, tcp, tls }: UpOptions): LiveOptions {
  const place = tcp === undefined ? undefined : tcpPlace(tcp, tls);
  return { mode, pace, apiVersion: api, ...(place === undefined ? {} : { tcp: place }) };
}

function tcpPlace(text: string, folder: string | undefined): NonNullable<LiveOptions['tcp']> {
  const match = /^(?:(.*):)?(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? '127.0.0.1';
  const port = Number(match?.[2]);
  if (match === null || isIP(host) === 0 || port > 65_535) {
    throw new UserFault(EXIT.wrong, `--tcp ${text}: expected [ADDRESS:]PORT`);
  }
  const loopback = host === '::1' || host.startsWith('127.');
  if (!loopback && folder === undefined) {
    throw new UserFault(EXIT.wrong, `${host} can be reached from other machines, and who reaches a Docker socket ` +
      'may do anything: give --tls a folder with ca.pem, cert.pem and key.pem');
  }
  return { host, port, ...(folder === undefined ? {} : { tls: tlsFiles(folder) }) };
}

function tlsFiles(folder: string): TlsFiles {
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      throw new UserFault(EXIT.wrong, `${join(folder, name)}: cannot be read`);
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

/** Starts the same command in a process of its own, and stays until all its hosts answer. */
async function detach(context: CommandContext): Promise<void> {
  const { places } = context;
  mkdirSync(places.home, { recursive: true });
  const logFile = join(places.home, 'live.log');
  const log = openSync(logFile, 'w', 0o640);
  const words = process.argv.slice(2).filter((word) => word !== '--detach' && word !== '-d');
  const child = spawn(process.execPath, [join(places.root, 'netreel'), ...words],
    { detached: true, stdio: ['ignore', log, log], cwd: process.cwd() });
  closeSync(log);
  let ended = false;
  child.on('exit', () => { ended = true; });
  const deadlineMs = wallClock.nowMs() + UP_MS;
  for (;;) {
    const state = readState(places);
    // Its sockets listen by the time it says so.
    if (state?.pid === child.pid && await askControl(state!.control, { do: 'state' }) !== undefined) {
      child.unref();
      rmSync(logFile, { force: true });
      context.out(greeting(state!));
      return;
    }
    if (ended || wallClock.nowMs() > deadlineMs) {
      const words = readFileSync(logFile, 'utf8').trim().replace(/^netreel: /, '');
      if (!ended) child.kill('SIGKILL');
      throw new UserFault(EXIT.unreachable, words === '' ? 'the lab did not come up' : words);
    }
    await wallClock.sleep(LOOK_AGAIN_MS);
  }
}

function greeting({ hosts, run, pace }: LabState): string {
  const names = Object.keys(hosts);
  return `${names.length === 1 ? 'host' : 'hosts'} ${names.join(', ')} up at pace ${pace}, recorded as ${run}\n` +
    `  eval "$(./netreel env ${names[0]})" && docker ps\n`;
}

export async function envCommand(context: CommandContext, host: string): Promise<void> {
  const state = await mustFindLab(context.places, context.notice);
  context.out(`export DOCKER_HOST=${addressOf(state, host)}\n`);
}

export async function downCommand(context: CommandContext): Promise<void> {
  const state = await findLab(context.places, context.notice);
  if (state === undefined) return;
  await askControl(state.control, { do: 'down' });
  const deadlineMs = wallClock.nowMs() + UP_MS;
  while (readState(context.places)?.pid === state.pid) {
    if (wallClock.nowMs() > deadlineMs) throw new UserFault(EXIT.unreachable, `the lab (${state.pid}) does not end`);
    await wallClock.sleep(LOOK_AGAIN_MS);
  }
  context.out(`${state.run} is down; its history is kept\n`);
}

/** Fresh hosts behind the same sockets; what was lived so far is a run of its own. */
export async function resetCommand(context: CommandContext): Promise<void> {
  const state = await mustFindLab(context.places, context.notice);
  const answer = await askControl(state.control, { do: 'reset' });
  if (answer?.ok !== true) throw new UserFault(EXIT.unreachable, answer?.text ?? 'the lab went away');
}

export async function stepCommand(context: CommandContext, windows: number): Promise<void> {
  const state = await mustFindLab(context.places, context.notice);
  await askControl(state.control, { do: 'step', windows });
}

/** The built-in docker command line, typed on a host of the lab. */
export async function dockerCommand(context: CommandContext, host: string, words: readonly string[]): Promise<void> {
  const state = await mustFindLab(context.places, context.notice);
  const socket = addressOf(state, host).replace(/^unix:\/\//, '');
  context.exit(await runRemote(socket, state.apiVersion, words));
}

// RUN: a command in a container of the image so far.

import type { Operation } from '@netreel/sim';
import { createContainer } from '../container/create.js';
import { shortId } from '../container/lookup.js';
import { removeContainer } from '../container/remove.js';
import { startContainer } from '../container/start.js';
import { waitContainer } from '../container/wait.js';
import { containerTree } from '../file/spaces.js';
import type { ImageRow } from '../image/row.js';
import { isRefusal } from '../refusal.js';
import type { Build, Failed, StageState } from './build.js';
import { shellOf } from './config-step.js';
import type { Flaw, Instruction } from './parse.js';

export function* runStep(build: Build, state: StageState, { rest, json }: Instruction): Operation<Flaw | undefined> {
  const { core, request } = build;
  const { config, image } = state;
  if (image === undefined) return { flaw: 'No image was generated. Is your Dockerfile empty?' };
  const command = json ?? [...shellOf(config), rest];
  const args = argsOf(state);
  const line = [...(args.length === 0 ? [] : [`|${args.length}`, ...args]), ...command].join(' ');
  const found = build.known(state, config, line);
  if (found !== undefined) return void build.goOn(state, found);
  const created = createContainer(core, containerFor(build, state, image, command, args));
  if (isRefusal(created)) return { flaw: created.message };
  const { id } = created;
  build.say(` ---> Running in ${shortId(id)}\n`);
  const started = yield* startContainer(core, id);
  if (isRefusal(started)) {
    if (request.forceRemove) yield* removeContainer(core, id, true, true);
    return { flaw: started.message };
  }
  const ended = yield* waitContainer(core, id, 'not-running');
  for (const { stream, text } of core.tables.containers.get(id)?.output ?? []) {
    build.say(stream === 'stderr' ? `\u001b[91m${text}\u001b[0m` : text);
  }
  const exitCode = isRefusal(ended) ? 1 : ended.exitCode;
  if (exitCode !== 0) {
    if (request.forceRemove) yield* removeContainer(core, id, true, true);
    const failed: Failed = { code: exitCode,
      flaw: `The command '${command.join(' ')}' returned a non-zero code: ${exitCode}` };
    return failed;
  }
  if (request.remove) build.say(`Removing intermediate container ${shortId(id)}\n`);
  build.store(state, config, line, [...(args.length === 0 ? [] : [`|${args.length}`, ...args]), ...command], id,
    containerTree(id));
  if (request.remove) yield* removeContainer(core, id, true, true);
  return undefined;
}

const NO_CHECK = { intervalNs: 0, timeoutNs: 0, startPeriodNs: 0, retries: 0 } as const;

/** `NAME=value` of ARGs that no ENV hides, by name. */
function argsOf({ args, config }: StageState): readonly string[] {
  const hidden = new Set((config.Env ?? []).map((entry) => entry.slice(0, entry.indexOf('='))));
  return [...args].filter(([name]) => !hidden.has(name)).map(([name, value]) => `${name}=${value}`).sort();
}

function containerFor({ request }: Build, { config }: StageState, image: ImageRow, command: readonly string[],
  args: readonly string[]): Parameters<typeof createContainer>[1] {
  return {
    name: '', image: image.id, hostname: '', domainname: '', user: config.User, attachStdin: false, attachStdout: true,
    attachStderr: true, tty: false, openStdin: false, stdinOnce: false, env: args, cmd: command, entrypoint: [''],
    workingDir: config.WorkingDir, labels: {}, volumes: [], exposedPorts: [], stopSignal: '', stopTimeout: -1,
    macAddress: '', networks: new Map(), healthcheck: { ...NO_CHECK, test: ['NONE'] },
    host: { networkMode: request.networkMode === '' ? 'default' : request.networkMode, autoRemove: false,
      restartPolicy: { name: '', maximumRetryCount: 0 }, dns: [], dnsSearch: [], dnsOptions: [], extraHosts: [],
      links: [], portBindings: {}, publishAllPorts: false, privileged: false, sent: {} },
  };
}

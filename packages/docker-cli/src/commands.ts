// Every command there is.

import type { Command } from './command.js';
import { containerAttach } from './container/attach.js';
import { containerCreate } from './container/create.js';
import { containerExec } from './container/exec.js';
import {
  containerKill, containerPause, containerRemove, containerRename, containerRestart, containerStart, containerStop,
  containerUnpause, containerWait,
} from './container/lifecycle.js';
import { containerList } from './container/list.js';
import { containerPrune } from './container/prune.js';
import { containerPort } from './container/published.js';
import { containerRun } from './container/run.js';
import { containerUpdate } from './container/update.js';
import { containerLogs, containerTop } from './container/watch.js';
import { CONTAINER_FILES } from './container/files.js';
import { imageBuild } from './image/build.js';
import { imageList } from './image/list.js';
import { IMAGE_STORE } from './image/store.js';
import { imagePull } from './image/pull.js';
import { imagePrune, imageRemove } from './image/remove.js';
import { containerInspect, imageInspect, inspect, networkInspect, volumeInspect } from './inspect/commands.js';
import { networkConnect, networkDisconnect } from './network/connect.js';
import { networkCreate } from './network/create.js';
import { networkList } from './network/list.js';
import { networkPrune, networkRemove } from './network/remove.js';
import { nodeInspect } from './node/inspect.js';
import { nodeList } from './node/list.js';
import { nodeDemote, nodePromote, nodeRemove, nodeUpdate } from './node/update.js';
import { nodePs } from './node/tasks.js';
import { serviceCreate } from './service/create.js';
import { serviceInspect } from './service/inspect.js';
import { serviceList } from './service/list.js';
import { serviceRemove, serviceScale } from './service/remove.js';
import { servicePs } from './service/tasks.js';
import { serviceRollback, serviceUpdate } from './service/update.js';
import { stackList, stackPs, stackServices } from './stack/list.js';
import { stackRemove } from './stack/remove.js';
import { swarmInit, swarmJoin, swarmLeave } from './swarm/init.js';
import {
  swarmAuthority, swarmJoinToken, swarmUnlock, swarmUnlockKey, swarmUpdate,
} from './swarm/join-token.js';
import { SYSTEM_COMMANDS } from './system/commands.js';
import { volumeCreate, volumePrune, volumeRemove } from './volume/create.js';
import { volumeList } from './volume/list.js';

export const COMMANDS: readonly Command[] = [
  containerAttach, containerCreate, containerExec, containerInspect, containerKill, containerList, containerLogs,
  containerPause, containerPort, containerPrune, containerRemove, containerRename, containerRestart, containerRun,
  containerStart, containerStop, containerTop, containerUnpause, containerUpdate, containerWait, imageInspect,
  imageList, imagePrune, imagePull, imageRemove, inspect, networkConnect, networkCreate, networkDisconnect,
  networkInspect, networkList, networkPrune, networkRemove, nodeDemote, nodeInspect, nodeList, nodePromote, nodePs,
    nodeRemove,
  nodeUpdate, serviceCreate, serviceInspect, serviceList, servicePs, serviceRemove, serviceRollback, serviceScale,
  serviceUpdate,
  stackList, stackPs, stackRemove, stackServices, swarmAuthority, swarmInit,
  swarmJoin, swarmJoinToken, swarmLeave, swarmUnlock, swarmUnlockKey,
  swarmUpdate, volumeCreate, volumeInspect, volumeList, volumePrune, volumeRemove, imageBuild, ...CONTAINER_FILES,
  ...IMAGE_STORE, ...SYSTEM_COMMANDS,
];

/** The nouns and what they are for. */
export const NOUNS: ReadonlyMap<string, string> = new Map([
  ['container', 'Manage containers'], ['image', 'Manage images'], ['network', 'Manage networks'],
  ['node', 'Manage Swarm nodes'], ['service', 'Manage Swarm services'],
  ['stack', 'Manage Swarm stacks'], ['swarm', 'Manage Swarm'],
  ['system', 'Manage Docker'], ['volume', 'Manage volumes'],
]);

/** The command that some words name, and what it is called in messages. */
export function findCommand(path: string): { readonly command: Command; readonly title: string } | undefined {
  for (const command of COMMANDS) {
    const named = command.synonyms?.get(path) ?? path;
    if (command.paths.includes(named)) return { command, title: `docker ${named}` };
  }
  return undefined;
}

/** What `docker network` prints: the commands of a noun. */
export function nounPage(noun: string): string {
  const verbs = COMMANDS.flatMap((command) => command.paths.filter((path) => path.startsWith(`${noun} `))
    .map((path) => [path.slice(noun.length + 1), command.about] as const)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `Usage:  docker ${noun} COMMAND\n\n${NOUNS.get(noun)}\n\nCommands:\n${verbList(verbs)}\n`
    + `Run 'docker ${noun} COMMAND --help' for more information on a command.\n`;
}

const COMMON = ['run', 'exec', 'ps', 'pull', 'images', 'version', 'info'];

const GLOBAL_OPTIONS = `  -c, --context string     Name of the context to use to connect to the
                           daemon (overrides DOCKER_HOST env var and
                           default context set with "docker context use")
  -D, --debug              Enable debug mode
  -H, --host list          Daemon socket to connect to
  -l, --log-level string   Set the logging level ("debug", "info",
                           "warn", "error", "fatal") (default "info")
  -v, --version            Print version information and quit`;

/** What `docker` alone prints. */
export function mainPage(): string {
  const single = COMMANDS.flatMap((command) => command.paths.filter((path) => !path.includes(' '))
    .map((path) => [path, command.about] as const)).sort(([a], [b]) => (a < b ? -1 : 1));
  const common = COMMON.map((name) => single.find(([path]) => path === name)!);
  const other = single.filter(([path]) => !COMMON.includes(path));
  return 'Usage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers\n\n'
    + `Common Commands:\n${verbList(common)}\nManagement Commands:\n${verbList([...NOUNS])}\nCommands:\n` +
      `${verbList(other)}\n`
    + `Global Options:\n${GLOBAL_OPTIONS}\n\nRun 'docker COMMAND --help' for more information on a command.\n\n`
    + 'For more help on how to use Docker, head to https://docs.docker.com/go/guides/\n';
}

function verbList(verbs: ReadonlyArray<readonly [string, string]>): string {
  return verbs.map(([name, about]) => `  ${name.padEnd(12)}${about}\n`).join('');
}

import type { Json } from '@netreel/sim';
import { binarySize } from '../table/words.js';
import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { INSPECT_FORMAT } from '../flags/format.js';
import { dig, goJson, listOf, numberOf, recordOf, textOf } from '../json.js';
import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import { readTemplate } from '../template/render.js';
import { valueJson } from '../template/print.js';
import { typedValue } from '../template/shape.js';
import { INFO_TYPES } from './info-types.js';
import { CLIENT } from './version.js';

export const systemInfo: Command = {
  paths: ['system info', 'info'],
  usage: '[OPTIONS]',
  about: 'Display system-wide information',
  flags: flagTable(`
${INSPECT_FORMAT}`),
  words: none,
  *run({ flags, output }) {
    const format = flags.text('format');
    const template = format === '' || format === 'json' ? undefined : readTemplate(format);
    if (template !== undefined && 'flaw' in template) refuse(`template parsing error: ${template.flaw}`, 64);
    const { body } = yield* command('GET', '/info');
    const client = { Debug: false, Version: CLIENT.version, Context: 'default', Plugins: [], Warnings: null };
    const info = typedValue(INFO_TYPES, 'Info', { ...recordOf(body), ClientInfo: client });
    if (format === 'json') output.line(goJson(valueJson(info)));
    else if (template === undefined) writeInfo(output, body);
    else {
      const told = template.render(info);
      output.line('flaw' in told ? '' : told.text);
      if ('flaw' in told) refuse(told.flaw);
    }
    return 0;
  },
};

/** The page for people: a line is left out when the engine says nothing of it. */
function writeInfo(output: Output, body: Json): void {
  const text = (...names: readonly string[]): string => textOf(dig(body, ...names));
  const words = (...names: readonly string[]): string => listOf(dig(body, ...names)).map(textOf).join(' ');
  const count = (name: string): number => numberOf(dig(body, name));
  const some = (title: string, value: string): readonly string[] => (value === '' ? [] : [` ${title}: ${value}`]);
  const lines = [
    'Client:', ` Version:    ${CLIENT.version}`, ' Context:    default', ' Debug Mode: false', '', 'Server:',
    ` Containers: ${count('Containers')}`, `  Running: ${count('ContainersRunning')}`,
    `  Paused: ${count('ContainersPaused')}`,
    `  Stopped: ${count('ContainersStopped')}`, ` Images: ${count('Images')}`,
    ...some('Server Version', text('ServerVersion')), ...some('Storage Driver', text('Driver')),
    ...listOf(dig(body, 'DriverStatus')).map((pair) => `  ${listOf(pair).map(textOf).join(': ')}`),
    ...some('Logging Driver', text('LoggingDriver')), ...some('Cgroup Driver', text('CgroupDriver')),
    ...some('Cgroup Version', text('CgroupVersion')),
    ' Plugins:', `  Volume: ${words('Plugins', 'Volume')}`, `  Network: ${words('Plugins', 'Network')}`,
    `  Log: ${words('Plugins', 'Log')}`,
    ` Swarm: ${text('Swarm', 'LocalNodeState')}`, ...swarmLines(body),
    ...runtimeLines(body),
    ...some('Kernel Version', text('KernelVersion')), ...some('Operating System', text('OperatingSystem')),
    ...some('OSType', text('OSType')), ...some('Architecture', text('Architecture')),
    ` CPUs: ${count('NCPU')}`, ` Total Memory: ${binarySize(count('MemTotal'))}`,
    ...some('Name', text('Name')), ...some('ID', text('ID')), ` Docker Root Dir: ${text('DockerRootDir')}`,
    ` Debug Mode: ${dig(body, 'Debug') === true}`,
    ...block('Labels', listOf(dig(body, 'Labels')).map(textOf)),
    ` Experimental: ${dig(body, 'ExperimentalBuild') === true}`,
    ...registryLines(body),
    ` Live Restore Enabled: ${dig(body, 'LiveRestoreEnabled') === true}`, '',
  ];
  for (const line of lines) output.line(line);
  for (const warning of listOf(dig(body, 'Warnings'))) output.complain(textOf(warning));
}

function swarmLines(body: Json): readonly string[] {
  const swarm = dig(body, 'Swarm');
  const state = textOf(dig(swarm, 'LocalNodeState'));
  if (state === 'inactive' || state === 'locked' || state === '') return [];
  const manager = dig(swarm, 'ControlAvailable') === true;
  const problem = textOf(dig(swarm, 'Error'));
  const cluster = dig(swarm, 'Cluster');
  const clusterLines = manager && cluster !== undefined && cluster !== null
    ? [
      `  ClusterID: ${textOf(dig(cluster, 'ID'))}`, `  Managers: ${numberOf(dig(swarm, 'Managers'))}`,
      `  Nodes: ${numberOf(dig(swarm, 'Nodes'))}`,
    ]
    : [];
  const peers = listOf(dig(swarm, 'RemoteManagers')).map((peer) => textOf(dig(peer, 'Addr'))).sort();
  return [
    `  NodeID: ${textOf(dig(swarm, 'NodeID'))}`, ...(problem === '' ? [] : [`  Error: ${problem}`]),
    `  Is Manager: ${manager}`,
    ...clusterLines, `  Node Address: ${textOf(dig(swarm, 'NodeAddr'))}`,
    ...(peers.length === 0 ? [] : ['  Manager Addresses:', ...peers.map((peer) => `   ${peer}`)]),
  ];
}

function runtimeLines(body: Json): readonly string[] {
  const runtimes = Object.keys(recordOf(dig(body, 'Runtimes'))).sort();
  const security = listOf(dig(body, 'SecurityOptions')).flatMap((option) => textOf(option).split(',')).map((pair) => {
    const [key = '', value = key] = pair.split('=') as [string, string?];
    return key === 'profile' ? `   Profile: ${value}` : `  ${value}`;
  });
  const commit = (title: string, name: string): string => ` ${title} version: ${textOf(dig(body, name, 'ID'))}`;
  return [
    ...(runtimes.length === 0 ? [] : [
      ` Runtimes: ${runtimes.join(' ')}`, ` Default Runtime: ${textOf(dig(body, 'DefaultRuntime'))}`,
    ]),
    ...(textOf(dig(body, 'OSType')) !== 'linux' ? [] : [
      ` Init Binary: ${textOf(dig(body, 'InitBinary'))}`, commit('containerd', 'ContainerdCommit'),
      commit('runc', 'RuncCommit'), commit('init', 'InitCommit'),
      ...(security.length === 0 ? [] : [' Security Options:', ...security]),
    ]),
  ];
}

function registryLines(body: Json): readonly string[] {
  return block('Insecure Registries', listOf(dig(body, 'RegistryConfig', 'InsecureRegistryCIDRs')).map(textOf));
}

/** A title and what stands under it; nothing when nothing does. */
function block(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [` ${title}:`, ...lines.map((line) => `  ${line}`)];
}

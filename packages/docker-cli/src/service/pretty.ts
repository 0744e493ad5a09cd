// `docker service inspect --pretty`.

import type { Json } from '@netreel/sim';
import { dig, listOf, numberOf, recordOf, textOf, type JsonRecord } from '../json.js';

/** `networks`: names by id. */
export function prettyService(service: Json, networks: ReadonlyMap<string, string>): string {
  const spec = recordOf(dig(service, 'Spec'));
  const template = recordOf(spec['TaskTemplate']);
  const labels = Object.entries(recordOf(spec['Labels'])).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '', `ID:\t\t${textOf(dig(service, 'ID'))}`, `Name:\t\t${textOf(spec['Name'])}`,
    ...(labels.length === 0 ? [] : ['Labels:', ...labels.map(([key, value]) => ` ${key}=${String(value)}`)]),
    ...modeLines(recordOf(spec['Mode'])), ...progressLines(dig(service, 'UpdateStatus')),
    ...placementLines(recordOf(template['Placement'])),
    ...updateLines('UpdateConfig', 'Update', recordOf(spec['UpdateConfig'])),
    ...updateLines('RollbackConfig', 'Rollback', recordOf(spec['RollbackConfig'])),
    ...containerLines(recordOf(template['ContainerSpec'])), ...resourceLines(recordOf(template['Resources'])),
    ...networkLines(listOf(template['Networks']), networks),
    `Endpoint Mode:\t${textOf(dig(service, 'Endpoint', 'Spec', 'Mode')) || 'dnsrr'}`,
    ...portLines(listOf(dig(service, 'Endpoint', 'Ports'))), '', '',
  ].join('\n');
}

function modeLines(mode: JsonRecord): string[] {
  if (mode['Global'] !== undefined) return ['Service Mode:\tGlobal'];
  if (mode['Replicated'] === undefined) return [`Service Mode:\t${Object.keys(mode)[0] ?? ''}`];
  return ['Service Mode:\tReplicated', ` Replicas:\t${numberOf(dig(mode, 'Replicated', 'Replicas'))}`];
}

function progressLines(status: Json | undefined): string[] {
  if (status === undefined || status === null) return [];
  const line = (title: string, key: string): string[] => (textOf(dig(status, key)) === '' ? []
    : [` ${title}${textOf(dig(status, key))}`]);
  return ['UpdateStatus:', ...line('State:\t\t', 'State'), ...line('Started:\t', 'StartedAt'),
    ...line('Completed:\t', 'CompletedAt'), ...line('Message:\t', 'Message')];
}

function placementLines(placement: JsonRecord): string[] {
  const constraints = listOf(placement['Constraints']).map(textOf);
  const spread = listOf(placement['Preferences']).map((each) => textOf(dig(each, 'Spread', 'SpreadDescriptor')));
  const most = numberOf(placement['MaxReplicas']);
  return ['Placement:', ...(constraints.length === 0 ? [] : [` Constraints:\t[${constraints.join(' ')}]`]),
    ...(spread.length === 0 ? [] : [` Preferences:\t${spread.map((text) => `[spread over ${text}]`).join(' ')}`]),
    ...(most === 0 ? [] : [` Max Replicas Per Node:   ${most}`])];
}

function updateLines(title: string, word: string, config: JsonRecord): string[] {
  if (Object.keys(config).length === 0) return [];
  const delay = numberOf(config['Delay']);
  return [`${title}:`, ` Parallelism:\t${numberOf(config['Parallelism'])}`,
    ...(delay === 0 ? [] : [` Delay:\t\t${delay / 1_000_000_000}s`]),
    ` On failure:\t${textOf(config['FailureAction'])}`,
    ` Monitoring Period: ${Math.floor(numberOf(config['Monitor']) / 1_000_000_000)}s`,
    ` Max failure ratio: ${numberOf(config['MaxFailureRatio'])}`,
    ` ${`${word} order:`.padEnd(19)}${textOf(config['Order'])}`];
}

function containerLines(container: JsonRecord): string[] {
  const texts = (key: string): string => listOf(container[key]).map(textOf).join(' ');
  const some = (title: string, text: string): string[] => (text === '' ? [] : [` ${title}${text}`]);
  return ['ContainerSpec:', ` Image:\t\t${textOf(container['Image'])}`, ...some('Args:\t\t', texts('Args')),
    ...some('Env:\t\t', texts('Env')), ...some('Dir\t\t', textOf(container['Dir'])),
    ...some('User: ', textOf(container['User'])),
    ...(container['Init'] === undefined ? [] : [` Init:\t\t${String(container['Init'])}`])];
}

function resourceLines(resources: JsonRecord): string[] {
  const part = (title: string, key: string): string[] => {
    const cpus = numberOf(dig(resources, key, 'NanoCPUs'));
    const memory = numberOf(dig(resources, key, 'MemoryBytes'));
    return cpus === 0 && memory === 0 ? [] : [` ${title}:`, ...(cpus === 0 ? [] : [`  CPU:\t\t${cpus / 1e9}`]),
      ...(memory === 0 ? [] : [`  Memory:\t${Number((memory / 1_048_576).toPrecision(4))}MiB`])];
  };
  return ['Resources:', ...part('Reservations', 'Reservations'), ...part('Limits', 'Limits')];
}

function networkLines(networks: readonly Json[], names: ReadonlyMap<string, string>): string[] {
  if (networks.length === 0) return [];
  return [`Networks: ${networks.map((each) => {
    const target = textOf(dig(each, 'Target'));
    return names.get(target) ?? target;
  }).join(' ')} `];
}

function portLines(ports: readonly Json[]): string[] {
  if (ports.length === 0) return [];
  return ['Ports:', ...ports.flatMap((port) => [` PublishedPort = ${numberOf(dig(port, 'PublishedPort'))}`,
    `  Protocol = ${textOf(dig(port, 'Protocol'))}`, `  TargetPort = ${numberOf(dig(port, 'TargetPort'))}`,
    `  PublishMode = ${textOf(dig(port, 'PublishMode'))}`])];
}

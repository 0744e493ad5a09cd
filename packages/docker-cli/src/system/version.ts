import type { Json } from '@netreel/sim';
import { apiVersion } from '../api-version.js';
import { type Command, none } from '../command.js';
import { command } from '../daemon.js';
import { flagTable } from '../flags/declare.js';
import { INSPECT_FORMAT } from '../flags/format.js';
import { dig, goJson, jsonRecord, type JsonRecord, listOf, recordOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import { buildTimeText } from '../table/calendar.js';
import { setColumns } from '../table/columns.js';
import type { CliContext } from '../step.js';
import { readTemplate } from '../template/render.js';
import { readShapes, typedValue } from '../template/shape.js';

/** The client whose words this package speaks. */
export const CLIENT = {
  version: '28.2.2', api: '1.50', commit: 'e6534b4', go: 'go1.24.3', built: 'Fri May 30 12:07:14 2025',
  os: 'linux', arch: 'amd64',
} as const;

const SHAPES = readShapes(`
Versions system.versionInfo
  Client ClientVersion
  Server *ServerVersion
ClientVersion system.clientVersion
  Platform *Platform ?
  Version string ?
  APIVersion string ApiVersion ?
  DefaultAPIVersion string ?
  GitCommit string ?
  GoVersion string ?
  Os string ?
  Arch string ?
  BuildTime string ?
  Context string
ServerVersion types.Version
  Platform Platform
  Components []Component ?
  Version string
  APIVersion string ApiVersion
  MinAPIVersion string ?
  GitCommit string
  GoVersion string
  Os string
  Arch string
  KernelVersion string ?
  Experimental bool ?
  BuildTime string ?
Platform
  Name string
Component types.ComponentVersion
  Name string
  Version string
  Details map[string] ?
`);

const FORMAT_HELP = `
${INSPECT_FORMAT}`;

const PAGE_COLUMNS = { narrowest: 20, padding: 1 };

export const systemVersion: Command = {
  paths: ['version'],
  usage: '[OPTIONS]',
  about: 'Show the Docker version information',
  flags: flagTable(FORMAT_HELP),
  words: none,
  *run({ flags, context, output }) {
    const format = flags.text('format');
    const template = format === '' || format === 'json' ? undefined : readTemplate(format, 'version');
    if (template !== undefined && 'flaw' in template) refuse(`template parsing error: ${template.flaw}`, 64);
    const { body } = yield* command('GET', '/version');
    const versions: JsonRecord = { Client: clientVersion(context), Server: withReadableTimes(body) };
    if (format === 'json') output.line(goJson(versions));
    else if (template === undefined) output.write('stdout', setColumns(versionText(versions), PAGE_COLUMNS));
    else {
      const told = template.render(typedValue(SHAPES, 'Versions', versions));
      output.line('flaw' in told ? '' : told.text);
      if ('flaw' in told) refuse(told.flaw);
    }
    return 0;
  },
};

function clientVersion(context: CliContext): JsonRecord {
  return {
    Version: CLIENT.version, ApiVersion: apiVersion(context), DefaultAPIVersion: CLIENT.api, GitCommit: CLIENT.commit,
    GoVersion: CLIENT.go, Os: CLIENT.os, Arch: CLIENT.arch, BuildTime: CLIENT.built, Context: 'default',
  };
}

/** The components' build times as people read them; the engine's own stays as it was sent. */
function withReadableTimes(server: Json): JsonRecord {
  const readable = (record: JsonRecord): JsonRecord => {
    const time = textOf(record['BuildTime']);
    return time === '' ? record : { ...record, BuildTime: readableTime(time) };
  };
  const Components = listOf(dig(server, 'Components'))
    .map((component) => ({ ...recordOf(component), Details: readable(recordOf(dig(component, 'Details'))) }));
  return { ...recordOf(server), ...(Components.length === 0 ? {} : { Components }) };
}

function readableTime(text: string): string {
  return buildTimeText(text) ?? text;
}

function versionText(versions: JsonRecord): string {
  const client = (name: string): string => textOf(dig(versions, 'Client', name));
  const downgraded = client('ApiVersion') === CLIENT.api ? '' : ` (downgraded from ${CLIENT.api})`;
  const platform = textOf(dig(versions, 'Server', 'Platform', 'Name'));
  const lines = [
    'Client:', ` Version:\t${client('Version')}`, ` API version:\t${client('ApiVersion')}${downgraded}`,
    ` Go version:\t${client('GoVersion')}`, ` Git commit:\t${client('GitCommit')}`, ` Built:\t${client('BuildTime')}`,
    ` OS/Arch:\t${client('Os')}/${client('Arch')}`, ` Context:\t${client('Context')}`, '',
    `Server:${platform === '' ? '' : ` ${platform}`}`,
    ...components(versions).flatMap(componentLines),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** An engine that lists no components is one itself. */
function components(versions: JsonRecord): readonly Json[] {
  const listed = listOf(dig(versions, 'Server', 'Components'));
  if (listed.length > 0) return listed;
  const server = recordOf(versions['Server']);
  const names = ['ApiVersion', 'MinAPIVersion', 'GoVersion', 'GitCommit', 'Os', 'Arch'];
  const Details = jsonRecord([...names.map((name) => [name, textOf(server[name])] as const),
    ['BuildTime', readableTime(textOf(server['BuildTime']))],
    ['Experimental', String(server['Experimental'] === true)]]);
  return [{ Name: 'Engine', Version: textOf(server['Version']), Details }];
}

function componentLines(component: Json): readonly string[] {
  const detail = (name: string): string => textOf(dig(component, 'Details', name));
  const name = textOf(dig(component, 'Name'));
  const head = [` ${name}:`, `  Version:\t${textOf(dig(component, 'Version'))}`];
  if (name !== 'Engine') {
    const keys = Object.keys(recordOf(dig(component, 'Details'))).sort();
    return [...head, ...keys.map((key) => `  ${key}:\t${detail(key)}`)];
  }
  return [
    ...head, `  API version:\t${detail('ApiVersion')} (minimum version ${detail('MinAPIVersion')})`,
    `  Go version:\t${detail('GoVersion')}`, `  Git commit:\t${detail('GitCommit')}`,
    `  Built:\t${detail('BuildTime')}`, `  OS/Arch:\t${detail('Os')}/${detail('Arch')}`,
    `  Experimental:\t${detail('Experimental')}`,
  ];
}

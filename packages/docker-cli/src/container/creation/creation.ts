// The body of POST /containers/create from the flags of `docker run`.

import type { Json } from '@netreel/sim';
import { type Flags, pairsOf } from '../../flags/flags.js';
import { jsonRecord, type JsonRecord } from '../../json.js';
import { refuse } from '../../refusal.js';
import { hostConfig } from './host-config.js';
import { isMacAddress, readNetworking } from './networking.js';
import { readPorts } from './ports.js';

/** What `docker run` and `docker create` send, and what run must remember of it. */
export interface Creation {
  readonly body: JsonRecord;
  readonly image: string;
  readonly autoRemove: boolean;
  readonly tty: boolean;
  readonly attach: Attachments;
  readonly dns: readonly string[];
  readonly macs: boolean;
}

export interface Attachments {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The request, or a refusal in the client's own words. */
export function creation(flags: Flags, words: readonly string[], detached: boolean): Creation {
  const [image = '', ...typedCommand] = words;
  if (flags.text('mac-address') !== '' && !isMacAddress(flags.text('mac-address'))) {
    refuse(`${flags.text('mac-address')} is not a valid mac address`);
  }
  const swappiness = flags.integer('memory-swappiness');
  if (swappiness < -1
    || swappiness > 100) refuse(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);
  const { binds, volumes } = readVolumes(flags.list('volume'));
  const ports = readPorts(flags.list('publish'), flags.list('expose'));
  const env = readEnvironment(flags);
  const labels = readLabels(flags);
  const host = hostConfig(flags, ports, binds);
  const healthcheck = readHealthcheck(flags);
  if (flags.bool('rm') && !['no', ''].includes(flags.text('restart'))) {
    refuse('conflicting options: cannot specify both --restart and --rm');
  }
  const networking = readNetworking(flags);
  const attach = attachments(flags, detached);
  const entrypoint = flags.changed('entrypoint') ? [flags.text('entrypoint')] : null;
  const exposed = ports.exposed as JsonRecord;
  const body: JsonRecord = {
    Hostname: flags.text('hostname'), Domainname: flags.text('domainname'), User: flags.text('user'),
    AttachStdin: attach.stdin, AttachStdout: attach.stdout, AttachStderr: attach.stderr,
    ...(Object.keys(exposed).length === 0 ? {} : { ExposedPorts: exposed }),
    Tty: flags.bool('tty'), OpenStdin: flags.bool('interactive'), StdinOnce: flags.bool('interactive') && attach.stdin,
    Env: env.length === 0 ? null : env,
    Cmd: typedCommand.length === 0 ? null : typedCommand,
    ...(healthcheck === undefined ? {} : { Healthcheck: healthcheck }),
    Image: image, Volumes: volumes, WorkingDir: flags.text('workdir'), Entrypoint: entrypoint,
    ...(networking.mac === '' ? {} : { MacAddress: networking.mac }),
    OnBuild: null, Labels: labels,
    ...(flags.text('stop-signal') === '' ? {} : { StopSignal: flags.text('stop-signal') }),
    ...(flags.changed('stop-timeout') ? { StopTimeout: flags.integer('stop-timeout') } : {}),
    HostConfig: { ...host, NetworkMode: networking.mode },
    NetworkingConfig: { EndpointsConfig: networking.endpoints },
  };
  return {
    body, image, autoRemove: flags.bool('rm'), tty: flags.bool('tty'), attach, dns: flags.list('dns'),
      macs: networking.macs,
  };
}

/** Which streams the client stays attached to. */
function attachments(flags: Flags, detached: boolean): Attachments {
  if (detached) return { stdin: false, stdout: false, stderr: false };
  const typed = flags.list('attach');
  return {
    stdin: typed.includes('stdin') || flags.bool('interactive'),
    stdout: typed.length === 0 || typed.includes('stdout'),
    stderr: typed.length === 0 || typed.includes('stderr'),
  };
}

/** `-v SOURCE:TARGET` is a bind; `-v TARGET` alone an anonymous volume. */
function readVolumes(typed: readonly string[]): { binds: readonly string[]; volumes: Json } {
  const unique = [...new Set(typed)];
  if (unique.includes('')) refuse('invalid empty volume spec');
  return {
    binds: unique.filter((each) => each.includes(':')),
    volumes: jsonRecord(unique.filter((each) => !each.includes(':')).sort().map((each) => [each, {}])),
  };
}

/** The environment; a later value of the same name takes the place of an earlier one. */
export function readEnvironment(flags: Flags): readonly string[] {
  const [file] = flags.list('env-file');
  if (file !== undefined) refuse(`open ${file}: no such file or directory`);
  return [...new Map(flags.list('env').map((each) => [each.split('=')[0]!, each])).values()];
}

function readLabels(flags: Flags): Json {
  const [file] = flags.list('label-file');
  if (file !== undefined) refuse(`open ${file}: no such file or directory`);
  return jsonRecord(pairsOf(flags.list('label')));
}

const HEALTH_TIMES = ['health-interval', 'health-timeout', 'health-start-period', 'health-start-interval'] as const;

function readHealthcheck(flags: Flags): Json | undefined {
  const times = HEALTH_TIMES.map((name) => [name, flags.changed(name) ? flags.integer(name) : 0] as const);
  const retries = flags.integer('health-retries');
  const any = flags.text('health-cmd') !== '' || retries !== 0 || times.some(([, time]) => time !== 0);
  if (flags.bool('no-healthcheck')) {
    if (any) refuse('--no-healthcheck conflicts with --health-* options');
    return { Test: ['NONE'] };
  }
  if (!any) return undefined;
  for (const [name, time] of [...times.slice(0, 2), ['health-retries', retries] as const, ...times.slice(2)]) {
    if (time < 0) refuse(`--${name} cannot be negative`);
  }
  const names = ['Interval', 'Timeout', 'StartPeriod', 'StartInterval'];
  return {
    ...(flags.text('health-cmd') === '' ? {} : { Test: ['CMD-SHELL', flags.text('health-cmd')] }),
    ...Object.fromEntries(times.flatMap(([, time], index) => (time === 0 ? [] : [[names[index]!, time]]))),
    ...(retries === 0 ? {} : { Retries: retries }),
  };
}

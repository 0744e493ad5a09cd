// What an engine refuses of a container's settings before it looks for the image, and after.

import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { EngineTables } from '../tables.js';
import { numberIn } from './limits.js';
import { findContainer } from './lookup.js';
import type { ContainerSpec, RestartPolicy } from './spec.js';
import { signalName } from './stop.js';

const CAPABILITIES = new Set(`
  CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE
  NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE
  SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL
  SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`
  .trim().split(/\s+/));
const LOG_DRIVERS = ['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'json-file', 'local', 'logentries', 'none',
  'splunk', 'syslog'];
const JSON_FILE_OPTIONS = ['max-file', 'max-size', 'compress', 'labels', 'labels-regex', 'env', 'env-regex', 'tag'];
const RUNTIMES = ['', 'runc', 'io.containerd.runc.v2', 'io.containerd.runtime.v1.linux'];

type Settings = Pick<ContainerSpec, 'workingDir' | 'env' | 'host' | 'stopSignal'>;

const invalid = (text: string): Refusal => refuse('InvalidParameter', text);

/** The checks that need no image. */
export function checkSettings({ workingDir, env, host }: Settings): Refusal | undefined {
  const { sent } = host;
  if (workingDir !== '' && !workingDir.startsWith('/')) {
    return invalid(`the working directory '${workingDir}' is invalid, it needs to be an absolute path`);
  }
  const odd = env.find((entry) => entry === '' || entry.startsWith('='));
  if (odd !== undefined) return invalid(`invalid environment variable: ${odd}`);
  if (host.autoRemove && !['', 'no'].includes(host.restartPolicy.name)) {
    return invalid("can't create 'AutoRemove' container with restart policy");
  }
  const unknown = ['CapAdd', 'CapDrop'].flatMap((key) => textsIn(sent[key]).map((name) => ({ key, name })))
    .find(({ name }) => name !== 'ALL' && !CAPABILITIES.has(capability(name)));
  const isolation = sent['Isolation'];
  return checkRestartPolicy(host.restartPolicy) ??
    (unknown && invalid(`invalid ${unknown.key}: unknown capability: "CAP_${capability(unknown.name)}"`)) ??
    (typeof isolation === 'string' && !['', 'default'].includes(isolation.toLowerCase())
      ? invalid(`Invalid isolation: ${JSON.stringify(isolation)} - linux only supports 'default'`) : undefined) ??
    checkPlatform(host);
}

function checkPlatform({ sent }: Settings['host']): Refusal | undefined {
  if (numberIn(sent, 'ShmSize') < 0) return invalid('SHM size can not be less than 0');
  const score = numberIn(sent, 'OomScoreAdj');
  if (score < -1000 || score > 1000) {
    return invalid(`Invalid value ${score}, range for oom score adj is [-1000, 1000]`);
  }
  const runtime = sent['Runtime'];
  if (typeof runtime === 'string' && !RUNTIMES.includes(runtime)) {
    return invalid(`Unknown runtime specified ${runtime}`);
  }
  const relative = Object.keys(tableIn(sent['Tmpfs'])).find((path) => !path.startsWith('/'));
  return relative === undefined ? undefined
    : invalid(`invalid mount path: '${relative}' mount path must be absolute`);
}

/** The checks that come once the image is known. */
export function checkMore(tables: EngineTables, { host, stopSignal }: Settings): Refusal | undefined {
  const { sent } = host;
  const log = tableIn(sent['LogConfig']);
  const driver = typeof log['Type'] === 'string' ? log['Type'] : '';
  const option = Object.keys(tableIn(log['Config'])).find((name) => !JSON_FILE_OPTIONS.includes(name));
  const security = textsIn(sent['SecurityOpt']).find((each) => !isSecurityOption(each));
  if (security !== undefined) return invalid(`invalid --security-opt 2: ${JSON.stringify(security)}`);
  if (driver !== '' && !LOG_DRIVERS.includes(driver)) {
    return invalid(`error looking up logging plugin ${driver}: plugin "${driver}" not found`);
  }
  if (option !== undefined && (driver === '' || driver === 'json-file')) {
    return invalid(`unknown log opt '${option}' for json-file log driver`);
  }
  if (stopSignal !== '' && signalName(stopSignal) === undefined) return invalid(`Invalid signal: ${stopSignal}`);
  if (Object.keys(tableIn(sent['StorageOpt'])).length > 0) {
    return refuse('System', "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
  }
  const givers = textsIn(sent['VolumesFrom']).map((text) => `container:${text.split(':')[0]!}`);
  return [sent['IpcMode'], sent['PidMode'], ...givers].map((mode) => fellowFlaw(tables, mode))
    .find((refusal) => refusal !== undefined);
}

/** `container:NAME` needs the container. Not a 404: clients take that for a missing image, and pull. */
function fellowFlaw(tables: EngineTables, mode: unknown): Refusal | undefined {
  if (typeof mode !== 'string' || !mode.startsWith('container:')) return undefined;
  const found = findContainer(tables, mode.slice('container:'.length));
  return isRefusal(found) ? invalid(found.message) : undefined;
}

function isSecurityOption(option: string): boolean {
  return option === 'no-new-privileges' || option === 'writable-cgroups' ||
    /^(label|apparmor|seccomp|no-new-privileges)[=:]/.test(option);
}

/** What Docker refuses of a restart policy. */
export function checkRestartPolicy({ name, maximumRetryCount }: RestartPolicy): Refusal | undefined {
  if (['always', 'unless-stopped', 'no'].includes(name)) {
    return maximumRetryCount === 0 ? undefined
      : invalid(`maximum retry count cannot be used with restart policy '${name}'`);
  }
  if (name === 'on-failure') {
    return maximumRetryCount >= 0 ? undefined : invalid('maximum retry count cannot be negative');
  }
  return name === '' ? undefined : invalid(`invalid restart policy '${name}'`);
}

function capability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '');
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function tableIn(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? value as { readonly [key: string]: unknown } : {};
}

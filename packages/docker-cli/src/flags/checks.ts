// What single flags accept; a value comes back as it is sent.

import { readAddress } from '../network/address.js';
import { refuse } from '../refusal.js';
import { goQuote } from '../template/number.js';
import type { FlagCheck } from './declare.js';

/** `--dns`: an address, whose host part must be numeric. */
export const ipAddress: FlagCheck = (value) =>
  (readAddress(value.trim()) === undefined ? refuse(`IP address is not correctly formatted: ${value}`) : value.trim());

export const dnsSearchDomain: FlagCheck = (value) => {
  const domain = value.trim();
  if (domain === '.') return domain;
  const labels = domain.replace(/\.$/, '').split('.');
  const valid = labels.every((each) => /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(each));
  return valid && /[a-zA-Z]/.test(domain) && domain.length < 255 ? domain : refuse(`${domain} is not a valid domain`);
};

/** `--add-host NAME:ADDRESS` or `NAME=ADDRESS`; the engine gets it with a colon. */
export const extraHost: FlagCheck = (value) => {
  const at = value.search(/[=:]/);
  const name = value.slice(0, at);
  if (at <= 0) return refuse(`bad format for add-host: ${goQuote(value)}`);
  const address = value.slice(at + 1).replace(/^\[(.*)\]$/, '$1');
  if (address !== 'host-gateway' && readAddress(address) === undefined) {
    return refuse(`invalid IP address in add-host: ${goQuote(address)}`);
  }
  return `${name}:${address}`;
};

/** `-l KEY=VALUE`. */
export const label: FlagCheck = (value) => (value.startsWith('=') || value === ''
  ? refuse(`invalid label '${value}': empty name`) : value);

/** `-e NAME=VALUE`; a name alone takes its value from the client's environment, if it has one there. */
export const environment: FlagCheck = (value, env) => {
  if (value.startsWith('=') || value === '') return refuse(`invalid environment variable: ${value}`);
  if (value.includes('=')) return value;
  const known = env.get(value);
  return known === undefined ? value : `${value}=${known}`;
};

export const attachStream: FlagCheck = (value) => {
  const stream = value.toLowerCase();
  return ['stdin', 'stdout', 'stderr'].includes(stream) ? stream : refuse('valid streams are STDIN, STDOUT and STDERR');
};

/** `--link NAME[:ALIAS]`. */
export const link: FlagCheck = (value) => {
  const parts = value.split(':');
  if (value === '') return refuse('empty string specified for links');
  return parts.length > 2 ? refuse(`bad format for links: ${value}`) : value;
};

const SYSCTLS =
  new Set(['kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.sem', 'kernel.shmall', 'kernel.shmmax',
  'kernel.shmmni', 'kernel.shm_rmid_forced']);

export const sysctl: FlagCheck = (value) => {
  const name = value.split('=')[0]!;
  const known = SYSCTLS.has(name) || name.startsWith('net.') || name.startsWith('fs.mqueue.');
  return known && value.includes('=') ? value : refuse(`sysctl '${value}' is not allowed`);
};

/** `--gpus all`, or how many. */
export const gpuRequest: FlagCheck = (value) => {
  if (value === 'all' || /^\d+$/.test(value)) return value;
  if (value.includes('=')) return refuse(`unexpected key '${value.split('=')[0]}' in '${value}'`);
  return refuse(`invalid count (${value}): value must be either "all" or an integer: invalid syntax`);
};

const LIMITS = new Set([
  'core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc', 'rss', 'rtprio', 'rttime',
  'sigpending', 'stack',
]);

/** `--ulimit NAME=SOFT[:HARD]`. */
export const resourceLimit: FlagCheck = (value) => {
  const at = value.indexOf('=');
  if (at < 0) return refuse(`invalid ulimit argument: ${value}`);
  const [name, text] = [value.slice(0, at), value.slice(at + 1)];
  if (!LIMITS.has(name)) return refuse(`invalid ulimit type: ${name}`);
  const parts = text.split(':');
  if (parts.length > 2) {
    return refuse(`too many limit value arguments - ${text}, can only have up to two, \`soft[:hard]\``);
  }
  const odd = parts.find((part) => !/^[+-]?\d+$/.test(part));
  if (odd !== undefined) return refuse(`strconv.ParseInt: parsing ${goQuote(odd)}: invalid syntax`);
  const [soft, hard] = [Number(parts[0]), Number(parts[1] ?? parts[0])];
  if (hard < 0 || soft <= hard) return value;
  return refuse(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`);
};

/** `PATH:VALUE` about a device of the host. */
function deviceValue(value: string): string {
  const [path = '', ...rest] = value.split(':');
  if (path === '' || rest.length === 0) return refuse(`bad format: ${value}`);
  if (!path.startsWith('/dev/')) return refuse(`bad format for device path: ${value}`);
  return rest.join(':');
}

export const deviceWeight: FlagCheck = (value) => {
  const weight = deviceValue(value);
  if (!/^\d+$/.test(weight) || (Number(weight) !== 0 && (Number(weight) < 10 || Number(weight) > 1000))) {
    return refuse(`invalid weight for device: ${value}`);
  }
  return value;
};

export const deviceBytes: FlagCheck = (value) => {
  if (/^\d+(\.\d+)?\s?([kmgtp]?(b|ib)?)?$/i.test(deviceValue(value))) return value;
  return refuse(`invalid rate for device: ${value}. The correct format is <device-path>:<number>[<unit>]. Number ` +
    'must be a positive integer. Unit is optional and can be kb, mb, or gb');
};

export const deviceOperations: FlagCheck = (value) => {
  if (/^\d+$/.test(deviceValue(value))) return value;
  return refuse(`invalid rate for device: ${value}. The correct format is <device-path>:<number>. Number must be a ` +
    'positive integer');
};

export const deviceRule: FlagCheck = (value) =>
  (/^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$/.test(value) ? value
    : refuse(`invalid device cgroup format '${value}'`));

// `--network` and the flags that describe the container's place on it.

import type { Json } from '@netreel/sim';
import type { FlagCheck } from '../../flags/declare.js';
import { type Flags, pairsOf } from '../../flags/flags.js';
import { readValue } from '../../flags/value.js';
import { jsonRecord } from '../../json.js';
import { endpointAddresses, endpointSettings } from '../../network/endpoint.js';
import { refuse } from '../../refusal.js';
import { parseGoInteger } from '../../template/number.js';

interface Attachment {
  readonly target: string;
  aliases: readonly string[];
  links: readonly string[];
  ipv4: string;
  ipv6: string;
  mac: string;
  linkLocal: readonly string[];
  driverOptions: readonly string[];
  priority: number;
}

export interface TypedNetworking {
  /** HostConfig.NetworkMode. */
  readonly mode: string;
  /** NetworkingConfig.EndpointsConfig. */
  readonly endpoints: Json;
  /** A MAC address for one network, of which engines before API 1.44 know nothing. */
  readonly macs: boolean;
  /** That of the first network: Config.MacAddress. */
  readonly mac: string;
}

/** Reads the network flags of `docker run`. */
export function readNetworking(flags: Flags): TypedNetworking {
  const attachments = flags.list('network').map(readAttachment);
  const mode = attachments[0]?.target ?? 'default';
  if (attachments.length === 0) {
    const unnamed = applyOldFlags(blank('default'), flags);
    return { mode, endpoints: { default: endpointOf(unnamed) }, macs: unnamed.mac !== '', mac: unnamed.mac };
  }
  const endpoints = new Map<string, Json>();
  for (const [index, attachment] of attachments.entries()) {
    if (index === 0) applyOldFlags(attachment, flags);
    const endpoint = endpointOf(attachment);
    if (endpoints.has(attachment.target)) refuse(`network "${attachment.target}" is specified multiple times`);
    if (attachments.length === 1 && saysNothing(attachment)) continue;
    endpoints.set(attachment.target, endpoint);
  }
  const targets = attachments.map((each) => each.target);
  if (targets.some(isUserDefined) && !targets.every(isUserDefined)) {
    refuse('conflicting options: cannot attach both user-defined and non-user-defined network-modes');
  }
  return {
    mode, endpoints: jsonRecord(endpoints), macs: attachments.some((each) => each.mac !== ''), mac: attachments[0]!.mac,
  };
}

/** Whether the mode names a network that somebody made. */
export function isUserDefined(mode: string): boolean {
  return !['default', 'bridge', 'host', 'none'].includes(mode) && !mode.startsWith('container:');
}

function blank(target: string): Attachment {
  return { target, aliases: [], links: [], ipv4: '', ipv6: '', mac: '', linkLocal: [], driverOptions: [], priority: 0 };
}

/** Looks at a `--network` when it is typed. */
export const networkAttachment: FlagCheck = (value) => {
  readAttachment(value);
  return value;
};

/** `NAME`, or `name=NAME,alias=a,ip=...`. */
function readAttachment(text: string): Attachment {
  if (!/\w+=\w+/.test(text)) return blank(text);
  const fields = readValue('strings', text).map((field) => {
    const at = field.indexOf('=');
    if (at < 0) refuse(`invalid field ${field}`);
    return [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()] as const;
  });
  const all = (name: string): readonly string[] => fields.filter(([key]) => key === name).map(([, value]) => value);
  const last = (name: string): string => all(name).at(-1) ?? '';
  const known = ['name', 'alias', 'link', 'ip', 'ip6', 'mac-address', 'link-local-ip', 'driver-opt', 'gw-priority'];
  const stranger = fields.find(([key]) => !known.includes(key));
  if (stranger !== undefined) refuse(`invalid field key ${stranger[0]}`);
  if (last('name') === '') refuse('network name/id is not specified');
  const priority = last('gw-priority');
  if (priority !== '' && parseGoInteger(priority) === undefined) {
    refuse(`invalid gw-priority (${priority}): invalid syntax`);
  }
  return {
    target: last('name'), aliases: all('alias').map((each) => each.toLowerCase()), links: all('link'), ipv4: last('ip'),
    ipv6: last('ip6'), mac: last('mac-address'), linkLocal: all('link-local-ip'), driverOptions: all('driver-opt'),
    priority: Number(priority),
  };
}

/** The flags from before `--network` took fields describe the first network. */
function applyOldFlags(attachment: Attachment, flags: Flags): Attachment {
  const conflict = (old: string, field: string): never =>
    refuse(`conflicting options: cannot specify both --${old} and per-network ${field}`);
  const takeList = (old: string, mine: readonly string[], field: string): readonly string[] => {
    if (mine.length > 0 && flags.changed(old)) conflict(old, field);
    return flags.changed(old) ? flags.list(old) : mine;
  };
  const takeText = (old: string, mine: string, field: string): string => {
    if (mine !== '' && flags.text(old) !== '') conflict(old, field);
    return flags.text(old) === '' ? mine : flags.text(old);
  };
  attachment.aliases = takeList('network-alias', attachment.aliases, 'alias');
  const links = takeList('link', attachment.links, 'links');
  if (isUserDefined(attachment.target)) attachment.links = links;
  attachment.ipv4 = takeText('ip', attachment.ipv4, 'IPv4 address');
  attachment.ipv6 = takeText('ip6', attachment.ipv6, 'IPv6 address');
  attachment.mac = takeText('mac-address', attachment.mac, 'MAC address');
  attachment.linkLocal = takeList('link-local-ip', attachment.linkLocal, 'link-local IP addresses');
  return attachment;
}

function endpointOf(attachment: Attachment): Json {
  if (attachment.target.trim() === '') refuse('no name set for network');
  if (!isUserDefined(attachment.target)) {
    if (attachment.aliases.length > 0) refuse('network-scoped aliases are only supported for user-defined networks');
    if (attachment.links.length > 0) refuse('links are only supported for user-defined networks');
  }
  const addresses = endpointAddresses(attachment.ipv4, attachment.ipv6, attachment.linkLocal);
  if (attachment.mac !== '' && !isMacAddress(attachment.mac)) refuse(`${attachment.mac} is not a valid mac address`);
  return endpointSettings({
    ipam: Object.keys(addresses).length === 0 ? null : addresses,
    links: attachment.links.length === 0 ? null : attachment.links,
    aliases: attachment.aliases.length === 0 ? null : attachment.aliases,
    driverOptions: attachment.driverOptions.length === 0 ? null : jsonRecord(pairsOf(attachment.driverOptions)),
    macAddress: attachment.mac, gatewayPriority: attachment.priority,
  });
}

function saysNothing(attachment: Attachment): boolean {
  const { aliases, links, ipv4, ipv6, mac, linkLocal, driverOptions, priority } = attachment;
  return [aliases, links, linkLocal, driverOptions].every((list) => list.length === 0)
    && ipv4 === '' && ipv6 === '' && mac === '' && priority === 0;
}

/** EUI-48, EUI-64 and the long form of InfiniBand, with colons, dashes or dots. */
export function isMacAddress(text: string): boolean {
  const groups = text.split(/[:.-]/);
  const separator = /[:.-]/.exec(text)?.[0] ?? '';
  const digits = separator === '.' ? 4 : 2;
  const bytes = groups.length * (digits / 2);
  return new Set(text.replace(/[0-9a-fA-F]/g, '')).size === 1
    && groups.every((group) => group.length === digits && /^[0-9a-fA-F]+$/.test(group)) && [6, 8, 20].includes(bytes);
}

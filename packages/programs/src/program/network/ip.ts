// ip: addr, link, route and neigh, shown; links set up, down, to another MTU or MAC. Text of busybox 1.35.

import type { LinkRow, RouteRow } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { type Ipv4, formatIpv4, formatMac, networkOf, parseCidr, parseIpv4, parseMac } from '@netreel/wire';
import type { NetView, Sys } from '../../contract.js';
import { ipHardware, ipHead, ipInet, linkLocal } from '../../interface/describe.js';
import { linkNumber } from '../../interface/state.js';
import { listedRoutes, routeTowards } from '../../interface/routes.js';
import { usage } from '../../usage.js';

/** Exit status of what the kernel refused. */
const REFUSED = 2;

interface Call {
  readonly sys: Sys;
  readonly family: 'any' | 'inet' | 'inet6' | 'link';
  readonly oneLine: boolean;
  readonly words: readonly string[];
}

export function* ip(sys: Sys, argv: readonly string[]): Operation<number> {
  let family: Call['family'] = 'any';
  let oneLine = false;
  let at = 1;
  for (; at < argv.length && argv[at]!.startsWith('-'); at++) {
    const option = argv[at]!;
    if (option === '-4') family = 'inet';
    else if (option === '-6') family = 'inet6';
    else if (option === '-0') family = 'link';
    else if ('-oneline'.startsWith(option) && option.length > 1) oneLine = true;
    else if ('-family'.startsWith(option) && option.length > 1) family = argv[++at] === 'inet6' ? 'inet6'
      : argv[at] === 'link' ? 'link' : 'inet';
    else return wrongCall(sys);
  }
  const object = argv[at];
  const call: Call = { sys, family, oneLine, words: argv.slice(at + 1) };
  if (object === undefined) return wrongCall(sys);
  if (isShort(object, 'address')) return showing(call, 'ip', (words) => showAddresses(call, words));
  if (isShort(object, 'link')) {
    if (call.words[0] === 'set') return setLink(sys, call.words.slice(1));
    return showing(call, 'ip', (words) => showLinks(call, words));
  }
  if (isShort(object, 'route')) return route(call);
  if (isShort(object, 'neighbour') || isShort(object, 'neighbor')) return showing(call, 'ip', (words) =>
    showNeighbours(call, words));
  return wrongCall(sys);
}

function isShort(word: string, whole: string): boolean {
  return whole.startsWith(word) && word !== '';
}

function wrongCall(sys: Sys): number {
  return usage(sys, 'ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]');
}

function showing(call: Call, program: string, show: (words: readonly string[]) => number): number {
  const [verb, ...rest] = call.words;
  if (verb === undefined) return show([]);
  if (isShort(verb, 'show') || isShort(verb, 'list') || verb === 'ls') return show(rest);
  call.sys.stderr(`${program}: invalid argument '${verb}' to 'ip'\n`);
  return 1;
}

interface Choice { readonly links: readonly LinkRow[]; readonly device: string | undefined }

/** The links that `[dev] NAME`, `up` and `master NAME` leave; a number is an exit status. */
function choose(call: Call, words: readonly string[], missingStatus: number): Choice | number {
  const { sys } = call;
  let links = sys.net.links();
  let device: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 'up') {
      links = links.filter((link) => link.up);
    } else if (word === 'master') {
      const master = sys.net.links().find((link) => link.name === words[at + 1]);
      links = links.filter((link) => master !== undefined && link.master === master.index);
      at++;
    } else {
      device = word === 'dev' ? words[++at] ?? '' : word;
      links = links.filter((link) => link.name === device);
      if (links.length === 0) {
        sys.stderr(`ip: can't find device '${device}'\n`);
        return missingStatus;
      }
    }
  }
  return { links, device };
}

function print(call: Call, link: LinkRow, lines: readonly string[]): void {
  const indented = lines.map((line) => (line.startsWith(' ') ? line : `    ${line}`));
  call.sys.stdout(`${[ipHead(call.sys.net, link), ...indented].join(call.oneLine ? '\\' : '\n')}\n`);
}

function showLinks(call: Call, words: readonly string[]): number {
  const chosen = choose(call, words, REFUSED);
  if (typeof chosen === 'number') return chosen;
  for (const link of chosen.links) print(call, link, [ipHardware(link)]);
  return 0;
}

const FOREVER = '       valid_lft forever preferred_lft forever';

function showAddresses(call: Call, words: readonly string[]): number {
  const chosen = choose(call, words, 1);
  if (typeof chosen === 'number') return chosen;
  const { family, sys, oneLine } = call;
  for (const link of chosen.links) {
    const inet = family === 'any' || family === 'inet' ? link.addresses.map((row) => ipInet(link, row)) : [];
    const local = family === 'any' || family === 'inet6' ? linkLocal(sys.net, link) : undefined;
    const addresses = local === undefined ? inet : [...inet, `inet6 ${local}/64 scope link `];
    if (family !== 'any' && family !== 'link' && addresses.length === 0) continue;
    if (oneLine) {
      for (const address of addresses) sys.stdout(`${linkNumber(link)}: ${link.name}    ${address}\\${FOREVER}\n`);
      continue;
    }
    print(call, link, [...(family === 'any' || family === 'link' ? [ipHardware(link)] : []),
      ...addresses.flatMap((address) => [address, FOREVER])]);
  }
  return 0;
}

function setLink(sys: Sys, words: readonly string[]): number {
  const [name, ...changes] = words[0] === 'dev' ? words.slice(1) : words;
  const link = sys.net.links().find((candidate) => candidate.name === name);
  const fail = (text: string): number => {
    sys.stderr(`ip: ${text}\n`);
    return REFUSED;
  };
  if (link === undefined) return fail('SIOCGIFFLAGS: No such device');
  for (let at = 0; at < changes.length; at++) {
    const word = changes[at]!;
    const value = changes[at + 1] ?? '';
    let reason: string | undefined;
    if (word === 'up' || word === 'down') {
      reason = prefixed('SIOCSIFFLAGS', sys.net.setLink(link, { up: word === 'up' }));
    } else if (word === 'mtu') {
      at++;
      if (!/^\d+$/.test(value)) return fail(`invalid argument '${value}' to 'mtu'`);
      reason = prefixed('SIOCSIFMTU', sys.net.setLink(link, { mtu: Number(value) }));
    } else if (word === 'address') {
      at++;
      const mac = parseMac(value);
      if (mac === undefined) return fail(`"${value}" is invalid lladdr`);
      reason = prefixed('SIOCSIFHWADDR', sys.net.setLink(link, { mac }));
    } else {
      return fail(`either "dev" is duplicate, or "${word}" is garbage`);
    }
    if (reason !== undefined) return fail(reason);
  }
  return 0;
}

function prefixed(call: string, reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : `${call}: ${reason}`;
}

function route(call: Call): number {
  if (call.words[0] === 'get') return getRoute(call.sys, call.words[1] ?? '');
  return showing(call, 'ip', (words) => showRoutes(call, words));
}

function showRoutes(call: Call, words: readonly string[]): number {
  if (call.family === 'inet6') return 0;
  const { sys } = call;
  let device: string | undefined;
  let wanted: { readonly address: Ipv4; readonly prefix: number } | undefined;
  for (let at = 0; at < words.length; at++) {
    if (words[at] === 'dev') device = words[++at];
    // busybox takes `default` for every destination.
    else if (words[at] !== 'default' && words[at] !== 'all') wanted = readDestination(words[at]!) ?? wanted;
  }
  if (device !== undefined && !sys.net.links().some((link) => link.name === device)) {
    sys.stderr(`ip: can't find device '${device}'\n`);
    return 1;
  }
  for (const row of listedRoutes(sys.net)) {
    const link = sys.net.link(row.link)!;
    if (device !== undefined && link.name !== device) continue;
    if (wanted !== undefined && (row.destination !== wanted.address || row.prefix !== wanted.prefix)) continue;
    sys.stdout(`${routeLine(sys.net, row, link)}\n`);
  }
  return 0;
}

function readDestination(text: string): { readonly address: Ipv4; readonly prefix: number } | undefined {
  const cidr = parseCidr(text);
  if (cidr !== undefined) return { address: networkOf(cidr.address, cidr.prefix), prefix: cidr.prefix };
  const address = parseIpv4(text);
  return address === undefined ? undefined : { address, prefix: 32 };
}

function routeLine(net: NetView, row: RouteRow, link: LinkRow): string {
  const destination = row.prefix === 0 ? 'default' : row.prefix === 32 ? formatIpv4(row.destination)
    : `${formatIpv4(row.destination)}/${row.prefix}`;
  const way = row.gateway === 0 ? '' : `via ${formatIpv4(row.gateway)} `;
  const source = row.source !== 0 ? row.source : row.gateway === 0 ? sourceInside(link, row) : 0;
  return `${destination} ${way}dev ${link.name} ${row.gateway === 0 ? 'scope link ' : ''}` +
    `${source === 0 ? '' : ` src ${formatIpv4(source)} `}${row.metric === 0 ? '' : ` metric ${row.metric} `}`;
}

/** The route that came with an address names it as its source. */
function sourceInside(link: LinkRow, row: RouteRow): Ipv4 {
  return link.addresses.find(({ address, prefix }) => prefix === row.prefix
    && networkOf(address, prefix) === row.destination)?.address ?? 0;
}

function getRoute(sys: Sys, text: string): number {
  const target = parseIpv4(text);
  if (target === undefined) {
    sys.stderr(`ip: an inet address is expected rather than "${text}"\n`);
    return 1;
  }
  const row = routeTowards(sys.net, target);
  const link = row === undefined ? undefined : sys.net.link(row.link);
  if (row === undefined || link === undefined) {
    sys.stderr('ip: RTNETLINK answers: Network is unreachable\n');
    return REFUSED;
  }
  const source = row.source === 0 ? link.addresses[0]?.address ?? 0 : row.source;
  const way = row.gateway === 0 ? '' : `via ${formatIpv4(row.gateway)} `;
  sys.stdout(`${text} ${way}dev ${link.name}  src ${formatIpv4(source)} \n`);
  return 0;
}

function showNeighbours(call: Call, words: readonly string[]): number {
  const chosen = choose(call, words, 1);
  if (typeof chosen === 'number') return chosen;
  for (const link of chosen.links) {
    for (const row of call.sys.net.neighbours(link)) {
      const device = chosen.device === undefined ? `dev ${link.name} ` : '';
      const hardware = row.mac === 0 ? '' : `lladdr ${formatMac(row.mac)} `;
      call.sys.stdout(`${formatIpv4(row.address)} ${device}${hardware}${row.mac === 0 ? ' ' : ''}used 0/0/0 probes ` +
        `${row.state === 'FAILED' ? 6 : row.state === 'PERMANENT' ? 0 : 1} ${row.state}\n`);
    }
  }
  return 0;
}

// The files of a process: those it was given, and the few that the kernel makes up from its tables.
// sysfs: Documentation/ABI/testing/sysfs-class-net; proc(5).

import type { LinkRow } from '@netreel/kernel';
import { formatMac } from '@netreel/wire';
import type { FileStat, FileTree, NetView } from './contract.js';
import { linkNumber, operState } from './interface/state.js';

type LinkFile = (link: LinkRow, net: NetView) => string | number;

const CLASS_NET = '/sys/class/net';
const LINK_FILES: ReadonlyMap<string, LinkFile> = new Map<string, LinkFile>([
  ['address', (link) => formatMac(link.mac)],
  ['carrier', (link) => (link.up && link.carrier ? 1 : 0)],
  ['ifindex', linkNumber],
  ['iflink', (link) => (link.peer === 0 ? linkNumber(link) : link.peer)],
  ['mtu', (link) => link.mtu],
  ['operstate', (link) => operState(link)],
  ['statistics/rx_bytes', (link, net) => net.counters(link).rxBytes],
  ['statistics/rx_dropped', (link, net) => net.counters(link).rxDropped],
  ['statistics/rx_packets', (link, net) => net.counters(link).rxPackets],
  ['statistics/tx_bytes', (link, net) => net.counters(link).txBytes],
  ['statistics/tx_dropped', (link, net) => net.counters(link).txDropped],
  ['statistics/tx_packets', (link, net) => net.counters(link).txPackets],
]);
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

export class SystemFiles implements FileTree {
  constructor(private readonly given: FileTree, private readonly net: NetView) {}

  read(path: string): string | undefined {
    if (path === '/dev/null') return '';
    if (path === FORWARDING) return `${this.net.namespace().forwarding ? 1 : 0}\n`;
    const [link, file] = this.linkFile(path);
    if (link === undefined) return this.given.read(path);
    const value = LINK_FILES.get(file)?.(link, this.net);
    return value === undefined ? undefined : `${value}\n`;
  }

  write(path: string, content: string): string | undefined {
    if (path === '/dev/null') return undefined;
    return isMadeUp(path) ? 'Read-only file system' : this.given.write(path, content);
  }

  stat(path: string): FileStat | undefined {
    if (path === '/dev/null') return { kind: 'file', mode: 0o666, sizeBytes: 0, modifiedAt: 0 };
    if (!isMadeUp(path)) return this.given.stat(path);
    if (this.list(path) !== undefined) return { kind: 'folder', mode: 0o555, sizeBytes: 0, modifiedAt: 0 };
    const text = this.read(path);
    return text === undefined ? undefined : { kind: 'file', mode: 0o444, sizeBytes: text.length, modifiedAt: 0 };
  }

  makeFolder(path: string): string | undefined {
    return isMadeUp(path) ? 'No such file or directory' : this.given.makeFolder(path);
  }

  remove(path: string): string | undefined {
    return isMadeUp(path) ? 'Operation not permitted' : this.given.remove(path);
  }

  setMode(path: string, mode: number): string | undefined {
    return isMadeUp(path) ? 'Operation not permitted' : this.given.setMode(path, mode);
  }

  readLink(path: string): string | undefined {
    return isMadeUp(path) ? undefined : this.given.readLink(path);
  }

  makeLink(path: string, target: string): string | undefined {
    return isMadeUp(path) ? 'Operation not permitted' : this.given.makeLink(path, target);
  }

  get holdsPrograms(): boolean {
    return this.given.holdsPrograms === true;
  }

  list(path: string): readonly string[] | undefined {
    const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    if (plain === CLASS_NET) return this.net.links().map((link) => link.name).sort();
    const [link, file] = this.linkFile(`${plain}/`);
    if (link === undefined) return this.given.list(path);
    const inside = [...LINK_FILES.keys()].filter((name) => name.startsWith(file)).map((name) =>
      name.slice(file.length).split('/')[0]!);
    return inside.length === 0 ? undefined : [...new Set(inside)].sort();
  }

  /** The link that a path below /sys/class/net names, and the rest of the path. */
  private linkFile(path: string): [LinkRow | undefined, string] {
    if (!path.startsWith(`${CLASS_NET}/`)) return [undefined, ''];
    const rest = path.slice(CLASS_NET.length + 1);
    const cut = rest.indexOf('/');
    const name = cut < 0 ? rest : rest.slice(0, cut);
    return [this.net.links().find((link) => link.name === name), cut < 0 ? '' : rest.slice(cut + 1)];
  }
}

/** Whether the kernel answers for a path, not a disk. */
function isMadeUp(path: string): boolean {
  return /^\/(?:sys|proc)(?:\/|$)/.test(path);
}

/** `path` seen from `cwd`, without `.`, `..` and doubled slashes. */
export function absolutePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

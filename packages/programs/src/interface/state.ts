// A link's flags and state, in the words of netdevice(7) and iproute2.

import type { LinkRow } from '@netreel/kernel';
import type { NetView } from '../contract.js';

/** A link works when it is up and has carrier. */
export function isRunning(link: LinkRow): boolean {
  return link.up && link.carrier;
}

/** RFC 2863 operational state as sysfs spells it. */
export function operState(link: LinkRow): 'up' | 'down' | 'unknown' {
  if (link.kind === 'loopback') return 'unknown';
  return isRunning(link) ? 'up' : 'down';
}

/** Between the angle brackets of `ip link`. */
export function linkFlags(net: NetView, link: LinkRow): string {
  const flags: string[] = [];
  if (link.up && !link.carrier) flags.push('NO-CARRIER');
  if (link.kind === 'loopback') flags.push('LOOPBACK');
  else flags.push('BROADCAST', 'MULTICAST');
  if (link.up) flags.push('UP');
  if (isRunning(link)) flags.push('LOWER_UP');
  if (lowerLinkIsElsewhere(net, link)) flags.push('M-DOWN');
  return flags.join(',');
}

/** Index of the link below or at the other end (IFLA_LINK); 0 when there is none. */
export function lowerLink(link: LinkRow): number {
  return link.peer === 0 ? link.parent : link.peer;
}

/** busybox looks the lower link's flags up in its own namespace only, and takes one that it cannot see for down. */
function lowerLinkIsElsewhere(net: NetView, link: LinkRow): boolean {
  const lower = lowerLink(link);
  if (lower === 0) return false;
  const row = net.link(lower);
  return row === undefined || row.netns !== net.netns || !row.up;
}

/** Interface number. Every namespace counts its own from `lo`, which is 1 in all of them; the others keep here the
 * number that they have on the whole node, as a moved interface does whose number is free. */
export function linkNumber(link: LinkRow): number {
  return link.kind === 'loopback' ? 1 : link.index;
}

/** `txqueuelen`: devices that software ends queue nothing; lo alone kept the old default. */
export function queueLength(link: LinkRow): number {
  return link.kind === 'loopback' || link.kind === 'nic' ? 1000 : 0;
}

/** `noop` until it was first up; this kernel keeps no such memory, so a link that is down has its discipline. */
export function queueDiscipline(): string {
  return 'noqueue';
}

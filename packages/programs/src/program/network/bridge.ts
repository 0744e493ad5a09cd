// bridge: ports and forwarding rows of bridges and vxlan devices. Text of iproute2.

import type { LinkRow } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { formatIpv4, formatMac } from '@netreel/wire';
import type { NetView, Sys } from '../../contract.js';
import { isRunning, linkFlags } from '../../interface/state.js';
import { usage } from '../../usage.js';
import { portsOf } from './brctl.js';

const USAGE = 'bridge link|fdb [show] [dev DEV] [br BRIDGE]';

export function* bridge(sys: Sys, argv: readonly string[]): Operation<number> {
  const [object, ...words] = argv.slice(1);
  const filters = new Map<string, string>();
  for (let at = words[0] === 'show' || words[0] === 'list' ? 1 : 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 'dev' || word === 'br' || word === 'brport') filters.set(word === 'brport' ? 'dev' : word,
      words[++at] ?? '');
    else filters.set('dev', word);
  }
  for (const name of filters.values()) {
    if (sys.net.links().some((link) => link.name === name)) continue;
    sys.stderr(`Cannot find device "${name}"\n`);
    return 1;
  }
  if (object === 'link') return showPorts(sys, filters);
  if (object === 'fdb') return showRows(sys, filters);
  return usage(sys, USAGE, 255);
}

function showPorts(sys: Sys, filters: ReadonlyMap<string, string>): number {
  for (const link of sys.net.links()) {
    const master = link.master === 0 ? undefined : sys.net.link(link.master);
    if (master === undefined || (filters.get('dev') ?? link.name) !== link.name
      || (filters.get('br') ?? master.name) !== master.name) continue;
    const peer = link.peer === 0 ? '' : `@if${link.peer}`;
    const flags = linkFlags(sys.net, link).replace(',M-DOWN', '');
    sys.stdout(`${link.index}: ${link.name}${peer}: <${flags}> mtu ${link.mtu} master ${master.name} ` +
      `state ${isRunning(link) ? 'forwarding' : 'disabled'} priority 32 cost 2 \n`);
  }
  return 0;
}

interface FdbLine { readonly device: string; readonly bridge: string | undefined; readonly text: string }

function showRows(sys: Sys, filters: ReadonlyMap<string, string>): number {
  for (const line of fdbLines(sys.net)) {
    if ((filters.get('dev') ?? line.device) !== line.device) continue;
    if (filters.has('br') && filters.get('br') !== line.bridge) continue;
    sys.stdout(`${line.text}\n`);
  }
  return 0;
}

/** By device, its own rows after those that its bridge learned there; by MAC within each. */
function fdbLines(net: NetView): FdbLine[] {
  const lines: FdbLine[] = [];
  for (const link of net.links()) {
    if (link.kind === 'bridge') for (const port of portsOf(net, link)) lines.push(...portLines(link, port));
    if (link.kind !== 'vxlan') continue;
    for (const [mac, ends] of [...link.remotes].sort(([a], [b]) => a - b)) {
      for (const end of ends) {
        lines.push({ device: link.name, bridge: undefined,
          text: `${formatMac(mac)} dev ${link.name} dst ${formatIpv4(end)} self permanent` });
      }
    }
  }
  return lines;
}

function portLines(bridgeLink: LinkRow, port: LinkRow): FdbLine[] {
  const learned = [...bridgeLink.fdb].filter(([, index]) => index === port.index).map(([mac]) => mac).sort((a, b) =>
    a - b);
  const head = (mac: number): string => `${formatMac(mac)} dev ${port.name} master ${bridgeLink.name}`;
  return [...learned.map(head), `${head(port.mac)} permanent`].map((text) =>
    ({ device: port.name, bridge: bridgeLink.name, text }));
}

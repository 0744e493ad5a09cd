// brctl: bridges with their ports, and the MACs that a bridge has learned. Text of bridge-utils 1.7.

import type { LinkRow } from '@netreel/kernel';
import type { Operation } from '@netreel/sim';
import { formatMac } from '@netreel/wire';
import type { NetView, Sys } from '../../contract.js';
import { usage } from '../../usage.js';

export function* brctl(sys: Sys, argv: readonly string[]): Operation<number> {
  const [verb, name] = argv.slice(1);
  if (verb === 'show') return show(sys, argv.slice(2));
  if (verb === 'showmacs' && name !== undefined) return showMacs(sys, name);
  return usage(sys, 'brctl show [BRIDGE]... | showmacs BRIDGE');
}

/** In the order of their interface indexes. */
export function portsOf(net: NetView, bridge: LinkRow): LinkRow[] {
  return net.links().filter((link) => link.master === bridge.index);
}

function bridgesOf(net: NetView): LinkRow[] {
  return net.links().filter((link) => link.kind === 'bridge').sort((a, b) => (a.name < b.name ? -1 : 1));
}

function show(sys: Sys, names: readonly string[]): number {
  const bridges = bridgesOf(sys.net);
  sys.stdout('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n');
  for (const name of names) {
    if (!bridges.some((bridge) => bridge.name === name)) {
      sys.stdout(`bridge ${name} does not exist!\n`);
      return 1;
    }
  }
  for (const bridge of names.length === 0 ? bridges : bridges.filter(({ name }) => names.includes(name))) {
    const ports = portsOf(sys.net, bridge).map(({ name }) => name).sort();
    const id = `8000.${formatMac(bridge.mac).replaceAll(':', '')}`;
    sys.stdout(`${bridge.name}\t\t${id}\tno\t\t${ports.join('\n\t\t\t\t\t\t\t')}\n`);
  }
  return 0;
}

function showMacs(sys: Sys, name: string): number {
  const bridge = bridgesOf(sys.net).find((candidate) => candidate.name === name);
  if (bridge === undefined) {
    sys.stderr(`read of forward table failed: No such device\n`);
    return 1;
  }
  const ports = portsOf(sys.net, bridge);
  const numberOf = (index: number): number => ports.findIndex((port) => port.index === index) + 1;
  const rows = [
    ...ports.map((port) => ({ mac: port.mac, port: numberOf(port.index), local: true })),
    ...[...bridge.fdb].map(([mac, port]) => ({ mac, port: numberOf(port), local: false })),
  ].sort((a, b) => a.mac - b.mac || a.port - b.port);
  sys.stdout('port no\tmac addr\t\tis local?\tageing timer\n');
  for (const { mac, port, local } of rows) {
    sys.stdout(`${String(port).padStart(3)}\t${formatMac(mac)}\t${local ? 'yes' : 'no'}\t\t${'0.00'.padStart(8)}\n`);
  }
  return 0;
}

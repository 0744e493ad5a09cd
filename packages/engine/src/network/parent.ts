// Networks on an interface of the host: macvlan and ipvlan. What stands below them is a device that exists, a VLAN of
// one (`eth0.10`), or one of the network's own that leads nowhere.

import type { EngineCore } from '../core.js';
import { planIpam } from '../ipam/plan.js';
import { isRefusal, refuse, type Refusal } from '../refusal.js';
import type { NetworkRow } from '../tables.js';
import { type CreatedNetwork, emitLocal } from './local.js';
import type { NetworkSpec } from './spec.js';

export type ParentDriver = 'macvlan' | 'ipvlan';

interface Kind {
  readonly driver: ParentDriver;
  readonly option: string;
  readonly modes: readonly string[];
  /** What begins the name of a device of the network's own. */
  readonly dummy: string;
}

const KINDS: Record<ParentDriver, Kind> = {
  macvlan: { driver: 'macvlan', option: 'macvlan_mode', modes: ['bridge', 'private', 'vepa', 'passthru'],
    dummy: 'dm-' },
  ipvlan: { driver: 'ipvlan', option: 'ipvlan_mode', modes: ['l2', 'l3'], dummy: 'di-' },
};

const PARENT = 'parent';
const ID_DIGITS = 12;
const VLAN_MAX = 4094;

/** Whether networks of this driver stand on an interface of the host. */
export function isParentDriver(driver: string): driver is ParentDriver {
  return driver === 'macvlan' || driver === 'ipvlan';
}

/** The interface below a network. */
export function parentOf(network: Pick<NetworkRow, 'id' | 'driver' | 'options'>): string {
  const typed = network.options[PARENT] ?? '';
  return typed === '' ? ownName(KINDS[network.driver as ParentDriver], network.id) : typed;
}

/** The mode that its interfaces are in. */
export function modeOf(network: NetworkRow): string {
  const { option, modes } = KINDS[network.driver as ParentDriver];
  const typed = network.options[option] ?? '';
  return typed === '' ? modes[0]! : typed;
}

/** `eth0.10` in its parts; undefined for other names. */
export function vlanOf(name: string): { readonly parent: string; readonly number: number } | undefined {
  const match = /^([^.]+)\.(\d+)$/.exec(name);
  return match === null ? undefined : { parent: match[1]!, number: Number(match[2]) };
}

/** Whether containers get no way out by the network. */
export function isClosed(network: NetworkRow): boolean {
  return network.internal || (network.options[PARENT] ?? '') === '';
}

export function createOnParent(core: EngineCore, spec: NetworkSpec, driver: ParentDriver, warning: string):
CreatedNetwork | Refusal {
  const ipam = planIpam(core.tables, spec, core.port.hostRoutes(), true);
  if (isRefusal(ipam)) return ipam;
  const kind = KINDS[driver];
  const flaw = modeFlaw(kind, spec) ?? parentFlaw(core, kind, spec.options[PARENT] ?? '');
  if (flaw !== undefined) return refuse('System', flaw);
  return { id: emitLocal(core, spec, driver, ipam, ''), warning };
}

function modeFlaw({ driver, option, modes }: Kind, spec: NetworkSpec): string | undefined {
  const mode = spec.options[option] ?? '';
  return mode === '' || modes.includes(mode) ? undefined
    : `requested ${driver} mode '${mode}' is not valid, '${modes[0]!}' mode is the ${driver} driver default`;
}

function parentFlaw(core: EngineCore, kind: Kind, parent: string): string | undefined {
  if (parent === 'lo') return `loopback interface is not a valid ${kind.driver} parent link`;
  if (parent === '') return undefined;
  for (const other of core.tables.networks.values()) {
    if (other.driver !== kind.driver || parentOf(other) !== parent) continue;
    return `network ${ownName(kind, other.id)} is already using parent interface ${parent}`;
  }
  return core.port.hasLink(parent) ? undefined : vlanFlaw(core, parent);
}

/** An interface that does not exist is made if its name says of what it is a VLAN. */
function vlanFlaw(core: EngineCore, name: string): string | undefined {
  if (!name.includes('.')) return `invalid subinterface vlan name ${name}, example formatting is eth0.10`;
  const [parent = '', number = '', ...more] = name.split('.');
  if (more.length > 0) {
    return `required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received ${name}`;
  }
  if (!/^[+-]?\d+$/.test(number)) {
    return `unable to parse a valid vlan id from: ${number} (ex. eth0.10 for vlan 10)`;
  }
  if (!core.port.hasLink(parent)) return `-o parent interface does was not found on the host: ${parent}`;
  const vlan = Number(number);
  return vlan > VLAN_MAX || vlan < 1 ? `vlan id must be between 1-4094, received: ${vlan}` : undefined;
}

function ownName({ dummy }: Kind, id: string): string {
  return dummy + id.slice(0, ID_DIGITS);
}

/** Why no container can come onto the network now, although it exists. */
export function joinFlaw(core: EngineCore, network: NetworkRow): string | undefined {
  const driver = network.driver as ParentDriver;
  const parent = parentOf(network);
  if (!core.port.hasLink(parent)) {
    return `error occurred looking up the ${driver} parent iface ${parent} error: Link not found`;
  }
  // The hosts' kernel has no ipvlan devices.
  if (driver === 'ipvlan') return 'failed to create the ipvlan port: operation not supported';
  return modeOf(network) === 'passthru' && [...core.tables.endpoints.values()].some((one) => one.network === network.id)
    ? 'failed to create the macvlan port: invalid argument' : undefined;
}

// Checks that hold over a whole lab at every moment, computed from recorded histories alone.

import { liveEndpoints, derivedRows, joinedPeers, type GossipTables } from '@netreel/overlay';
import { sandboxOf } from '@netreel/host';
import type { Commit, LabSpec, SimTime } from '@netreel/sim';
import { formatTime } from '@netreel/sim';
import { formatIpv4, formatMac } from '@netreel/wire';
import { LabFold, type Placed, inOrder } from './lab-fold.js';

/** What a check found wrong: since when, what, and which record brought it about. */
export interface Violation {
  readonly at: SimTime;
  readonly detail: string;
  readonly cause: Placed;
}

/** A check that is asked again after every moment at which a table changed. */
export interface LabCheck {
  readonly name: string;
  /** How long it may be untrue before that is a violation. */
  readonly withinNs: number;
  /** What is wrong now; undefined when all is well. */
  complaint(fold: LabFold): string | undefined;
}

/** No address of an overlay, and no address of one host's bridge, is in use twice. */
export const uniqueAddresses: LabCheck = {
  name: 'unique-addresses',
  withinNs: 0,
  complaint(fold) {
    const owners = new Map<string, string>();
    for (const { name, tables } of fold.hosts()) {
      for (const endpoint of tables.engine.endpoints.values()) {
        const network = tables.engine.networks.get(endpoint.network);
        // A bridge is a host's own; an overlay is one on all hosts.
        const space = network?.driver === 'overlay' ? endpoint.network : `${name} ${endpoint.network}`;
        const key = `${space} ${endpoint.address}`;
        const owner = `${tables.engine.containers.get(endpoint.container)?.name ?? endpoint.container} on ${name}`;
        const other = owners.get(key);
        if (other !== undefined) {
          const address = formatIpv4(endpoint.address);
          return `${address} of ${network?.name ?? endpoint.network} belongs to ${other} and to ${owner}`;
        }
        owners.set(key, owner);
      }
    }
    return undefined;
  },
};

/**
 * All hosts on an overlay know the same endpoints, and each one's tunnel device has the rows that follow from what it
 * knows.
 */
export function tablesAgree(withinNs: number): LabCheck {
  return {
    name: 'tables-agree',
    withinNs,
    complaint: (fold) => disagreement(fold) ?? wrongTunnelRows(fold),
  };
}

function disagreement(fold: LabFold): string | undefined {
  const first = new Map<string, { readonly host: string; readonly rows: string }>();
  for (const { node, name, tables } of fold.hosts()) {
    for (const network of membershipsOf(tables.gossip, node)) {
      const rows = liveEndpoints(tables.gossip, network)
        .map((row) => `${row.endpoint.slice(0, 12)} ${formatIpv4(row.address)} ${formatMac(row.mac)} ` +
          `behind ${formatIpv4(row.vtep)}`)
        .sort().join('; ');
      const other = first.get(network);
      if (other === undefined) first.set(network, { host: name, rows });
      else if (other.rows !== rows) {
        return `${other.host} and ${name} differ about network ${network}: [${other.rows}] and [${rows}]`;
      }
    }
  }
  return undefined;
}

function wrongTunnelRows(fold: LabFold): string | undefined {
  for (const { node, name, tables } of fold.hosts()) {
    for (const network of membershipsOf(tables.gossip, node)) {
      const wanted = derivedRows(tables.gossip, network, node);
      const namespace = tables.kernel.netns.get(sandboxOf({ id: network }));
      const device = namespace?.links.map((link) => tables.kernel.links.get(link)!)
        .find((link) => link.kind === 'vxlan');
      if (device === undefined) return `${name} is on network ${network} without a tunnel device`;
      const have = [...device.remotes].flatMap(([mac, ends]) => ends.map((end) => `${mac} ${end}`)).sort().join();
      const want =
        [...wanted.forwarding.map(({ mac, remote }) => `${mac} ${remote}`),
          ...wanted.flood.map((end) => `0 ${end}`)].sort().join();
      if (have !== want) return `forwarding rows of ${name} for network ${network} do not follow from what it knows`;
      const known = [...device.neighbours.values()].filter((row) => row.state === 'PERMANENT')
        .map((row) => `${row.address} ${row.mac}`).sort().join();
      const wantKnown = wanted.neighbours.map(({ address, mac }) => `${address} ${mac}`).sort().join();
      if (known !== wantKnown) {
        return `neighbour rows of ${name} for network ${network} do not follow from what it knows`;
      }
    }
  }
  return undefined;
}

function membershipsOf(tables: GossipTables, node: number): string[] {
  return [...tables.networks.keys()].filter((network) => joinedPeers(tables, network)
    .some((peer) => peer.node === node)).sort();
}

/**
 * Follows a history from its start and reports, for each check, the first violation. `endsAt`: until when the lab was
 * lived.
 */
export function checkHistory(lab: LabSpec, histories: readonly (readonly Commit[])[], checks: readonly LabCheck[],
  endsAt: SimTime):
ReadonlyMap<string, Violation | undefined> {
  const fold = new LabFold(lab);
  const found = new Map<string, Violation | undefined>(checks.map((check) => [check.name, undefined]));
  const pending = new Map<string, Violation>();
  let last: Placed | undefined;

  const ask = (now: SimTime, placed: Placed): void => {
    for (const check of checks) {
      if (found.get(check.name) !== undefined) continue;
      overdue(check, now);
      const detail = check.complaint(fold);
      if (detail === undefined) pending.delete(check.name);
      else if (!pending.has(check.name)) pending.set(check.name, { at: now, detail, cause: placed });
    }
  };
  const overdue = (check: LabCheck, now: SimTime): void => {
    const since = pending.get(check.name);
    if (since !== undefined && now - since.at > check.withinNs) found.set(check.name, since);
  };

  for (const placed of inOrder(histories)) {
    if (last !== undefined && placed.record.at > last.record.at && changesTables(last)) ask(last.record.at, last);
    fold.apply(placed);
    if (last === undefined || placed.record.at > last.record.at || changesTables(placed)) last = placed;
  }
  if (last !== undefined) ask(last.record.at, last);
  for (const check of checks) overdue(check, endsAt);
  return found;
}

/** Only what the checks look at: memberships, endpoints and tunnel rows. */
function changesTables({ record }: Placed): boolean {
  return record.kind === 'event' && WATCHED.test(record.body.type);
}

const WATCHED = /^(Peer|Network|Endpoint|Fdb(Added|Deleted)|Neighbour)/;

/** One line about a violation. */
export function describeViolation(violation: Violation, lab: LabSpec): string {
  const { node, record } = violation.cause;
  return `${violation.detail} (since ${formatTime(violation.at)}, ` +
    `after ${lab.nodes[node]!.name}/${record.sequence} ${record.body.type})`;
}

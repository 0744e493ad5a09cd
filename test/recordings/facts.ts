// What anybody must still be able to see in a recorded history, whatever becomes of the code: few facts, and none of
// how they are printed.

import type { RecordedRun } from '@netreel/cli';
import { formatTime, type SimTime } from '@netreel/sim';
import { foldLab } from '@netreel/views';
import { formatMac } from '@netreel/wire';

export interface HostFacts {
  /** `NAME STATUS NETWORK=ADDRESS …`. */
  readonly containers: readonly string[];
  /** `NAME DRIVER`. */
  readonly networks: readonly string[];
  /** `NAME KIND MAC` of the host's own links. */
  readonly links: readonly string[];
  /** Rows of all bridges' forwarding tables, and of all neighbour tables. */
  readonly learned: number;
  readonly neighbours: number;
}

export type Facts = Readonly<Record<string, Readonly<Record<string, HostFacts>>>>;

/** By moment, then by host. */
export function factsOf({ lab, histories }: RecordedRun, moments: readonly SimTime[]): Facts {
  return Object.fromEntries(moments.map((at) => {
    const fold = foldLab(lab, histories, at);
    return [formatTime(at), Object.fromEntries(fold.hosts().map(({ name, tables: { engine, kernel } }) => {
      const networkName = (id: string): string => engine.networks.get(id)?.name ?? id;
      const containers = [...engine.containers.values()].map((row) => [row.name, row.status, ...row.endpoints
        .map(({ network, address }) => `${networkName(network)}=${address}`)].join(' '));
      const links = [...kernel.links.values()];
      const facts: HostFacts = {
        containers, networks: [...engine.networks.values()].map((row) => `${row.name} ${row.driver}`),
        links: links.filter((link) => link.netns === 'host')
          .map((link) => `${link.name} ${link.kind} ${formatMac(link.mac)}`),
        learned: links.reduce((sum, link) => sum + link.fdb.size, 0),
        neighbours: links.reduce((sum, link) => sum + link.neighbours.size, 0),
      };
      return [name, facts];
    }))];
  }));
}

// The filters `publish` and `expose` of container lists: a port, or a range of them, with a protocol if it is not TCP.

import type { EngineTables, ContainerRow } from '@netreel/engine';
import { readPort } from '@netreel/engine';
import type { Filters } from '../filters.js';
import { listedPorts } from './networks.js';

interface Wanted {
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
}

const NAMES = ['publish', 'expose'] as const;

/** Docker's text about the first value that is no port. */
export function portFlaw(filters: Filters): string | undefined {
  for (const name of NAMES) {
    for (const value of filters.of(name)) {
      const read = readWanted(name, value);
      if (typeof read === 'string') return read;
    }
  }
  return undefined;
}

/** Whether the container has a port that any value of either filter means; true without such filters. */
export function hasWantedPort(filters: Filters, tables: EngineTables, row: ContainerRow): boolean {
  if (!NAMES.some((name) => filters.has(name))) return true;
  const [published, exposed] = NAMES.map((name) => filters.of(name).map((value) => readWanted(name, value))
    .filter((wanted) => typeof wanted !== 'string'));
  return listedPorts(tables, row).some(({ name, bindings }) => {
    const { port, protocol } = readPort(name);
    return bindings.some(({ hostPort }) => published!.some((wanted) => means(wanted, hostPort, protocol)))
      || exposed!.some((wanted) => means(wanted, port, protocol));
  });
}

function means({ first, last, protocol }: Wanted, port: number, itsProtocol: string): boolean {
  return port >= first && port <= last && protocol === itsProtocol;
}

function readWanted(name: string, value: string): Wanted | string {
  if (value.includes(':')) return `filter for '${name}' should not contain ':': ${value}`;
  const [ports = '', protocol = 'tcp'] = value.split('/');
  const lookingUp = `error while looking up for ${name} ${value}: `;
  if (ports === '') return `${lookingUp}empty string specified for ports`;
  const [one = '', other = one] = ports.split('-');
  for (const text of [one, other]) {
    if (!/^\d+$/.test(text)) return `${lookingUp}strconv.ParseUint: parsing "${text}": invalid syntax`;
    if (Number(text) > 0xffff) return `${lookingUp}strconv.ParseUint: parsing "${text}": value out of range`;
  }
  if (Number(other) < Number(one)) return `${lookingUp}Invalid range specified for the Port: ${ports}`;
  return { first: Number(one), last: Number(other), protocol };
}

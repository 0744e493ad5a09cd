// What a network is made from. Type aliases, not interfaces: they travel in events as JSON.

import type { TextTable } from '../container/spec.js';

/** One pool as typed; inspect repeats it. Empty texts where nothing was given. */
export type IpamConfig = {
  readonly subnet: string;
  readonly range: string;
  readonly gateway: string;
  readonly auxiliary: TextTable;
};

/** One IPv4 pool in force. */
export type IpamPool = {
  readonly network: number;
  readonly prefix: number;
  readonly gateway: number;
  /** Where automatic addresses come from: the whole pool without a range. */
  readonly rangeNetwork: number;
  readonly rangePrefix: number;
  readonly auxiliary: readonly number[];
};

/** A network's address management: what was asked for, and what that came to. */
export type NetworkIpam = {
  readonly driver: string;
  /** null where nobody sent any, which inspect shows. */
  readonly options: TextTable | null;
  readonly config: readonly IpamConfig[];
  readonly pools: readonly IpamPool[];
  /** Place of the pool in the list of default pools, -1 when the subnet was typed. */
  readonly defaultPool: number;
};

/** What `network create` asks for. */
export type NetworkSpec = {
  readonly name: string;
  readonly checkDuplicate: boolean;
  /** Empty for bridge. */
  readonly driver: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly ipv6: boolean;
  readonly ipamDriver: string;
  readonly ipamOptions: TextTable | null;
  readonly ipam: readonly IpamConfig[];
  readonly options: TextTable;
  readonly labels: TextTable;
  readonly configOnly: boolean;
  /** Name of a configuration-only network, or empty. */
  readonly configFrom: string;
};

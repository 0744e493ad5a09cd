// Docker's rules on a host, in the order in which an engine 20.10 writes them: its chains when it starts, a set for
// each bridge network, gone with it.

import type { NetworkRow } from '@netreel/engine';
import type { Kernel, TableName } from '@netreel/kernel';
import { formatIpv4, networkOf } from '@netreel/wire';
import { made } from './links.js';

const DOCKER = 'DOCKER';
/** What comes from a bridge and leaves it … */
const STAGE_1 = 'DOCKER-ISOLATION-STAGE-1';
/** … must not enter another one. */
const STAGE_2 = 'DOCKER-ISOLATION-STAGE-2';
/** Kept free for the user's own rules. */
const USER = 'DOCKER-USER';

interface Rule { readonly table: TableName; readonly chain: string; readonly text: string }

export class NetworkRules {
  /** By bridge, in the order in which they were written. */
  private readonly written = new Map<string, readonly Rule[]>();

  constructor(private readonly kernel: Kernel, private readonly netns: string) {}

  boot(): void {
    const { kernel, netns } = this;
    made(kernel.createChain(netns, 'nat', DOCKER));
    for (const chain of [DOCKER, STAGE_1, STAGE_2, USER]) made(kernel.createChain(netns, 'filter', chain));
    for (const chain of [STAGE_1, STAGE_2, USER]) made(kernel.appendRule(netns, 'filter', chain, '-j RETURN'));
    made(kernel.appendRule(netns, 'nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER'));
    made(kernel.appendRule(netns, 'nat', 'OUTPUT', '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER'));
    // An engine that switches forwarding on closes it to everybody else.
    made(kernel.setPolicy(netns, 'filter', 'FORWARD', 'DROP'));
    this.putFirst([STAGE_1, USER]);
  }

  networkCreated(network: NetworkRow, gateway: number, prefix: number): void {
    const { bridge, options, internal } = network;
    const subnet = `${formatIpv4(networkOf(gateway, prefix))}/${prefix}`;
    const talks = isOn(options['com.docker.network.bridge.enable_icc']);
    const masquerades = isOn(options['com.docker.network.bridge.enable_ip_masquerade']);
    const rules: Rule[] = [];
    const insert = (table: TableName, chain: string, text: string): void => {
      made(this.kernel.insertRule(this.netns, table, chain, text));
      rules.push({ table, chain, text });
    };
    const among = (): void => {
      if (talks) return insert('filter', 'FORWARD', `-i ${bridge} -o ${bridge} -j ACCEPT`);
      const text = `-i ${bridge} -o ${bridge} -j DROP`;
      made(this.kernel.appendRule(this.netns, 'filter', 'FORWARD', text));
      rules.push({ table: 'filter', chain: 'FORWARD', text });
    };
    if (internal) {
      insert('filter', STAGE_1, `-i ${bridge} ! -d ${subnet} -j DROP`);
      insert('filter', STAGE_1, `-o ${bridge} ! -s ${subnet} -j DROP`);
      among();
    } else {
      if (masquerades) {
        insert('nat', 'POSTROUTING', `-s ${subnet} ! -o ${bridge} -j MASQUERADE`);
        insert('nat', DOCKER, `-i ${bridge} -j RETURN`);
      }
      among();
      insert('filter', 'FORWARD', `-i ${bridge} ! -o ${bridge} -j ACCEPT`);
      insert('filter', 'FORWARD', `-o ${bridge} -j ${DOCKER}`);
      insert('filter', 'FORWARD', `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
      insert('filter', STAGE_1, `-i ${bridge} ! -o ${bridge} -j ${STAGE_2}`);
      insert('filter', STAGE_2, `-o ${bridge} -j DROP`);
    }
    this.written.set(bridge, rules);
    this.putFirst([STAGE_1, USER]);
  }

  networkRemoved(bridge: string): void {
    const { kernel, netns } = this;
    // A rule that an administrator has taken away himself is not missed.
    for (const { table, chain, text } of this.written.get(bridge) ?? []) kernel.deleteRule(netns, table, chain, text);
    this.written.delete(bridge);
  }

  /** The jumps into these chains stand before all else that is forwarded, the last of them first. */
  private putFirst(chains: readonly string[]): void {
    const { kernel, netns } = this;
    for (const chain of chains) {
      kernel.deleteRule(netns, 'filter', 'FORWARD', `-j ${chain}`);
      made(kernel.insertRule(netns, 'filter', 'FORWARD', `-j ${chain}`));
    }
  }
}

/** A flag is on unless an option says otherwise, in any of the ways that Go reads. */
function isOn(option: string | undefined): boolean {
  return option === undefined || !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(option);
}

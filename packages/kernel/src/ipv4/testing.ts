// Namespaces on a wire, for the tests of the protocols. Not exported.

import { describeFrame, type Ipv4, type Mac, parseIpv4, parseMac } from '@netreel/wire';
import { formatTime } from '@netreel/sim';
import { done, kernelUnderTest, linkOf, type KernelUnderTest } from '../testing.js';
import type { Kernel } from '../kernel.js';
import type { LinkRow } from '../tables.js';

export const A_MAC = mac('02:00:00:00:00:0a');
export const B_MAC = mac('02:00:00:00:00:0b');
export const A = ip('10.0.0.2');
export const B = ip('10.0.0.3');
/** Nobody has it. */
export const NOBODY = ip('10.0.0.9');
/** Behind the router of {@link routedNamespaces}. */
export const FAR = ip('10.0.1.2');

export function ip(text: string): Ipv4 {
  return parseIpv4(text)!;
}

export function mac(text: string): Mac {
  return parseMac(text)!;
}

function up(kernel: Kernel, link: LinkRow, address: Ipv4): void {
  done(kernel.setUp(link));
  done(kernel.addAddress(link, address, 24));
}

function namespace(kernel: Kernel, name: string): void {
  done(kernel.addNetns(name));
  done(kernel.setUp(linkOf(kernel, name, 'lo')));
}

/** Namespaces `a` (10.0.0.2/24) and `b` (10.0.0.3/24), their `eth0` the two ends of one veth. */
export function joinedNamespaces(): KernelUnderTest {
  const host = kernelUnderTest();
  const { kernel } = host;
  namespace(kernel, 'a');
  namespace(kernel, 'b');
  const eth0 = done(kernel.addVeth({ netns: 'a', name: 'eth0', mac: A_MAC }, { netns: 'b', name: 'eth0', mac: B_MAC }));
  up(kernel, eth0, A);
  up(kernel, linkOf(kernel, 'b', 'eth0'), B);
  return host;
}

/** `a` (10.0.0.2) and `b` (10.0.1.2) with the router `r` between them (10.0.0.1 on `left`, 10.0.1.1 on `right`). */
export function routedNamespaces(rightMtu = 1500): KernelUnderTest {
  const host = kernelUnderTest();
  const { kernel } = host;
  for (const name of ['a', 'r', 'b']) namespace(kernel, name);
  done(kernel.setForwarding('r', true));
  const left = done(kernel.addVeth({ netns: 'a', name: 'eth0', mac: A_MAC }, { netns: 'r', name: 'left' }));
  const right = done(kernel.addVeth({ netns: 'b', name: 'eth0', mac: B_MAC, mtu: rightMtu },
    { netns: 'r', name: 'right', mtu: rightMtu }));
  up(kernel, left, A);
  up(kernel, linkOf(kernel, 'r', 'left'), ip('10.0.0.1'));
  up(kernel, right, FAR);
  up(kernel, linkOf(kernel, 'r', 'right'), ip('10.0.1.1'));
  for (const [netns, gateway] of [['a', '10.0.0.1'], ['b', '10.0.1.1']] as const) {
    done(kernel.addRoute({ netns, destination: 0, prefix: 0, gateway: ip(gateway), link: 0 }));
  }
  return host;
}

/** From now on, what each device sends: `1.000000s a/eth0 ARP, Request …`, without the Ethernet addresses. */
export function sentFrames(host: KernelUnderTest): string[] {
  const lines: string[] = [];
  host.kernel.tap = {
    frame: (direction, link, { buffer, start, end }) => {
      if (direction !== 'out') return;
      const text = describeFrame(buffer, start, end).replace(/^.*?ethertype (\w+) \(.*?\), length \d+: /, '$1 ');
      lines.push(`${formatTime(host.machine.now())} ${link.netns}/${link.name} ${text}`);
    },
    dropped: () => undefined,
  };
  return lines;
}

/** Hands bytes to a device as if they had come over its wire. */
export function inject(host: KernelUnderTest, netns: string, name: string, bytes: Uint8Array): void {
  const frame = host.kernel.pool.adopt({ buffer: bytes, start: 0, end: bytes.length });
  host.kernel.deliver(linkOf(host.kernel, netns, name), frame);
}

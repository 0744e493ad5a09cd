// ifconfig: shows interfaces in the order of their names; sets one up or down, or its MTU.

import type { Operation } from '@netreel/sim';
import type { LinkRow } from '@netreel/kernel';
import type { Sys } from '../../contract.js';
import { ifconfigBlock } from '../../interface/describe.js';

export function* ifconfig(sys: Sys, argv: readonly string[]): Operation<number> {
  const all = argv[1] === '-a';
  const [name, ...changes] = argv.slice(all ? 2 : 1);
  if (name === undefined) {
    const links = [...sys.net.links()].filter((link) => all || link.up).sort((a, b) => byName(a.name, b.name));
    for (const link of links) sys.stdout(`${ifconfigBlock(sys.net, link)}\n`);
    return 0;
  }
  const link = sys.net.links().find((candidate) => candidate.name === name);
  if (link === undefined) {
    sys.stderr(changes.length === 0 ? `ifconfig: ${name}: error fetching interface information: Device not found\n`
      : 'ifconfig: SIOCGIFFLAGS: No such device\n');
    return 1;
  }
  if (changes.length === 0) {
    sys.stdout(`${ifconfigBlock(sys.net, link)}\n`);
    return 0;
  }
  return change(sys, link, changes);
}

function change(sys: Sys, link: LinkRow, words: readonly string[]): number {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    let refusal: string | undefined;
    if (word === 'up' || word === 'down') {
      refusal = refused('SIOCSIFFLAGS', sys.net.setLink(link, { up: word === 'up' }));
    } else if (word === 'mtu' && /^\d+$/.test(words[at + 1] ?? '')) {
      refusal = refused('SIOCSIFMTU', sys.net.setLink(link, { mtu: Number(words[++at]) }));
    } else {
      refusal = `bad address '${word}'`;
    }
    if (refusal !== undefined) {
      sys.stderr(`ifconfig: ${refusal}\n`);
      return 1;
    }
  }
  return 0;
}

function refused(call: string, reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : `${call}: ${reason}`;
}

/** eth2 comes before eth10. */
function byName(a: string, b: string): number {
  const [, aText, aNumber] = /^(.*?)(\d*)$/.exec(a)!;
  const [, bText, bNumber] = /^(.*?)(\d*)$/.exec(b)!;
  if (aText !== bText) return aText! < bText! ? -1 : 1;
  return Number(aNumber) - Number(bNumber);
}

// What a kernel's events say, a line each.

import { type Fields, type Names, cidr, ip, macOf } from './names.js';

/** Says what a record means; the names are those of its moment. */
export type Telling = (fields: Fields, names: Names) => string;

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' };
const protocol = (number: unknown): string => PROTOCOLS[Number(number)] ?? `protocol ${String(number)}`;

const where = (fields: Fields): string => (Number(fields['prefix']) === 0 ? 'the default route' : cidr(fields));
const onward = (fields: Fields, names: Names): string => {
  const gateway = Number(fields['gateway']);
  return `${gateway === 0 ? '' : ` via ${ip(gateway)}`} on ${names.link(fields['link'])}`;
};
const flood = (mac: unknown): string => (Number(mac) === 0 ? 'everything else' : macOf(mac));

export const KERNEL_LINES: Readonly<Record<string, Telling>> = {
  NetnsAdded: ({ netns }, names) => `namespace of ${names.place(netns)} made`,
  NetnsDeleted: ({ netns }, names) => `namespace of ${names.place(netns)} gone`,
  LinkAdded: ({ link, kind, mac }, names) => `${String(kind)} ${names.link(link)} made, ${macOf(mac)}`,
  VlanNumbered: ({ link, vlan }, names) => `${names.link(link)} is VLAN ${Number(vlan)}`,
  MacvlanModeSet: ({ link, mode }, names) => `${names.link(link)} is in mode ${String(mode)}`,
  LinkDeleted: ({ link }, names) => `${names.link(link)} deleted`,
  LinkUp: ({ link }, names) => `${names.link(link)} set up`,
  LinkDown: ({ link }, names) => `${names.link(link)} set down`,
  CarrierGained: ({ link }, names) => `${names.link(link)} has carrier`,
  CarrierLost: ({ link }, names) => `${names.link(link)} has no carrier`,
  LinkMoved: ({ link }, names) => `moved: now ${names.link(link)}`,
  LinkEnslaved: ({ link, master }, names) =>
    `${names.link(link)}${names.behind(link)} is a port of ${names.link(master)}`,
  LinkReleased: ({ link }, names) => `${names.link(link)} is no port any more`,
  LinkMacSet: ({ link, mac }, names) => `${names.link(link)} has MAC ${macOf(mac)}`,
  LinkMtuSet: ({ link, mtu }, names) => `${names.link(link)} has MTU ${Number(mtu)}`,
  AddressAdded: (fields, names) => `${names.link(fields['link'])} has address ${cidr(fields)}`,
  AddressDeleted: (fields, names) => `${names.link(fields['link'])} lost address ${cidr(fields)}`,
  RouteAdded: (fields, names) => `${names.place(fields['netns'])} reaches ${where(fields)}${onward(fields, names)}`,
  RouteDeleted: (fields, names) =>
    `${names.place(fields['netns'])} no longer reaches ${where(fields)}${onward(fields, names)}`,
  NeighbourChanged: ({ link, address, mac, state }, names) =>
    `${names.link(link)}: ${ip(address)} ${Number(mac) === 0 ? '' : `is at ${macOf(mac)}, `}${String(state)}`,
  NeighbourDeleted: ({ link, address }, names) => `${names.link(link)}: ${ip(address)} forgotten`,
  FdbLearned: ({ bridge, mac, port }, names) =>
    `${names.link(bridge)} learned ${macOf(mac)} behind ${names.link(port)}${names.behind(port)}`,
  FdbMoved: ({ bridge, mac, port }, names) =>
    `${names.link(bridge)}: ${macOf(mac)} moved behind ${names.link(port)}${names.behind(port)}`,
  FdbAged: ({ bridge, mac }, names) => `${names.link(bridge)} forgot ${macOf(mac)}, silent for too long`,
  FdbAdded: ({ link, mac, remote }, names) => `${names.link(link)}: ${flood(mac)} goes to tunnel end ${ip(remote)}`,
  FdbDeleted: ({ link, mac, remote }, names) =>
    `${names.link(link)}: ${flood(mac)} no longer goes to tunnel end ${ip(remote)}`,
  SocketBound: ({ netns, protocol: name, address, port }, names) =>
    `${names.place(netns)} listens on ${String(name)} ${ip(address)}:${Number(port)}`,
  SocketClosed: ({ socket }) => `socket ${Number(socket)} closed`,
  ForwardingSet: ({ netns, enabled }, names) =>
    `${names.place(netns)} forwards ${enabled === true ? 'packets' : 'no packets'}`,
  TcpStateChanged: ({ netns, port, remoteAddress, remotePort, state }, names) =>
    `${names.place(netns)}: tcp port ${Number(port)} to ${ip(remoteAddress)}:${Number(remotePort)} ${String(state)}`,
  TableLoaded: ({ netns, table }, names) => `${names.place(netns)} uses table ${String(table)}`,
  ChainCreated: ({ table, chain }) => `iptables -t ${String(table)} -N ${String(chain)}`,
  ChainDeleted: ({ table, chain }) => `iptables -t ${String(table)} -X ${String(chain)}`,
  PolicySet: ({ table, chain, policy }) => `iptables -t ${String(table)} -P ${String(chain)} ${String(policy)}`,
  RuleAppended: ({ table, chain, rule }) => `iptables -t ${String(table)} -A ${String(chain)} ${String(rule)}`,
  RuleInserted: ({ table, chain, place, rule }) =>
    `iptables -t ${String(table)} -I ${String(chain)} ${Number(place)} ${String(rule)}`,
  RuleDeleted: ({ table, chain, rule }) => `iptables -t ${String(table)} -D ${String(chain)} ${String(rule)}`,
  FlowCreated: ({ netns, protocol: number, source, sourcePort, target, targetPort, state }, names) =>
    `${names.place(netns)} follows ${protocol(number)} ${ip(source)}:${Number(sourcePort)} to ` +
      `${ip(target)}:${Number(targetPort)}, ${String(state)}`,
  FlowChanged: ({ flow, state, replied }) =>
    `flow ${Number(flow)} is ${String(state)}${replied === true ? ', answered' : ''}`,
  FlowExpired: ({ flow }) => `flow ${Number(flow)} is over`,
};

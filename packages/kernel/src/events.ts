// Every change of a kernel table. Words as iproute2 prints them. Numbers 40 to 119.

import { defineRecords, type RecordOf } from '@netreel/sim';

export const kernelEvents = defineRecords({
  NetnsAdded: { number: 40, fields: { netns: 'text' } },
  NetnsDeleted: { number: 41, fields: { netns: 'text' } },
  /**
   * `link` is the interface index, unique on the host. `peer` (veth), `parent` (macvlan, VLAN), `vni` `local` `port`
   * (vxlan) are 0 where they mean nothing.
   */
  LinkAdded: {
    number: 42,
    fields: { link: 'int', netns: 'text', name: 'text', kind: 'text', mac: 'mac', mtu: 'int',
      peer: 'int', parent: 'int', vni: 'int', local: 'ipv4', port: 'int' },
  },
  /** A VLAN that was just made carries this number in its frames' tags. */
  VlanNumbered: { number: 110, fields: { link: 'int', vlan: 'int' } },
  /** A macvlan device that was just made: `bridge`, `private`, `vepa` or `passthru`. */
  MacvlanModeSet: { number: 111, fields: { link: 'int', mode: 'text' } },
  LinkDeleted: { number: 43, fields: { link: 'int' } },
  /** Set up or down by an administrator (`ip link set up|down`). */
  LinkUp: { number: 44, fields: { link: 'int' } },
  LinkDown: { number: 45, fields: { link: 'int' } },
  /** The other end came or went: LOWER_UP in `ip link`. */
  CarrierGained: { number: 46, fields: { link: 'int' } },
  CarrierLost: { number: 47, fields: { link: 'int' } },
  /** Moved to another namespace and renamed there. */
  LinkMoved: { number: 48, fields: { link: 'int', netns: 'text', name: 'text' } },
  LinkEnslaved: { number: 49, fields: { link: 'int', master: 'int' } },
  LinkReleased: { number: 50, fields: { link: 'int' } },
  LinkMacSet: { number: 51, fields: { link: 'int', mac: 'mac' } },
  LinkMtuSet: { number: 52, fields: { link: 'int', mtu: 'int' } },
  AddressAdded: { number: 53, fields: { link: 'int', address: 'ipv4', prefix: 'int' } },
  AddressDeleted: { number: 54, fields: { link: 'int', address: 'ipv4', prefix: 'int' } },
  /** `gateway` 0: on link. `source` 0: chosen by the address of the link. */
  RouteAdded: {
    number: 55,
    fields: { netns: 'text', destination: 'ipv4', prefix: 'int', gateway: 'ipv4', link: 'int', source: 'ipv4',
      metric: 'int' },
  },
  RouteDeleted: { number: 56, fields: { netns: 'text', destination: 'ipv4', prefix: 'int', gateway: 'ipv4',
    link: 'int', metric: 'int' } },
  /** `state` as in `ip neigh`: INCOMPLETE REACHABLE STALE DELAY PROBE FAILED PERMANENT. `mac` 0 while unknown. */
  NeighbourChanged: { number: 57, fields: { link: 'int', address: 'ipv4', mac: 'mac', state: 'text' } },
  NeighbourDeleted: { number: 58, fields: { link: 'int', address: 'ipv4' } },
  /** A bridge saw `mac` as a source behind its port `port` (an interface index). */
  FdbLearned: { number: 59, fields: { bridge: 'int', mac: 'mac', port: 'int' } },
  FdbMoved: { number: 60, fields: { bridge: 'int', mac: 'mac', port: 'int' } },
  FdbAged: { number: 61, fields: { bridge: 'int', mac: 'mac' } },
  /** A row of a vxlan device: `mac` (0 for all others: the flood list) is behind the tunnel end `remote`. */
  FdbAdded: { number: 62, fields: { link: 'int', mac: 'mac', remote: 'ipv4' } },
  FdbDeleted: { number: 63, fields: { link: 'int', mac: 'mac', remote: 'ipv4' } },
  SocketBound: { number: 64, fields: { netns: 'text', socket: 'int', protocol: 'text', address: 'ipv4', port: 'int' } },
  SocketClosed: { number: 65, fields: { socket: 'int' } },
  /** net.ipv4.ip_forward of one namespace. */
  ForwardingSet: { number: 66, fields: { netns: 'text', enabled: 'flag' } },
  /** `state` by its name in RFC 9293. A connection's row begins with its first one; SocketClosed ends it. */
  TcpStateChanged: {
    number: 67,
    fields: { netns: 'text', socket: 'int', address: 'ipv4', port: 'int', remoteAddress: 'ipv4', remotePort: 'int',
      state: 'text' },
  },
  /** A table of the filter (`nat`, `filter`) came into use, with its built-in chains. */
  TableLoaded: { number: 80, fields: { netns: 'text', table: 'text' } },
  ChainCreated: { number: 81, fields: { netns: 'text', table: 'text', chain: 'text' } },
  ChainDeleted: { number: 82, fields: { netns: 'text', table: 'text', chain: 'text' } },
  /** ACCEPT or DROP at the end of a built-in chain. */
  PolicySet: { number: 83, fields: { netns: 'text', table: 'text', chain: 'text', policy: 'text' } },
  /** `rule` in iptables' words, such as `-i docker0 -j ACCEPT`. `place` counts from 1. */
  RuleAppended: { number: 84, fields: { netns: 'text', table: 'text', chain: 'text', rule: 'text' } },
  RuleInserted: { number: 85, fields: { netns: 'text', table: 'text', chain: 'text', place: 'int', rule: 'text' } },
  RuleDeleted: { number: 86, fields: { netns: 'text', table: 'text', chain: 'text', place: 'int', rule: 'text' } },
  /**
   * A flow's first packet arrived or left. `reply…`: what its answers look like. Of ICMP `sourcePort` is the
   * identifier, `targetPort` type and code.
   */
  FlowCreated: {
    number: 87,
    fields: { netns: 'text', flow: 'int', protocol: 'int', source: 'ipv4', sourcePort: 'int', target: 'ipv4',
      targetPort: 'int', replySource: 'ipv4', replySourcePort: 'int', replyTarget: 'ipv4', replyTargetPort: 'int',
      state: 'text' },
  },
  FlowChanged: { number: 88, fields: { netns: 'text', flow: 'int', state: 'text', replied: 'flag' } },
  FlowExpired: { number: 89, fields: { netns: 'text', flow: 'int' } },
  /** Whether links that come to a namespace from now on speak IPv6. */
  Ipv6Set: { number: 95, fields: { netns: 'text', enabled: 'flag' } },
  LinkIpv6Set: { number: 96, fields: { link: 'int', enabled: 'flag' } },
  /** `state`: tentative, preferred or duplicate. `nodad`: nobody is asked whether the address is taken. */
  Address6Added: { number: 97, fields: { link: 'int', address: 'ipv6', prefix: 'int', state: 'text', nodad: 'flag' } },
  Address6Changed: { number: 98, fields: { link: 'int', address: 'ipv6', state: 'text' } },
  Address6Deleted: { number: 99, fields: { link: 'int', address: 'ipv6' } },
  /** `gateway` `::`: on link. `source` `::`: chosen by the addresses of the link. */
  Route6Added: {
    number: 100,
    fields: { netns: 'text', destination: 'ipv6', prefix: 'int', gateway: 'ipv6', link: 'int', source: 'ipv6',
      metric: 'int' },
  },
  Route6Deleted: { number: 101, fields: { netns: 'text', destination: 'ipv6', prefix: 'int', gateway: 'ipv6',
    link: 'int', metric: 'int' } },
  /** Like NeighbourChanged, heard by neighbour discovery. */
  Neighbour6Changed: {
    number: 102, fields: { link: 'int', address: 'ipv6', mac: 'mac', state: 'text', router: 'flag' },
  },
  Neighbour6Deleted: { number: 103, fields: { link: 'int', address: 'ipv6' } },
  /** net.ipv6.conf.all.forwarding of one namespace. */
  Forwarding6Set: { number: 104, fields: { netns: 'text', enabled: 'flag' } },
  /** A socket of IPv6; one on `::` takes IPv4 as well unless `v6only`. */
  Socket6Bound: {
    number: 105,
    fields: { netns: 'text', socket: 'int', protocol: 'text', address: 'ipv6', port: 'int', v6only: 'flag' },
  },
  /** Like TcpStateChanged. Mapped addresses are IPv4 seen through a socket of IPv6. */
  Tcp6StateChanged: {
    number: 106,
    fields: { netns: 'text', socket: 'int', address: 'ipv6', port: 'int', remoteAddress: 'ipv6', remotePort: 'int',
      state: 'text' },
  },
});

export type KernelEvent = RecordOf<typeof kernelEvents>;

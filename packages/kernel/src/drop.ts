// Why a packet was lost. Every loss has one of these reasons, a place and a count; none is an exception.

export type DropReason =
  | 'link-down' | 'no-carrier' | 'queue-full' | 'mtu-exceeded' | 'not-for-us' | 'flood-empty'
  | 'bad-ethernet' | 'unknown-ethertype' | 'bad-arp' | 'ipv6-off' | 'bad-ipv6' | 'bad-ndp'
  | 'bad-ipv4' | 'bad-checksum' | 'ttl-exceeded' | 'no-route' | 'not-forwarding' | 'martian' | 'fragmentation-needed'
  | 'reassembly-timeout' | 'reassembly-overlap' | 'reassembly-full'
  | 'neighbour-failed' | 'neighbour-queue-full'
  | 'bad-icmp' | 'bad-udp' | 'port-unreachable' | 'protocol-unreachable' | 'socket-queue-full'
  | 'bad-tcp' | 'out-of-window' | 'old-timestamp' | 'listen-queue-full'
  | 'bad-vxlan' | 'unknown-vni' | 'no-tunnel-row'
  | 'filtered' | 'flow-table-full'
  | 'device-gone' | 'fault';

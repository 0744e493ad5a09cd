// Published ports: a proxy process on the host listens at each of them, and rules lead past it whoever does not come
// from the container's own bridge or from the host's loopback.

import type { EngineEvent, EngineTables, ProxyRefusal, PublishedPort } from '@netreel/engine';
import type { Kernel, TableName, TcpListener, UdpSocket } from '@netreel/kernel';
import { type FileTree, type ProcessTable, type Program, tcpProxy, udpProxy } from '@netreel/programs';
import { assert } from '@netreel/sim';
import { formatIpv4, parseIpv4 } from '@netreel/wire';
import { HOST_NETNS } from './bridge.js';
import { made } from './links.js';

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

interface Rule { readonly table: TableName; readonly chain: string; readonly text: string }

/** What listens at one port of the host. */
interface Proxy {
  readonly pid: number;
  readonly socket: TcpListener | UdpSocket;
}

/** net.core.somaxconn, which is what Go's listeners ask for. */
const BACKLOG = 4096;
const EXECUTABLE = '/usr/sbin/docker-proxy';

export class Publisher {
  /** By `ADDRESS:PORT/PROTOCOL` of the host; those at IPv6 addresses have nothing that listens. */
  private readonly proxies = new Map<string, Proxy | undefined>();
  /** By endpoint. */
  private readonly published = new Map<string, readonly PublishedPort[]>();
  private readonly rules = new Map<string, readonly Rule[]>();

  constructor(private readonly kernel: Kernel, private readonly processes: ProcessTable,
    private readonly tables: EngineTables, private readonly hostname: string, private readonly files: FileTree) {}

  /** Binds the port and starts a proxy on it. */
  openProxy(port: PublishedPort, target: number): ProxyRefusal | undefined {
    if (port.protocol !== 'tcp' && port.protocol !== 'udp') return 'EPROTONOSUPPORT';
    const address = parseIpv4(port.hostAddress);
    if (address === undefined) return this.openAtIpv6(port);
    const socket = port.protocol === 'tcp' ? this.listen(address, port.hostPort) : this.bind(address, port.hostPort);
    if (typeof socket === 'string') return socket;
    const inside = { address: target, port: port.port };
    const program = 'accept' in socket ? tcpProxy(socket, inside) : udpProxy(socket, inside);
    this.proxies.set(placeOf(port), { pid: this.start(program, port, target), socket });
    return undefined;
  }

  closeProxy(port: PublishedPort): void {
    const place = placeOf(port);
    const proxy = this.proxies.get(place);
    this.proxies.delete(place);
    if (proxy === undefined) return;
    // One that has not had its first step yet does not own its socket.
    proxy.socket.close();
    this.processes.signal(proxy.pid, 'SIGKILL');
  }

  portsPublished({ endpoint, network, ports }: Of<'PortsPublished'>): void {
    const row = this.tables.endpoints.get(endpoint);
    const bridge = this.tables.networks.get(network)?.bridge;
    assert(row !== undefined && bridge !== undefined, `nothing to publish at endpoint ${endpoint}`);
    const list = ports as unknown as readonly PublishedPort[];
    const rules: Rule[] = [];
    for (const rule of list.flatMap((port) => rulesOf(port, formatIpv4(row.address), bridge))) {
      // Two ports of the host may lead to one of the container.
      if (rules.some((one) => one.table === rule.table && one.text === rule.text)) continue;
      made(this.kernel.appendRule(HOST_NETNS, rule.table, rule.chain, rule.text));
      rules.push(rule);
    }
    this.rules.set(endpoint, rules);
    this.published.set(endpoint, list);
  }

  portsWithdrawn({ endpoint }: Of<'PortsWithdrawn'>): void {
    // A rule that an administrator has taken away himself is not missed.
    for (const { table, chain, text } of this.rules.get(endpoint) ?? []) {
      this.kernel.deleteRule(HOST_NETNS, table, chain, text);
    }
    for (const port of this.published.get(endpoint) ?? []) this.closeProxy(port);
    this.rules.delete(endpoint);
    this.published.delete(endpoint);
    const row = this.tables.endpoints.get(endpoint);
    // Whoever talks to the container goes on by another way, or not at all.
    if (row !== undefined) this.kernel.forgetFlows(HOST_NETNS, row.address);
  }

  private listen(address: number, port: number): TcpListener | ProxyRefusal {
    const socket = this.kernel.sockets(HOST_NETNS).tcpListener();
    const refused = socket.bind(address, port) ?? socket.listen(BACKLOG);
    if (refused === undefined) return socket;
    socket.close();
    return refusalOf(refused);
  }

  private bind(address: number, port: number): UdpSocket | ProxyRefusal {
    const socket = this.kernel.sockets(HOST_NETNS).udp();
    const refused = socket.bind(address, port);
    if (refused === undefined) return socket;
    socket.close();
    return refusalOf(refused);
  }

  /** Nothing listens there, as the host speaks no IPv6; but what listens at all addresses has the port there too. */
  private openAtIpv6(port: PublishedPort): ProxyRefusal | undefined {
    const { hostAddress, hostPort, protocol } = port;
    if (hostAddress !== '::' && hostAddress !== '::1') return 'EADDRNOTAVAIL';
    const other = { ...port, hostAddress: hostAddress === '::' ? '::1' : '::' };
    if (this.proxies.has(placeOf(other))) return 'EADDRINUSE';
    const own = new Set([...this.proxies.values()].map((proxy) => proxy?.socket.id));
    for (const socket of this.kernel.tables.sockets.values()) {
      if (socket.netns === HOST_NETNS && socket.protocol === protocol && socket.port === hostPort
        && socket.address === 0 && !own.has(socket.socket)) return 'EADDRINUSE';
    }
    this.proxies.set(placeOf(port), undefined);
    return undefined;
  }

  private start(program: Program, port: PublishedPort, target: number): number {
    const pid = this.processes.start({
      program, argv: [EXECUTABLE, '-proto', port.protocol, '-host-ip', port.hostAddress, '-host-port',
        String(port.hostPort), '-container-ip', formatIpv4(target), '-container-port', String(port.port)],
      env: new Map(), netns: HOST_NETNS, hostname: this.hostname, files: this.files, init: false, stdin: 'closed',
      tty: false, privileged: true,
    }, { write: () => undefined, ended: () => undefined });
    assert(pid !== undefined, 'a proxy has a program of its own');
    return pid;
  }
}

function placeOf({ hostAddress, hostPort, protocol }: PublishedPort): string {
  return `${hostAddress}:${hostPort}/${protocol}`;
}

function refusalOf(errno: string): ProxyRefusal {
  return errno === 'EADDRINUSE' ? errno : 'EADDRNOTAVAIL';
}

/** Docker's three rules for a port: in from outside, through the firewall, and back out to the container itself. */
function rulesOf({ port, protocol, hostAddress, hostPort }: PublishedPort, inside: string, bridge: string):
readonly Rule[] {
  if (parseIpv4(hostAddress) === undefined) return [];
  const at = hostAddress === '0.0.0.0' ? '' : `-d ${hostAddress}/32 `;
  return [
    { table: 'nat', chain: 'DOCKER', text: `${at}! -i ${bridge} -p ${protocol} -m ${protocol} --dport ${hostPort} ` +
      `-j DNAT --to-destination ${inside}:${port}` },
    { table: 'filter', chain: 'DOCKER', text: `-d ${inside}/32 ! -i ${bridge} -o ${bridge} -p ${protocol} ` +
      `-m ${protocol} --dport ${port} -j ACCEPT` },
    { table: 'nat', chain: 'POSTROUTING', text: `-s ${inside}/32 -d ${inside}/32 -p ${protocol} -m ${protocol} ` +
      `--dport ${port} -j MASQUERADE` },
  ];
}

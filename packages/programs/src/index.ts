export type {
  Program, Sys, Signal, ProcessSpec, ProcessIo, ProcessTable, FileTree, FileStat, NetView, RunOptions, Child,
  TextSource, ProcessRow, TerminalView,
} from './contract.js';
export type { ProcessPort } from './process-port.js';
export { MemoryTree } from './memory-tree.js';
export { Processes } from './processes.js';
export { compileFilter } from './program/network/filter.js';
export type { FrameFilter } from './program/network/filter.js';
export { catalogue, hasProgram, packages } from './catalogue.js';
export { DEFAULT_SEARCH_PATH, canRun, executableText, locate } from './loader.js';
export { APK, APT } from './program/package/installed.js';
export { absolutePath } from './files.js';
export { EmbeddedDns } from './dns/embedded-dns.js';
export type { EmbeddedDnsOptions, NameSource } from './dns/embedded-dns.js';
export { DnsServer } from './dns/dns-server.js';
export type { DnsServerOptions } from './dns/dns-server.js';
export type { ListenerPort } from './dns/listener.js';
export { signalNumber } from './signals.js';
export { tcpProxy, udpProxy } from './program/stream/proxy.js';
export type { ProxyTarget } from './program/stream/proxy.js';
export { whoami } from './program/stream/whoami.js';

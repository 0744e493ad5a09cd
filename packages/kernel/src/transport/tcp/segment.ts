// An incoming segment, read once. One object for all: what must last is taken out of it.

import { TCP, TCP_FLAG, TcpOptionValues, read16, read32, tcpHeaderBytes, type Address } from '@netreel/wire';

export class Segment {
  source: Address = 0;
  target: Address = 0;
  sourcePort = 0;
  targetPort = 0;
  sequence = 0;
  acknowledgment = 0;
  flags = 0;
  /** As it stands in the header. */
  window = 0;
  buffer: Uint8Array = new Uint8Array(0);
  /** Where the payload lies. */
  from = 0;
  to = 0;
  readonly options = new TcpOptionValues();

  /** The segment at `at` to `end`, whose lengths have been checked. */
  read(buffer: Uint8Array, at: number, end: number, source: Address, target: Address): void {
    this.source = source;
    this.target = target;
    this.buffer = buffer;
    this.sourcePort = read16(buffer, at + TCP.SOURCE_PORT);
    this.targetPort = read16(buffer, at + TCP.TARGET_PORT);
    this.sequence = read32(buffer, at + TCP.SEQUENCE);
    this.acknowledgment = read32(buffer, at + TCP.ACKNOWLEDGMENT);
    this.flags = buffer[at + TCP.FLAGS]!;
    this.window = read16(buffer, at + TCP.WINDOW);
    this.from = at + tcpHeaderBytes(buffer, at);
    this.to = end;
    this.options.read(buffer, at);
  }

  get payloadBytes(): number {
    return this.to - this.from;
  }

  /** SEG.LEN: SYN and FIN count. */
  get length(): number {
    return this.to - this.from + (this.has(TCP_FLAG.syn) ? 1 : 0) + (this.has(TCP_FLAG.fin) ? 1 : 0);
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}

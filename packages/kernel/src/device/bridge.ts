// A learning bridge. IEEE 802.1D clauses 7.7 (forwarding), 7.8 (learning), 7.9 (ageing). No spanning tree, as Docker's
// bridges have none. The rows are a table (events); when each was last seen is machine state.

import { type Handler, SECOND, type SimTime, type Ticket } from '@netreel/sim';
import { ETHERNET, ETHERTYPE, type Frame, type Mac, checkIpv4, read16, read32, read48 } from '@netreel/wire';
import { NetDevice } from './device.js';

/** A learned address that has not been seen for so long is forgotten (802.1D table 7-5). */
export const FDB_AGEING_NS = 300 * SECOND;

const RECENT = 256;

/** The live side of a row of the forwarding table. `port` is undefined once the row is gone. */
export interface ForwardingEntry {
  readonly mac: Mac;
  port: NetDevice | undefined;
  seenAt: SimTime;
}

export class BridgeDevice extends NetDevice implements Handler<undefined> {
  /** In the order in which they were enslaved. */
  readonly ports: NetDevice[] = [];
  /** Whether somebody chose the MTU; it follows the ports' otherwise. */
  mtuIsChosen = false;
  /** One entry for each row of `row.fdb`, in the same order. */
  private readonly entries = new Map<Mac, ForwardingEntry>();
  /** Entries asked for lately, by the last byte of their MAC: a map of 48-bit keys costs more than all of `forward`. */
  private readonly recent: (ForwardingEntry | undefined)[] = new Array<undefined>(RECENT).fill(undefined);
  private ageing: Ticket | undefined = undefined;

  addPort(port: NetDevice): void {
    this.ports.push(port);
    port.bridge = this;
  }

  removePort(port: NetDevice): void {
    this.forget(port);
    const at = this.ports.indexOf(port);
    if (at >= 0) this.ports.splice(at, 1);
    port.bridge = undefined;
    port.recentSource = undefined;
  }

  /** Drops the rows behind a port that left or lost its carrier; without a port, all rows. */
  forget(port?: NetDevice): void {
    for (const entry of this.entries.values()) {
      if (port === undefined || entry.port === port) this.age(entry);
    }
  }

  /** A frame came in through one of the ports. */
  forward(frame: Frame, ingress: NetDevice): void {
    const { buffer, start } = frame;
    if (!this.row.up) {
      this.dropIn('link-down', frame);
      return;
    }
    if ((buffer[start + ETHERNET.SOURCE]! & 1) === 1) {
      this.dropIn('bad-ethernet', frame);
      return;
    }
    this.learn(read48(buffer, start + ETHERNET.SOURCE), ingress);
    if ((buffer[start]! & 1) === 1) {
      // 802.1D clause 7.12.6: these sixteen addresses never cross a bridge.
      const stays = read32(buffer, start) === 0x0180_c200 && buffer[start + 4] === 0 && buffer[start + 5]! < 16;
      if (stays || !this.mayCross(frame)) this.receive(frame);
      else this.flood(frame, ingress, true);
      return;
    }
    const target = read48(buffer, start);
    if (target === this.row.mac || this.stacked?.wants(frame) === true) {
      this.receive(frame);
      return;
    }
    if (!this.mayCross(frame)) {
      this.dropIn('filtered', frame);
      return;
    }
    const entry = this.entry(target);
    if (entry === undefined) this.flood(frame, ingress, false);
    // Behind the port that it came from: the target has it already.
    else if (entry.port === ingress) this.dropIn('not-for-us', frame);
    else entry.port!.transmit(frame);
  }

  /** The bridge's own stack sends. */
  transmit(frame: Frame): void {
    if (!this.admits(frame)) return;
    this.sent(frame);
    const { buffer, start } = frame;
    const target = read48(buffer, start);
    const entry = (buffer[start]! & 1) === 1 ? undefined : this.entry(target);
    // From a macvlan device on it: who sends by the bridge does not reach the bridge.
    if (target === this.row.mac) this.dropOut('not-for-us', frame);
    else if (entry === undefined) this.flood(frame, undefined, false);
    else entry.port!.transmit(frame);
  }

  /** The bridge's own stack receives. */
  receive(frame: Frame): void {
    if (!this.arrive(frame) || this.stacked?.take(frame) === true) return;
    this.stack.receive(this, frame);
  }

  override shut(): void {
    this.forget();
  }

  override close(): void {
    super.close();
    if (this.ageing !== undefined) this.core.port.cancel(this.ageing);
    this.ageing = undefined;
  }

  /** Bridged IPv4 is shown to the rules of the bridge's namespace (net.bridge.bridge-nf-call-iptables). */
  private mayCross(frame: Frame): boolean {
    const { filter } = this.stack;
    if (filter === undefined || !filter.active) return true;
    if (read16(frame.buffer, frame.start + ETHERNET.TYPE) !== ETHERTYPE.ipv4) return true;
    frame.start += ETHERNET.LENGTH;
    const passes = checkIpv4(frame.buffer, frame.start, frame.end) === undefined && filter.mayCross(frame, this.row);
    frame.start -= ETHERNET.LENGTH;
    return passes;
  }

  /** To every other working port and, if `upToo`, to the own stack; each but the last gets a copy. */
  private flood(frame: Frame, ingress: NetDevice | undefined, upToo: boolean): void {
    const { ports, core } = this;
    let last: NetDevice | undefined;
    for (let i = 0; i < ports.length; i++) {
      const port = ports[i]!;
      if (port === ingress || !port.row.up || !port.row.carrier) continue;
      if (last !== undefined) last.transmit(core.pool.copy(frame));
      last = port;
    }
    if (upToo) {
      if (last !== undefined) last.transmit(core.pool.copy(frame));
      this.receive(frame);
    } else if (last !== undefined) {
      last.transmit(frame);
    } else {
      this.dropIn('flood-empty', frame);
    }
  }

  private entry(mac: Mac): ForwardingEntry | undefined {
    const place = mac & (RECENT - 1);
    const recent = this.recent[place];
    if (recent !== undefined && recent.mac === mac && recent.port !== undefined) return recent;
    return this.recent[place] = this.entries.get(mac);
  }

  private learn(source: Mac, ingress: NetDevice): void {
    const now = this.core.port.now();
    const recent = ingress.recentSource;
    if (recent !== undefined && recent.mac === source && recent.port === ingress) {
      recent.seenAt = now;
      return;
    }
    // A frame with the bridge's own address as its source comes from a loop or a forger.
    if (source === this.row.mac) return;
    let entry = this.entry(source);
    if (entry === undefined) {
      entry = { mac: source, port: ingress, seenAt: now };
      this.entries.set(source, entry);
      this.core.port.emit({ type: 'FdbLearned', bridge: this.row.index, mac: source, port: ingress.row.index });
      if (this.ageing === undefined) this.ageing = this.core.port.schedule(now + FDB_AGEING_NS, this, undefined);
    } else {
      entry.seenAt = now;
      if (entry.port !== ingress) {
        entry.port = ingress;
        this.core.port.emit({ type: 'FdbMoved', bridge: this.row.index, mac: source, port: ingress.row.index });
      }
    }
    ingress.recentSource = entry;
  }

  /** The oldest row may be due. Rows go in the order in which they were learned. */
  fire(): void {
    const now = this.core.port.now();
    this.ageing = undefined;
    let oldest = -1;
    for (const entry of this.entries.values()) {
      if (now - entry.seenAt >= FDB_AGEING_NS) this.age(entry);
      else if (oldest < 0 || entry.seenAt < oldest) oldest = entry.seenAt;
    }
    if (oldest >= 0) this.ageing = this.core.port.schedule(oldest + FDB_AGEING_NS, this, undefined);
  }

  private age(entry: ForwardingEntry): void {
    entry.port = undefined;
    this.entries.delete(entry.mac);
    this.core.port.emit({ type: 'FdbAged', bridge: this.row.index, mac: entry.mac });
  }
}

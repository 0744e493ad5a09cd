// A million spoilt frames through a host with listeners, published ports and a tunnel: nothing throws, every loss has a
// reason, and nothing grows without end. The same seed gives the same run.

import { MILLISECOND, SECOND, type RandomStream } from '../../packages/sim/src/index.js';
import {
  ETHERNET, IPV4, PROTOCOL, TCP, TCP_FLAG, checkIpv4, ipv4HeaderBytes, read16, read32, tcpHeaderBytes,
} from '../../packages/wire/src/index.js';
import { linkOf, type KernelUnderTest } from '../../packages/kernel/src/testing.js';
import { mutate } from './mutate.js';
import { IN, OUTER, frame, tcp } from './seeds.js';
import { DOORS, HOST, PEER, TCP_PORT, targetHost } from './target.js';

const SEED = 'test/fuzz';
const FRAMES = 1_000_000;
/** Between frames; together they last sixteen minutes. */
const PAUSE_NS = MILLISECOND;
const FRAMES_A_STEP = 250;
const ANSWER_FLAGS = [TCP_FLAG.ack, TCP_FLAG.ack | TCP_FLAG.psh, TCP_FLAG.fin | TCP_FLAG.ack, TCP_FLAG.rst,
  TCP_FLAG.syn | TCP_FLAG.ack, TCP_FLAG.syn, 0, 0xff];

/** What may be held at any moment, whatever comes. */
const TAKEN_MOST = 5000;
const SOCKETS_MOST = 2000;
const ROWS_MOST = 70_000;

class Attack {
  readonly host: KernelUnderTest = targetHost();
  readonly reasons = new Map<string, number>();
  lost = 0;
  private readonly random: RandomStream = this.host.machine.random(SEED);
  private readonly bytes = new Uint8Array(4096);
  private length = 0;
  /** The last TCP segment that left for the peer: what is sent back is right about its numbers. */
  private readonly heard = new Uint8Array(2048);
  private heardBytes = 0;
  private readonly doors = DOORS.map(([netns, name]) => linkOf(this.host.kernel, netns, name));

  constructor() {
    this.host.kernel.tap = {
      frame: (direction, link, { buffer, start, end }) => {
        if (direction !== 'out' || link.kind !== 'nic' || end - start > this.heard.length) return;
        if (buffer[start + ETHERNET.LENGTH + IPV4.PROTOCOL] !== PROTOCOL.tcp) return;
        this.heard.set(buffer.subarray(start, end));
        this.heardBytes = end - start;
      },
      dropped: (_, reason) => {
        this.lost++;
        this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
      },
    };
  }

  /** One more frame. Answers what is wrong with what happened, if anything. */
  next(): string | undefined {
    const { kernel } = this.host;
    this.choose();
    this.length = mutate(this.random, this.bytes, this.length);
    const door = this.random.chance(3, 4) ? this.doors[0]! : this.doors[this.random.below(this.doors.length)]!;
    const before = this.lost;
    kernel.deliver(door, kernel.pool.adopt({ buffer: this.bytes, start: 0, end: this.length }));
    if (door === this.doors[0] && this.mustBeLost() && this.lost === before) return 'a loss was not counted';
    return undefined;
  }

  /** What the last frame was, for whoever looks for the fault. */
  hex(): string {
    return Buffer.from(this.bytes.subarray(0, this.length)).toString('hex');
  }

  private choose(): void {
    const { random } = this;
    const kind = random.below(10);
    const chosen = kind < 3 && this.heardBytes > 0 ? this.answer() : kind === 3 ? this.stranger()
      : OUTER[random.below(OUTER.length)]!;
    this.bytes.set(chosen);
    this.length = chosen.length;
  }

  /** The next segment of a conversation, or what looks like it. */
  private answer(): Uint8Array {
    const at = ETHERNET.LENGTH + ipv4HeaderBytes(this.heard, ETHERNET.LENGTH);
    const flags = this.heard[at + TCP.FLAGS]!;
    const length = this.heardBytes - at - tcpHeaderBytes(this.heard, at)
      + ((flags & (TCP_FLAG.syn | TCP_FLAG.fin)) === 0 ? 0 : 1);
    const near = this.random.chance(1, 4) ? this.random.below(3000) - 1500 : 0;
    return frame(tcp(IN, read16(this.heard, at + TCP.TARGET_PORT), read16(this.heard, at + TCP.SOURCE_PORT),
      ANSWER_FLAGS[this.random.below(ANSWER_FLAGS.length)]!, (read32(this.heard, at + TCP.ACKNOWLEDGMENT) + near) >>> 0,
      this.bytes.slice(0, this.random.below(60)), (read32(this.heard, at + TCP.SEQUENCE) + length) >>> 0));
  }

  /** A SYN that nobody will go on with: a flood of them, now and then. */
  private stranger(): Uint8Array {
    return frame(tcp([(PEER + this.random.below(200)) >>> 0, HOST], this.random.below(65_536), TCP_PORT, TCP_FLAG.syn,
      this.random.word()));
  }

  /** An IPv4 packet with a bad header, for the MAC of the NIC. */
  private mustBeLost(): boolean {
    const { bytes, length } = this;
    if (length < ETHERNET.LENGTH || (bytes[0]! & 1) === 1 || read16(bytes, ETHERNET.TYPE) !== 0x0800) return false;
    return checkIpv4(bytes, ETHERNET.LENGTH, length) !== undefined;
  }
}

function runFor(attack: Attack, frames: number): void {
  const { host } = attack;
  let now = host.machine.now();
  for (let round = 0; round < frames; round++) {
    let wrong: string | undefined;
    try {
      wrong = attack.next();
    } catch (error) {
      wrong = String((error as Error).stack);
    }
    if (wrong !== undefined) throw new Error(`seed ${SEED}, frame ${round}, ${attack.hex()}: ${wrong}`);
    if (round % FRAMES_A_STEP !== 0) continue;
    host.run(now += FRAMES_A_STEP * PAUSE_NS);
    host.events.length = 0;
  }
  host.run(now + SECOND);
}

function held({ host: { kernel } }: Attack): Record<string, number> {
  const { tables } = kernel;
  let neighbours = 0;
  let fdb = 0;
  for (const link of tables.links.values()) {
    neighbours += link.neighbours.size;
    fdb += link.fdb.size;
  }
  return { taken: kernel.pool.taken, sockets: tables.sockets.size, flows: tables.filters.get('host')!.flows.size,
    neighbours, fdb };
}

describe('a million spoilt frames', () => {
  it('never throw, are counted where they are lost, and leave nothing behind', () => {
    const attack = new Attack();
    for (let part = 0; part < 10; part++) {
      runFor(attack, FRAMES / 10);
      const { taken, sockets, flows, neighbours, fdb } = held(attack);
      expect(taken).toBeLessThan(TAKEN_MOST);
      expect(sockets).toBeLessThan(SOCKETS_MOST);
      expect(Math.max(flows!, neighbours!, fdb!)).toBeLessThan(ROWS_MOST);
    }
    // The mutations are of use only while they reach every layer.
    for (const reason of ['bad-ethernet', 'unknown-ethertype', 'bad-arp', 'bad-ipv4', 'bad-checksum', 'martian',
      'bad-icmp', 'bad-udp', 'bad-tcp', 'bad-vxlan', 'unknown-vni', 'port-unreachable', 'protocol-unreachable',
      'ttl-exceeded', 'not-for-us', 'filtered', 'out-of-window', 'old-timestamp', 'reassembly-overlap',
      'reassembly-timeout', 'neighbour-failed']) {
      expect([reason, attack.reasons.get(reason)]).toEqual([reason, expect.any(Number)]);
    }
    // Five days: the longest that a flow is remembered.
    attack.host.run(attack.host.machine.now() + 500_000 * SECOND);
    const { taken, flows } = held(attack);
    expect([taken, flows]).toEqual([0, 0]);
  }, 240_000);

  it('go the same way when they come again', () => {
    const told = [0, 1].map(() => {
      const attack = new Attack();
      runFor(attack, 20_000);
      return JSON.stringify([[...attack.reasons], attack.host.kernel.drops(), held(attack)]);
    });
    expect(told[0]).toBe(told[1]);
  });
});

import { MILLISECOND, SECOND } from '@netreel/sim';
import { Drain, Wire, bytesOfLength, isText, pour } from './testing.js';

const LETTERS = Uint8Array.of(104, 101, 108, 108, 111);

describe('bytes over a connection', () => {
  it('RFC 9293 3.8: arrive in order, both ways at once', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const there = new Drain(server, 300_000);
    const back = new Drain(client, 300_000);
    pour(client, bytesOfLength(200_000));
    pour(server, bytesOfLength(150_001));
    wire.pass(5 * SECOND);
    expect(there.content()).toEqual(bytesOfLength(200_000));
    expect(back.content()).toEqual(bytesOfLength(150_001));
    expect([there.ended, back.ended]).toEqual([true, true]);
    expect(wire.host.kernel.pool.taken).toBe(0);
  });

  it.each([
    ['RFC 6675: with SACK', true], ['RFC 6582: without SACK (NewReno)', false],
  ])('%s, 10 MB arrive whole though every hundredth frame is lost both ways', (_, sack) => {
    const wire = new Wire(false);
    const random = wire.host.machine.random('test/loss');
    for (const end of ['client', 'server'] as const) {
      wire.lose(end, ({ frame, flags }) => {
        // An option of kind 4 becomes two that say nothing: the checksum is not looked at on a veth.
        if (!sack && (flags & 2) !== 0) frame.buffer.fill(1, frame.start + 58, frame.start + 60);
        return random.chance(1, 100);
      });
    }
    const [client, server] = wire.pair();
    const content = bytesOfLength(10_000_000);
    const drain = new Drain(server, content.length);
    pour(client, content);
    for (let second = 0; second < 120 && !drain.ended; second++) wire.pass(SECOND);
    expect(drain.ended).toBe(true);
    expect(Buffer.compare(drain.content(), content)).toBe(0);
  });

  it('RFC 6675 5: three segments lost of one window come again without a timeout', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let segments = 0;
    wire.lose('server', (passing) => isText(passing) && [20, 22, 25].includes(++segments));
    const drain = new Drain(server, 100_000);
    pour(client, bytesOfLength(100_000));
    wire.pass(100 * MILLISECOND);
    expect(drain.content()).toEqual(bytesOfLength(100_000));
  });

  it('RFC 8985 7, RFC 6298 5: the last segment is probed, comes after a timeout, then after twice as long', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let lost = 0;
    const at: number[] = [];
    wire.lose('server', (passing) => {
      if (!isText(passing)) return false;
      at.push(wire.host.machine.now());
      return ++lost <= 4;
    });
    client.send(LETTERS);
    wire.pass(3 * SECOND);
    expect(server.receive()).toEqual(LETTERS);
    const gaps = at.slice(1).map((each, i) => Math.round((each - at[i]!) / MILLISECOND));
    expect(gaps).toEqual([200, 200, 400, 800]);
  });

  it('RFC 9293 3.8.6.3: an ACK comes with more than one full segment, or 40 ms after what is less', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const acks: number[] = [];
    // As Linux does, a young connection acknowledges at once: sixteen times.
    for (let i = 0; i < 16; i++) {
      client.send(bytesOfLength(1448));
      wire.pass(MILLISECOND);
    }
    wire.lose('client', () => {
      acks.push(wire.host.machine.now());
      return false;
    });
    const before = wire.host.machine.now();
    client.send(LETTERS);
    wire.pass(100 * MILLISECOND);
    expect(acks.map((at) => Math.round((at - before) / MILLISECOND))).toEqual([40]);
    client.send(bytesOfLength(2896));
    wire.pass(10 * MILLISECOND);
    expect(acks).toHaveLength(2);
    // Linux: a program that has read all that was pushed does not let the other side wait.
    client.send(LETTERS);
    wire.pass(10 * MILLISECOND);
    expect(acks).toHaveLength(2);
    server.receive(1_000_000);
    wire.pass(MILLISECOND);
    expect(acks).toHaveLength(3);
  });

  it('RFC 9293 3.8.6.1: a closed window is asked about, less and less often, and opens when the program reads', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const content = bytesOfLength(500_000);
    pour(client, content);
    wire.pass(5 * SECOND);
    const asked: number[] = [];
    wire.lose('server', ({ payloadBytes }) => {
      expect(payloadBytes).toBe(0);
      asked.push(wire.host.machine.now());
      return false;
    });
    wire.pass(60 * SECOND);
    const gaps = asked.slice(1).map((at, i) => (at - asked[i]!) / MILLISECOND);
    expect(gaps.length).toBeGreaterThan(2);
    gaps.slice(1).forEach((gap, i) => expect(Math.round(gap / gaps[i]!)).toBe(2));
    // The reader's news of the window is lost: only the next probe tells.
    wire.lose('client', () => true);
    const drain = new Drain(server, content.length);
    wire.pass(SECOND);
    expect(drain.ended).toBe(false);
    wire.lose('server', () => false);
    wire.lose('client', () => false);
    wire.pass(120 * SECOND);
    expect(drain.ended).toBe(true);
    expect(Buffer.compare(drain.content(), content)).toBe(0);
  });

  it('RFC 9293 3.7.4: small writes wait for the ACK of the first one, unless they are in a hurry', () => {
    const wire = new Wire();
    const [client] = wire.pair();
    const sizes: number[] = [];
    wire.lose('server', (passing) => {
      if (isText(passing)) sizes.push(passing.payloadBytes);
      return false;
    });
    for (let i = 0; i < 10; i++) client.send(LETTERS);
    wire.pass(SECOND);
    expect(sizes).toEqual([5, 45]);
    client.noDelay = true;
    for (let i = 0; i < 10; i++) client.send(LETTERS);
    wire.pass(SECOND);
    expect(sizes).toEqual([5, 45, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
  });

  it('RFC 9293 3.8.3: whoever is never answered learns ETIMEDOUT', () => {
    const wire = new Wire(false);
    const [client] = wire.pair();
    wire.lose('server', () => true);
    client.send(LETTERS);
    wire.pass(900 * SECOND);
    expect(client.takeError()).toBeUndefined();
    wire.pass(120 * SECOND);
    expect(client.takeError()).toBe('ETIMEDOUT');
  });

  it('RFC 9293 3.8.4: keepalive finds out that nobody is there any more', () => {
    const wire = new Wire(false);
    const [client, server] = wire.pair();
    client.keepalive = true;
    wire.pass(8000 * SECOND);
    expect(client.connected).toBe(true);
    wire.lose('server', () => true);
    wire.pass(9000 * SECOND);
    expect(client.takeError()).toBe('ETIMEDOUT');
    expect(server.connected).toBe(true);
  });
});

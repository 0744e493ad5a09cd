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

  it('RFC 6298 5: what is lost with nothing behind it comes again after 200 ms, then after twice as long', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let lost = 0;
    const at: number[] = [];
    wire.lose('server', (passing) => {
      if (!isText(passing)) return false;
      at.push(wire.host.machine.now());
      return ++lost <= 3;
    });
    client.send(LETTERS);
    wire.pass(3 * SECOND);
    expect(server.receive()).toEqual(LETTERS);
    const gaps = at.slice(1).map((each, i) => Math.round((each - at[i]!) / MILLISECOND));
    expect(gaps).toEqual([200, 400, 800]);
  });

  it('RFC 9293 3.8.6.3: an ACK comes with every second segment, or 40 ms after one', () => {
    const wire = new Wire();
    const [client] = wire.pair();
    const acks: number[] = [];
    wire.lose('client', () => {
      acks.push(wire.host.machine.now());
      return false;
    });
    const before = wire.host.machine.now();
    client.send(LETTERS);
    wire.pass(SECOND);
    expect(acks.map((at) => Math.round((at - before) / MILLISECOND))).toEqual([40]);
    client.send(bytesOfLength(2920));
    wire.pass(10 * MILLISECOND);
    expect(acks).toHaveLength(2);
  });

  it('RFC 9293 3.8.6.1: a closed window is probed, and opens when the program reads', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    let probes = 0;
    const content = bytesOfLength(500_000);
    pour(client, content);
    wire.pass(5 * SECOND);
    wire.lose('server', ({ payloadBytes }) => {
      if (payloadBytes > 0) probes++;
      return false;
    });
    // One reader's news of the window is lost too: only the probe tells.
    wire.lose('client', () => true);
    wire.pass(20 * SECOND);
    expect(probes).toBeGreaterThan(0);
    const drain = new Drain(server, content.length);
    wire.lose('client', () => false);
    wire.pass(120 * SECOND);
    expect(drain.ended).toBe(true);
    expect(Buffer.compare(drain.content(), content)).toBe(0);
  });

  it('RFC 9293 3.7.4: small writes wait for the ACK of the first one, unless they are in a hurry', () => {
    const wire = new Wire();
    const [client] = wire.pair();
    let segments = 0;
    wire.lose('server', (passing) => {
      if (isText(passing)) segments++;
      return false;
    });
    for (let i = 0; i < 10; i++) client.send(LETTERS);
    wire.pass(10 * MILLISECOND);
    expect(segments).toBe(1);
    wire.pass(SECOND);
    expect(segments).toBe(2);
    client.noDelay = true;
    for (let i = 0; i < 10; i++) client.send(LETTERS);
    wire.pass(SECOND);
    expect(segments).toBe(12);
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

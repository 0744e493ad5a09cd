import { MILLISECOND, SECOND } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import type { TcpSocket } from '../../sockets.js';
import { dropsOf } from '../../testing.js';
import { Drain, PORT, SERVER, Wire, bytesOfLength, forge, pour } from './testing.js';

const STRANGERS = 0xac12_0100;

/** Connections of the server, whatever state they are in. */
function held(wire: Wire): number {
  return [...wire.host.kernel.tables.sockets.values()]
    .filter((row) => row.netns === 'server' && row.remotePort !== undefined && row.remotePort !== 0).length;
}

describe('SYN cookies (RFC 4987 3.6)', () => {
  it('past the backlog a SYN is answered, nothing is remembered, and the third segment makes the connection', () => {
    const wire = new Wire();
    const listener = wire.listen(1);
    const accepted: TcpSocket[] = [];
    listener.onReadable = () => {
      for (let socket = listener.accept(); socket !== undefined; socket = listener.accept()) accepted.push(socket);
    };
    const sockets = [wire.connect(), wire.connect(), wire.connect(), wire.connect()];
    wire.pass(10 * MILLISECOND);
    expect(sockets.map((socket) => socket.connected)).toEqual([true, true, true, true]);
    expect(accepted).toHaveLength(4);
    // Only the first one waited in SYN-RECEIVED.
    expect(wire.states('server').filter((state) => state === 'SYN-RECEIVED')).toHaveLength(1);
    const content = bytesOfLength(300_000);
    const drains = accepted.map((socket) => new Drain(socket, content.length));
    for (const socket of sockets) pour(socket, content);
    wire.pass(SECOND);
    for (const drain of drains) expect(Buffer.compare(drain.content(), content)).toBe(0);
  });

  it('what the SYN offered comes back with the timestamp: scaling and SACK work', () => {
    const wire = new Wire(false);
    const listener = wire.listen(0);
    const random = wire.host.machine.random('test/loss');
    const client = wire.connect();
    wire.pass(10 * MILLISECOND);
    wire.lose('server', ({ payloadBytes }) => payloadBytes > 0 && random.chance(1, 50));
    const drain = new Drain(listener.accept()!, 2_000_000);
    pour(client, bytesOfLength(2_000_000));
    wire.pass(10 * SECOND);
    expect(drain.ended).toBe(true);
  });

  it('10,000 SYNs of strangers take no more than the backlog, and a client still gets in', () => {
    const wire = new Wire(false);
    const listener = wire.listen(16);
    for (let stranger = 0; stranger < 10_000; stranger++) {
      forge(wire, 1024 + stranger, stranger * 77_777, 0, TCP_FLAG.syn, undefined, STRANGERS + (stranger & 0xff));
      if (stranger % 100 === 0) wire.pass(MILLISECOND);
    }
    expect(held(wire)).toBeLessThanOrEqual(16);
    const client = wire.connect();
    wire.pass(SECOND);
    expect(client.connected).toBe(true);
    expect(listener.accept()?.remotePort).toBe(client.localPort);
    wire.pass(200 * SECOND);
    expect(held(wire)).toBe(1);
    expect(wire.host.kernel.pool.taken).toBe(0);
  });

  it('an ACK that no cookie was given for is answered with a reset, in a flood too', () => {
    const wire = new Wire();
    wire.listen(0);
    wire.connect();
    wire.pass(10 * MILLISECOND);
    const before = held(wire);
    forge(wire, 4000, 1000, 123_456, TCP_FLAG.ack);
    expect(held(wire)).toBe(before);
  });

  it('a cookie is good for two minutes at most', () => {
    const wire = new Wire();
    wire.listen(0);
    let cookie = 0;
    let sequence = 0;
    wire.lose('client', ({ frame: { buffer, start }, flags }) => {
      if (flags !== (TCP_FLAG.syn | TCP_FLAG.ack)) return true;
      const view = new DataView(buffer.buffer, buffer.byteOffset + start + 34);
      cookie = view.getUint32(4);
      sequence = view.getUint32(8);
      return true;
    });
    const answer = (afterNs: number): number => {
      const client = wire.connect();
      const { localPort } = client;
      wire.pass(10 * MILLISECOND);
      client.abort();
      wire.pass(afterNs);
      forge(wire, localPort, sequence, (cookie + 1) >>> 0, TCP_FLAG.ack);
      return held(wire);
    };
    expect(answer(130 * SECOND)).toBe(0);
    expect(answer(10 * SECOND)).toBe(1);
  });

  it('a full queue drops SYNs and third segments, each counted', () => {
    const wire = new Wire();
    wire.listen(0);
    for (let i = 0; i < 3; i++) {
      wire.connect();
      wire.pass(MILLISECOND);
    }
    expect(held(wire)).toBe(1);
    expect(dropsOf(wire.host.kernel)).toContain('server listen-queue-full 2');
  });

  it('SYN and FIN in one segment begin nothing', () => {
    const wire = new Wire();
    wire.listen();
    forge(wire, 4000, 1000, 0, TCP_FLAG.syn | TCP_FLAG.fin);
    expect(held(wire)).toBe(0);
    expect(dropsOf(wire.host.kernel)).toContain('server bad-tcp 1');
  });
});

describe('where numbers begin (RFC 6528)', () => {
  it('the same ends again begin beyond the numbers of before; other ends begin elsewhere', () => {
    const wire = new Wire();
    const first: number[] = [];
    wire.lose('server', ({ frame: { buffer, start }, flags }) => {
      if (flags === TCP_FLAG.syn) first.push(new DataView(buffer.buffer, buffer.byteOffset + start + 34).getUint32(4));
      return true;
    });
    const open = (port: number): void => {
      const socket = wire.host.kernel.sockets('client').tcp();
      socket.bind(0, port);
      socket.connect(SERVER, PORT);
      wire.pass(100 * MILLISECOND);
      socket.abort();
    };
    open(2000);
    open(2000);
    open(2001);
    expect((first[1]! - first[0]!) | 0).toBeGreaterThan(0);
    expect((first[1]! - first[0]!) | 0).toBeLessThan(10_000_000);
    expect(Math.abs((first[2]! - first[1]!) | 0)).toBeGreaterThan(10_000_000);
  });
});

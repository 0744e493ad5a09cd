import { MILLISECOND, SECOND } from '@netreel/sim';
import { TCP_FLAG } from '@netreel/wire';
import { done, dropsOf, linkOf } from '../../testing.js';
import { FAR, ip, routedNamespaces, sentFrames } from '../../ipv4/testing.js';
import { CLIENT, Drain, PORT, SERVER, Wire, bytesOfLength, forge, isText, pour } from './testing.js';

const LETTERS = Uint8Array.of(104, 105);

describe('how a connection begins', () => {
  it('RFC 9293 3.5: three segments, with what each side takes', () => {
    const wire = new Wire();
    const lines = sentFrames(wire.host);
    const [client, server] = wire.pair();
    expect([client.connected, server.connected]).toEqual([true, true]);
    expect(server.remotePort).toBe(client.localPort);
    expect(wire.states('client')).toEqual(['SYN-SENT', 'ESTABLISHED']);
    expect(wire.states('server')).toEqual(['SYN-RECEIVED', 'ESTABLISHED']);
    const sent = lines.filter((line) => line.includes('/eth0') && line.includes('Flags'));
    expect(sent.map((line) => line.replace(/.*Flags/, 'Flags').replace(/(seq|ack|val|ecr) \d+/g, '$1 N'))).toEqual([
      'Flags [S], seq N, win 64240, options [mss 1460,sackOK,TS val N ecr N,nop,wscale 7], length 0',
      'Flags [S.], seq N, ack N, win 64240, options [mss 1460,sackOK,TS val N ecr N,nop,wscale 7], length 0',
      'Flags [.], ack N, win 2040, options [nop,nop,TS val N ecr N], length 0',
    ]);
  });

  it('RFC 9293 3.10.7.1: nobody at the port answers with a reset: ECONNREFUSED', () => {
    const wire = new Wire();
    const socket = wire.connect();
    wire.pass(10 * MILLISECOND);
    expect(socket.writable()).toBe(true);
    expect(socket.takeError()).toBe('ECONNREFUSED');
    expect(dropsOf(wire.host.kernel)).toContain('server port-unreachable 1');
    expect(wire.host.kernel.tables.sockets.size).toBe(0);
  });

  it('RFC 1122 4.2.3.9: a neighbour that does not answer is EHOSTUNREACH', () => {
    const wire = new Wire();
    const socket = wire.host.kernel.sockets('client').tcp();
    socket.connect(ip('172.18.0.99'), PORT);
    wire.pass(10 * SECOND);
    expect(socket.takeError()).toBe('EHOSTUNREACH');
  });

  it('RFC 9293 3.8.3: six more SYNs, each after twice as long, then ETIMEDOUT', () => {
    const wire = new Wire();
    const at: number[] = [];
    wire.lose('server', () => at.push(Math.round(wire.host.machine.now() / SECOND)) > 0);
    const socket = wire.connect();
    wire.pass(126 * SECOND);
    expect(socket.takeError()).toBeUndefined();
    wire.pass(3 * SECOND);
    expect(socket.takeError()).toBe('ETIMEDOUT');
    expect(at).toEqual([1, 2, 4, 8, 16, 32, 64]);
  });

  it('RFC 9293 figure 8: both sides open at once', () => {
    const wire = new Wire();
    const client = wire.host.kernel.sockets('client').tcp();
    const server = wire.host.kernel.sockets('server').tcp();
    client.bind(CLIENT, 1000);
    server.bind(SERVER, PORT);
    // ARP first, so that the SYNs cross.
    wire.host.kernel.sockets('client').udp().sendTo(SERVER, 9, LETTERS);
    wire.pass(SECOND);
    client.connect(SERVER, PORT);
    server.connect(CLIENT, 1000);
    wire.pass(5 * SECOND);
    expect(wire.states('client')).toEqual(['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED']);
    expect(wire.states('server')).toEqual(['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED']);
    client.send(LETTERS);
    wire.pass(SECOND);
    expect(server.receive()).toEqual(LETTERS);
  });

  it('RFC 9293 3.9.1.1: as many wait to be accepted as the backlog says, and one', () => {
    const wire = new Wire();
    const listener = wire.listen(1);
    const sockets = [0, 1, 2].map(() => {
      const socket = wire.connect();
      wire.pass(MILLISECOND);
      return socket;
    });
    wire.pass(500 * MILLISECOND);
    expect(listener.readable()).toBe(true);
    const first = done(listener.accept());
    wire.pass(10 * SECOND);
    expect(sockets.every((socket) => socket.connected)).toBe(true);
    expect([first.state, listener.accept()?.state, listener.accept()?.state]).toEqual(
      ['ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED']);
    expect(listener.accept()).toBeUndefined();
  });

  it('RFC 1191 6.4: a router with a smaller link is heeded, and what it refused goes again', () => {
    const host = routedNamespaces(1000);
    const listener = host.kernel.sockets('b').tcpListener();
    listener.bind(0, PORT);
    listener.listen(1);
    const client = host.kernel.sockets('a').tcp();
    host.run(SECOND);
    client.connect(FAR, PORT);
    host.run(2 * SECOND);
    const drain = new Drain(done(listener.accept()), 50_000);
    pour(client, bytesOfLength(50_000));
    host.run(4 * SECOND);
    expect(drain.content()).toEqual(bytesOfLength(50_000));
    // The server's SYN said 960, so it takes a link between the two to make this happen the other way.
    expect(dropsOf(host.kernel)).toEqual([]);
    const middle = routedNamespaces(1500);
    done(middle.kernel.setMtu(linkOf(middle.kernel, 'r', 'right'), 900) ?? client);
    const far = middle.kernel.sockets('b').tcpListener();
    far.bind(0, PORT);
    far.listen(1);
    const near = middle.kernel.sockets('a').tcp();
    middle.run(SECOND);
    near.connect(FAR, PORT);
    middle.run(2 * SECOND);
    const sink = new Drain(done(far.accept()), 50_000);
    pour(near, bytesOfLength(50_000));
    middle.run(3 * SECOND);
    expect(sink.content()).toEqual(bytesOfLength(50_000));
    expect(dropsOf(middle.kernel).some((line) => line.startsWith('r fragmentation-needed'))).toBe(true);
  });

  it('RFC 9293 3.10.7.4: a new SYN beyond the old numbers ends TIME-WAIT', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    const { localPort } = client;
    let highest = 0;
    wire.lose('server', ({ frame: { buffer, start } }) => {
      highest = new DataView(buffer.buffer, buffer.byteOffset + start + 34).getUint32(4);
      return false;
    });
    server.close();
    wire.pass(SECOND);
    client.close();
    wire.pass(SECOND);
    expect(wire.states('server').at(-1)).toBe('TIME-WAIT');
    const last = highest;
    forge(wire, localPort, (last - 1000) >>> 0, 0, TCP_FLAG.syn);
    expect(wire.states('server').at(-1)).toBe('TIME-WAIT');
    forge(wire, localPort, (last + 1000) >>> 0, 0, TCP_FLAG.syn);
    expect(wire.states('server').at(-1)).toBe('SYN-RECEIVED');
  });

  it('names of errors: EADDRINUSE, EADDRNOTAVAIL, EISCONN, ENOTCONN, EPIPE, ENETUNREACH', () => {
    const wire = new Wire();
    const [client] = wire.pair();
    const factory = wire.host.kernel.sockets('server');
    expect(factory.tcpListener().bind(0, PORT)).toBe('EADDRINUSE');
    expect(factory.tcp().bind(CLIENT, 0)).toBe('EADDRNOTAVAIL');
    expect(factory.tcp().send(LETTERS)).toBe('ENOTCONN');
    expect(factory.tcp().connect(ip('192.0.2.1'), 1)).toBe('ENETUNREACH');
    expect(client.connect(SERVER, PORT)).toBe('EISCONN');
    client.shutdown();
    expect(client.send(LETTERS)).toBe('EPIPE');
  });
});

describe('how a connection ends', () => {
  it('RFC 9293 3.6: one side after the other, and TIME-WAIT for a minute', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    client.close();
    wire.pass(SECOND);
    expect(server.receive()).toEqual(new Uint8Array(0));
    server.close();
    wire.pass(59 * SECOND);
    expect(wire.states('client')).toEqual(['SYN-SENT', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT']);
    expect(wire.states('server')).toEqual(['SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK']);
    expect([...wire.host.kernel.tables.sockets.values()].map(({ state }) => state)).toEqual(['LISTEN', 'TIME-WAIT']);
    wire.pass(5 * SECOND);
    expect(wire.host.kernel.tables.sockets.size).toBe(1);
    expect(dropsOf(wire.host.kernel)).toEqual([]);
  });

  it('RFC 9293 3.6 case 3: both at once go through CLOSING', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    client.close();
    server.close();
    wire.pass(SECOND);
    expect(wire.states('client').slice(2)).toEqual(['FIN-WAIT-1', 'CLOSING', 'TIME-WAIT']);
    expect(wire.states('server').slice(2)).toEqual(['FIN-WAIT-1', 'CLOSING', 'TIME-WAIT']);
  });

  it('RFC 9293 3.6: after a half-close the other half still works', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    client.shutdown();
    wire.pass(SECOND);
    pour(server, bytesOfLength(100_000));
    const drain = new Drain(client, 100_000);
    wire.pass(5 * SECOND);
    expect(drain.content()).toEqual(bytesOfLength(100_000));
    expect(drain.ended).toBe(true);
  });

  it('RFC 9293 3.6.1: a lost last ACK is sent again in TIME-WAIT', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    client.close();
    wire.pass(SECOND);
    let acks = 0;
    wire.lose('server', () => ++acks === 1);
    server.close();
    wire.pass(2 * SECOND);
    expect(acks).toBe(2);
    expect(server.state).toBe('CLOSED');
    expect(server.takeError()).toBeUndefined();
  });

  it('tcp_fin_timeout: FIN-WAIT-2 without an owner ends after a minute', () => {
    const wire = new Wire();
    const [client] = wire.pair();
    client.close();
    wire.pass(61 * SECOND);
    expect(client.state).toBe('CLOSED');
  });

  it('RFC 2525 2.17: whoever closes without reading resets; the other side learns ECONNRESET, then EPIPE', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    client.send(LETTERS);
    wire.pass(SECOND);
    server.close();
    wire.pass(SECOND);
    expect(client.readable()).toBe(true);
    expect(client.send(LETTERS)).toBe('ECONNRESET');
    expect(client.send(LETTERS)).toBe('EPIPE');
    expect(client.receive()).toEqual(new Uint8Array(0));
  });

  it('RFC 9293 3.10.4: data for somebody who has closed is answered with a reset', () => {
    const wire = new Wire();
    const [client, server] = wire.pair();
    server.close();
    wire.pass(SECOND);
    client.send(LETTERS);
    wire.pass(SECOND);
    expect(client.takeError()).toBe('EPIPE');
  });

  it('a namespace that is deleted ends its connections and tells who waits', () => {
    const wire = new Wire();
    const [, server] = wire.pair();
    expect(wire.host.kernel.deleteNetns('server')).toBeUndefined();
    expect(server.takeError()).toBe('ENETDOWN');
    expect([...wire.host.kernel.tables.sockets.values()].map(({ netns }) => netns)).toEqual(['client']);
  });
});

describe('segments that should not be', () => {
  /** Numbers of a connection, as its last segment to the server shows them. */
  function numbers(wire: Wire): { port: number; sequence: number; acknowledgment: number } {
    const [client, server] = wire.pair();
    server.onReadable = () => server.receive();
    let found = { port: client.localPort, sequence: 0, acknowledgment: 0 };
    wire.lose('server', (passing) => {
      const { buffer, start } = passing.frame;
      const view = new DataView(buffer.buffer, buffer.byteOffset + start + 34);
      if (isText(passing)) {
        found = { port: client.localPort, sequence: view.getUint32(4) + 2, acknowledgment: view.getUint32(8) };
      }
      return false;
    });
    client.send(LETTERS);
    wire.pass(SECOND);
    return found;
  }
  const stateOfServer = (wire: Wire): string | undefined =>
    [...wire.host.kernel.tables.sockets.values()].find((row) => row.netns === 'server' && row.remotePort !== 0)?.state;

  it('RFC 5961 3.2: of resets within the window only the very next number is believed', () => {
    const wire = new Wire();
    const { port, sequence } = numbers(wire);
    forge(wire, port, sequence + 100, 0, TCP_FLAG.rst);
    forge(wire, port, sequence - 100_000, 0, TCP_FLAG.rst);
    wire.pass(SECOND);
    expect(stateOfServer(wire)).toBe('ESTABLISHED');
    forge(wire, port, sequence, 0, TCP_FLAG.rst);
    expect(stateOfServer(wire)).toBeUndefined();
  });

  it('RFC 5961 4.2: a SYN in the midst of a connection is asked about', () => {
    const wire = new Wire();
    const { port, sequence } = numbers(wire);
    const lines = sentFrames(wire.host);
    forge(wire, port, sequence + 1, 0, TCP_FLAG.syn);
    wire.pass(100 * MILLISECOND);
    expect(lines.filter((line) => line.includes('server/eth0') && line.includes('Flags [.]'))).toHaveLength(1);
    expect(stateOfServer(wire)).toBe('ESTABLISHED');
  });

  it('RFC 5961 5.2: an ACK of what was never sent changes nothing', () => {
    const wire = new Wire();
    const { port, sequence, acknowledgment } = numbers(wire);
    forge(wire, port, sequence, acknowledgment + 10_000, TCP_FLAG.ack, LETTERS);
    wire.pass(SECOND);
    expect(stateOfServer(wire)).toBe('ESTABLISHED');
  });

  it('100,000 spoilt segments never throw and leave no frame behind', () => {
    const wire = new Wire(false);
    const { port, sequence, acknowledgment } = numbers(wire);
    const random = wire.host.machine.random('test/spoilt');
    for (let round = 0; round < 100_000; round++) {
      const near = (number: number): number => (number + random.below(3000) - 1500) >>> 0;
      const bits = random.below(64);
      forge(wire, random.chance(1, 50) ? random.below(65536) : port,
        random.chance(1, 10) ? random.word() : near(sequence), random.chance(1, 10) ? random.word()
          : near(acknowledgment), random.chance(9, 10) ? bits & ~TCP_FLAG.rst : bits, bytesOfLength(random.below(40)));
      if (round % 500 === 0) wire.pass(300 * MILLISECOND);
    }
    wire.pass(3600 * SECOND);
    expect(wire.host.kernel.pool.taken).toBe(0);
  });
});

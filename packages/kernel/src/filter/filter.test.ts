import { SECOND } from '@netreel/sim';
import { done, dropsOf } from '../testing.js';
import { FAR, LEFT, filtered } from './testing.js';

/** Whether a ping from `a` through the router to `b` is answered, past these rules. */
function passes(...rules: string[]): boolean {
  const host = filtered(...rules);
  const socket = host.kernel.sockets('a').icmp();
  host.at(SECOND, () => socket.sendEcho(FAR, 1, new Uint8Array(8)));
  host.run(2 * SECOND);
  expect(host.kernel.pool.taken).toBe(0);
  expect(dropsOf(host.kernel).every((line) => line.startsWith('r filtered'))).toBe(true);
  return socket.receive() !== undefined;
}

describe('what a rule matches', () => {
  it.each([
    ['-i left', true], ['-i right', true], ['-i other', false], ['! -i left -d 10.0.1.2', false],
    ['-o right -d 10.0.1.2', true], ['! -o right -d 10.0.1.2', false], ['-s 10.0.0.0/24 -i left', true],
    ['! -s 10.0.0.0/24 -i left', false], ['-d 10.0.1.2/32', true], ['-d 10.0.1.3/32', false],
    ['! -d 10.0.1.3/32', true], ['-p icmp', true], ['-p udp', false], ['! -p udp', true],
    ['-m addrtype --dst-type LOCAL', false], ['-m addrtype ! --dst-type LOCAL', true],
    ['-m conntrack --ctstate NEW', true], ['-m conntrack --ctstate ESTABLISHED -i left', false],
    ['-m conntrack --ctstate ESTABLISHED -i right', true], ['-m conntrack ! --ctstate NEW,ESTABLISHED', false],
  ])('%s: %s for one of a ping\'s two packets', (match, matched) => {
    expect(passes(`filter FORWARD ${match} -j DROP`)).toBe(!matched);
  });

  it('tells ports of UDP apart, one or a range', () => {
    const host = filtered('filter FORWARD -p udp --dport 8:9 -j DROP', 'filter FORWARD -p udp --sport 77 -j DROP');
    const server = host.kernel.sockets('b').udp();
    const heard: number[] = [];
    expect(server.bind(0, 10)).toBeUndefined();
    server.onReadable = () => heard.push(server.receive()!.sourcePort);
    host.at(SECOND, () => {
      for (const [from, to] of [[70, 8], [71, 9], [77, 10], [78, 10]] as const) {
        const socket = host.kernel.sockets('a').udp();
        expect(socket.bind(0, from)).toBeUndefined();
        expect(socket.sendTo(FAR, to, Uint8Array.of(1))).toBeUndefined();
      }
    });
    host.run(2 * SECOND);
    expect(heard).toEqual([78]);
    expect(dropsOf(host.kernel)).toEqual(['r filtered 3']);
  });
});

describe('what a rule does', () => {
  it('the first that ends the way decides, and the policy after the last', () => {
    expect(passes('filter FORWARD -j ACCEPT', 'filter FORWARD -j DROP')).toBe(true);
    expect(passes('filter FORWARD -p icmp', 'filter FORWARD -j DROP')).toBe(false);
    const host = filtered();
    done(host.kernel.setPolicy('r', 'filter', 'FORWARD', 'DROP') ?? {});
    const socket = host.kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(8)); socket.sendEcho(LEFT, 2, new Uint8Array(8)); });
    host.run(2 * SECOND);
    // The router itself still answers: its own packets are INPUT's and OUTPUT's.
    expect(socket.receive()).toMatchObject({ sequence: 2 });
    expect(socket.receive()).toBeUndefined();
  });

  it('RETURN and the end of a chain go back to the caller', () => {
    const host = filtered();
    const { kernel } = host;
    done(kernel.createChain('r', 'filter', 'ONE') ?? {});
    done(kernel.appendRule('r', 'filter', 'ONE', '-d 10.0.1.2 -j RETURN') ?? {});
    done(kernel.appendRule('r', 'filter', 'ONE', '-j DROP') ?? {});
    done(kernel.appendRule('r', 'filter', 'FORWARD', '-j ONE') ?? {});
    const socket = kernel.sockets('a').icmp();
    host.at(SECOND, () => { socket.sendEcho(FAR, 1, new Uint8Array(8)); });
    host.run(2 * SECOND);
    expect(socket.receive()).toBeUndefined();
    expect(dropsOf(kernel)).toEqual(['r filtered 1']);
    done(kernel.insertRule('r', 'filter', 'ONE', '-s 10.0.1.2 -j RETURN') ?? {});
    host.at(3 * SECOND, () => { socket.sendEcho(FAR, 2, new Uint8Array(8)); });
    host.run(4 * SECOND);
    expect(socket.receive()).toMatchObject({ sequence: 2 });
  });

  it('INPUT and OUTPUT guard the namespace itself', () => {
    const host = filtered('filter INPUT -p icmp -i left -j DROP', `filter OUTPUT -d 10.0.1.2 -j DROP`);
    const [near, own] = [host.kernel.sockets('a').icmp(), host.kernel.sockets('r').icmp()];
    host.at(SECOND, () => { near.sendEcho(LEFT, 1, new Uint8Array(8)); own.sendEcho(FAR, 1, new Uint8Array(8)); });
    host.run(2 * SECOND);
    expect([near.receive(), own.receive()]).toEqual([undefined, undefined]);
    expect(dropsOf(host.kernel)).toEqual(['r filtered 2']);
  });

  it('refuses what iptables refuses', () => {
    const { kernel } = filtered('filter FORWARD -j ACCEPT');
    done(kernel.createChain('r', 'filter', 'ONE') ?? {});
    done(kernel.createChain('r', 'filter', 'TWO') ?? {});
    done(kernel.appendRule('r', 'filter', 'ONE', '-j TWO') ?? {});
    const NO_CHAIN = { refused: 'iptables: No chain/target/match by that name.' };
    expect(kernel.appendRule('r', 'filter', 'TWO', '-j ONE')).toEqual({
      refused: 'iptables: Too many levels of symbolic links.' });
    expect(kernel.appendRule('r', 'filter', 'FORWARD', '-j NONE')).toEqual(NO_CHAIN);
    expect(kernel.appendRule('r', 'filter', 'FORWARD', '-j MASQUERADE')).toEqual(NO_CHAIN);
    expect(kernel.createChain('r', 'filter', 'ONE')).toEqual({ refused: 'iptables: Chain already exists.' });
    expect(kernel.deleteChain('r', 'filter', 'TWO')).toEqual({ refused: 'iptables: Too many links.' });
    expect(kernel.deleteChain('r', 'filter', 'ONE')).toEqual({ refused: 'iptables: Directory not empty.' });
    expect(kernel.insertRule('r', 'filter', 'ONE', '-j DROP', 9)).toEqual({
      refused: 'iptables: Index of insertion too big.' });
    expect(kernel.deleteRule('r', 'filter', 'ONE', '-j DROP')).toEqual({
      refused: 'iptables: Bad rule (does a matching rule exist in that chain?).' });
    expect(kernel.deleteRule('r', 'filter', 'ONE', '-j TWO')).toBeUndefined();
    expect(kernel.deleteChain('r', 'filter', 'TWO')).toBeUndefined();
  });

  it('is gone with its namespace', () => {
    const { kernel } = filtered('filter FORWARD -j DROP');
    done(kernel.deleteNetns('r') ?? {});
    expect(kernel.tables.filters.size).toBe(0);
  });
});

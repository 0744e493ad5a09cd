// TCP between two namespaces: one stream that never ends, or connections that come and go.

import { measure } from '../measure.mjs';
import { BenchLab, attach, done } from './hosts.mjs';
import { addressOf, joinByOverlay } from './overlay.mjs';

export const MILLISECOND = 1_000_000;
const PORT = 80;
const SUBNET = 0x0a00_0000;
const PIECE_BYTES = 65_536;

/** A lab, and who speaks with whom in it. */
export function streamLab(overlay, recording) {
  if (overlay) {
    const lab = new BenchLab(2, { recording, bitsPerSecond: 10_000_000_000 });
    joinByOverlay(lab);
    const [near, far] = lab.hosts;
    return { lab, client: { host: near, netns: 'c0' }, server: { host: far, netns: 'c0' }, address: addressOf(1, 0) };
  }
  const lab = new BenchLab(1, { recording });
  const [host] = lab.hosts;
  done(host.kernel.addBridge({ netns: 'host', name: 'br0' }));
  done(host.kernel.setUp(host.kernel.linkByName('host', 'br0')));
  attach(host.kernel, 'host', 'br0', 'c0', SUBNET + 2, 1500);
  attach(host.kernel, 'host', 'br0', 'c1', SUBNET + 3, 1500);
  return { lab, client: { host, netns: 'c0' }, server: { host, netns: 'c1' }, address: SUBNET + 3 };
}

function must(errno) {
  if (errno !== undefined) throw new Error(errno);
}

/** The second mover of a conversation runs in the machine of its host, at a moment of its own. */
function within({ machine }, action) {
  machine.schedule(machine.now() + 1, { fire: action }, undefined);
}

export function listen({ host, netns }, onConnection) {
  const listener = host.kernel.sockets(netns).tcpListener();
  must(listener.bind(0, PORT));
  must(listener.listen(4096));
  listener.onReadable = () => {
    for (let socket = listener.accept(); socket !== undefined; socket = listener.accept()) onConnection(socket);
  };
}

/** Sends without end; `received` counts what the other side reads. */
export function measureBulk({ lab, client, server, address }, { warmUpNs, bytes }) {
  let received = 0;
  listen(server, (socket) => {
    socket.onReadable = () => {
      for (let piece = socket.receive(); piece !== undefined; piece = socket.receive()) received += piece.length;
    };
  });
  const content = new Uint8Array(PIECE_BYTES).map((_, index) => index * 7);
  within(client.host, () => {
    const socket = client.host.kernel.sockets(client.netns).tcp();
    must(socket.connect(address, PORT));
    const push = () => {
      for (;;) {
        const count = socket.send(content);
        if (typeof count === 'string') throw new Error(count);
        if (count === 0) return;
      }
    };
    socket.onWritable = push;
  });
  lab.runUntil(lab.world.until + warmUpNs);
  const before = received;
  const from = lab.world.until;
  const { cpuUs, wallUs } = measure(() => {
    while (received - before < bytes) lab.runUntil(lab.world.until + MILLISECOND);
  });
  return { mbPerWallSecond: (received - before) / wallUs, mbPerCpuSecond: (received - before) / cpuUs,
    virtualMbPerSecond: (received - before) * 1000 / (lab.world.until - from) };
}

/** Clients that connect, send a little, and are closed by the server; then the next. Some at a time. */
export function measureConnections({ lab, client, server, address }, { together, warmUp, count, payloadBytes }) {
  let ended = 0;
  listen(server, (socket) => {
    socket.onReadable = () => {
      if (socket.receive() === undefined) return;
      socket.onReadable = undefined;
      socket.close();
    };
  });
  const payload = new Uint8Array(payloadBytes).fill(97);
  const factory = client.host.kernel.sockets(client.netns);
  const begin = () => {
    const socket = factory.tcp();
    must(socket.connect(address, PORT));
    socket.onWritable = () => {
      socket.onWritable = undefined;
      const count = socket.send(payload);
      if (count !== payload.length) throw new Error(String(count));
    };
    socket.onReadable = () => {
      if (socket.receive()?.length !== 0) return;
      socket.onReadable = undefined;
      socket.close();
      ended++;
      begin();
    };
  };
  for (let i = 0; i < together; i++) within(client.host, begin);
  const runTo = (goal) => {
    while (ended < goal) lab.runUntil(lab.world.until + MILLISECOND);
  };
  runTo(warmUp);
  const before = ended;
  const { cpuUs, wallUs } = measure(() => runTo(before + count));
  return { connectionsPerWallSecond: (ended - before) * 1e6 / wallUs,
    connectionsPerCpuSecond: (ended - before) * 1e6 / cpuUs };
}

// A history to measure with: the events that a busy bridge makes, in the mix and with the field sizes of a real run.

const NETNS = 'f3b2c41d90aa';

function body(index) {
  const mac = 0x0242_0000_0000 + 0xac11_0000 + (index % 65_536);
  const address = 0xac11_0000 + (index % 65_536);
  switch (index % 6) {
    case 0: case 1: return { type: 'FdbLearned', bridge: 3, mac, port: 5 + (index % 40) };
    case 2: return { type: 'NeighbourChanged', link: 7, address, mac, state: 'REACHABLE' };
    case 3: return { type: 'FdbAged', bridge: 3, mac };
    case 4: {
      // A route that comes and goes: a history that only adds routes would measure their list, not the journal.
      const route = { netns: NETNS, destination: 0, prefix: 0, gateway: 0xac11_0001, link: 7, metric: 0 };
      return index % 12 === 4 ? { type: 'RouteAdded', ...route, source: 0 } : { type: 'RouteDeleted', ...route };
    }
    default: return { type: 'SocketBound', netns: NETNS, socket: index, protocol: 'udp', address,
      port: 32_768 + (index % 28_000) };
  }
}

/** `count` events of node `host1` in commits of `perCommit`, each window 200 µs long. */
export function commitsOfEvents(count, perCommit) {
  const commits = [];
  for (let start = 0; start < count; start += perCommit) {
    const from = 1_000_000_000 + commits.length * 200_000;
    const records = [];
    for (let index = start; index < Math.min(start + perCommit, count); index++) {
      records.push(
        { kind: 'event', sequence: index + 1, at: from + (index - start) * 37, causeNode: 0, causeSequence: index,
        body: body(index) });
    }
    commits.push({ node: 'host1', number: commits.length + 1, from, until: from + 200_000, records });
  }
  return commits;
}

/** `count` envelopes of `host1` to node 1, each a frame of `sizeBytes`, in commits of `perCommit`. */
export function commitsOfFrames(count, perCommit, sizeBytes) {
  const buffer = new Uint8Array(2048).map((_, index) => index * 7);
  const commits = [];
  for (let start = 0; start < count; start += perCommit) {
    const from = 1_000_000_000 + commits.length * 200_000;
    const records = [];
    for (let index = start; index < Math.min(start + perCommit, count); index++) {
      const at = from + (index - start) * 37;
      records.push(
        { kind: 'envelope', sequence: index + 1, at, causeNode: 0, causeSequence: index, target: 1,
          arrivesAt: at + 200_000,
        body: { type: 'FrameCrossed', frame: { buffer, start: 64, end: 64 + sizeBytes } } });
    }
    commits.push({ node: 'host1', number: commits.length + 1, from, until: from + 200_000, records });
  }
  return commits;
}

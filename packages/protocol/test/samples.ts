// Sample values for tests: one record of every type of the given tables.

import type { AnyRecord, Commit, FieldKind, HistoryRecord, RecordTable } from '@netreel/sim';

const FULL: Readonly<Record<FieldKind, unknown>> = {
  text: 'bräu 🐳', int: 2 ** 53 - 1, flag: true, bytes: new Uint8Array([0, 1, 255]), mac: 0x0242_ac11_0002,
    ipv4: 0xc0a8_410b, ipv6: 'fe80::42:acff:fe12:2%3',
  ns: 1_000_200_000, texts: ['a', '', 'b'], ints: [0, 1, 2 ** 40], json: { b: [1, 'x', null], a: { deep: true } },
  frame: { buffer: new Uint8Array([9, 8, 7]), start: 0, end: 3 },
};

const EMPTY: Readonly<Record<FieldKind, unknown>> = {
  text: '', int: 0, flag: false, bytes: new Uint8Array(0), mac: 0, ipv4: 0, ipv6: '::', ns: 0, texts: [], ints: [],
    json: null,
  frame: { buffer: new Uint8Array(0), start: 0, end: 0 },
};

/** One record of each type, all fields either telling or at their defaults. */
export function sampleBodies(tables: readonly RecordTable[], full: boolean): AnyRecord[] {
  return tables.flatMap((table) => Object.entries(table).map(([type, shape]) => {
    const body: Record<string, unknown> = { type };
    for (const [name, kind] of Object.entries(shape.fields)) body[name] = (full ? FULL : EMPTY)[kind];
    return body as unknown as AnyRecord;
  }));
}

/** The bodies as one commit: inputs, events and envelopes in turn. */
export function sampleCommit(bodies: readonly AnyRecord[]): Commit {
  const records = bodies.map((body, index): HistoryRecord => {
    const head = { sequence: 41 + index, at: 5_000_000 + index * 1_000, causeNode: index % 3,
      causeSequence: index * 300, body };
    if (index % 3 === 0) return { kind: 'input', ...head };
    if (index % 3 === 1) return { kind: 'event', ...head };
    return { kind: 'envelope', ...head, target: 1, arrivesAt: head.at + 200_000 };
  });
  return { node: 'host1', number: 7, from: 5_000_000, until: 5_200_000, records };
}

import { defineRecords, type HistoryRecord } from '@netreel/sim';
import { createCodec } from './codec.js';
import { describeBody, describeRecord, recordToJson } from './describe.js';

const codec = createCodec([defineRecords({
  FdbLearned: { number: 59, fields: { bridge: 'int', mac: 'mac', port: 'int' } },
  Mixed: { number: 60, fields: { words: 'text', list: 'texts', numbers: 'ints', address: 'ipv4', after: 'ns',
    on: 'flag',
    extra: 'json', raw: 'bytes', frame: 'frame' } },
})]);
const head = { sequence: 12, at: 1_000_200_000, causeNode: 1, causeSequence: 7 };
const learned = { type: 'FdbLearned', bridge: 3, mac: 0x0242_ac11_0002, port: 5 };
const mixed = { type: 'Mixed', words: 'two words', list: ['a', 'b'], numbers: [1, 2], address: 0xac11_0002,
  after: 1_500_000_000,
  on: true, extra: { a: 1 }, raw: new Uint8Array([1, 171]),
    frame: { buffer: new Uint8Array([0, 0xfe, 0xff]), start: 1, end: 3 } };

describe('a record as a line', () => {
  it('tells number, time, name, fields and cause', () => {
    const record: HistoryRecord = { kind: 'event', ...head, body: learned };
    expect(describeRecord(record, codec, ['host1', 'host2']))
      .toBe('12 @1.000200s FdbLearned bridge=3 mac=02:42:ac:11:00:02 port=5 <- host2/7');
    expect(describeRecord(record, codec)).toContain('<- node 1/7');
  });

  it('tells of an envelope where it goes, and of an input that it is one', () => {
    expect(describeRecord({ kind: 'envelope', ...head, target: 0, arrivesAt: 1_000_400_000, body: learned }, codec,
      ['host1']))
      .toContain('12 @1.000200s to host1 at 1.000400s FdbLearned');
    expect(describeRecord({ kind: 'input', ...head, body: learned },
      codec)).toMatch(/^12 @1\.000200s input FdbLearned .* port=5$/);
  });

  it('writes each kind of field as people know it', () => {
    expect(describeBody(mixed as never,
      codec)).toBe('Mixed words="two words" list=[a,b] numbers=[1,2] address=172.17.0.2 '
      + 'after=1.500000s on=true extra={"a":1} raw=01ab frame=2B');
  });

  it('stays one line, of bearable length, whatever a text holds', () => {
    const line = describeBody({ ...mixed, words: 'a\nb'.repeat(500) } as never, codec);
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(400);
  });

  it('shows a record of unknown shape as it is', () => {
    expect(describeBody({ type: 'Unheard', a: 1 } as never, codec)).toBe('Unheard {"type":"Unheard","a":1}');
  });
});

describe('a record as JSON', () => {
  it('can be written and read by any program', () => {
    const json = recordToJson({ kind: 'envelope', ...head, target: 0, arrivesAt: 1_000_400_000, body: mixed as never },
      codec, ['host1']);
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      sequence: 12, at: 1_000_200_000, kind: 'envelope', cause: { node: 1, sequence: 7 }, target: 'host1',
        arrivesAt: 1_000_400_000,
      body: { type: 'Mixed', words: 'two words', list: ['a', 'b'], numbers: [1, 2], address: '172.17.0.2',
        after: 1_500_000_000,
        on: true, extra: { a: 1 }, raw: '01ab', frame: 'feff' },
    });
  });
});

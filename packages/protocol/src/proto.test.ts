import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeIpv6 } from '@netreel/wire';
import type { AnyRecord, FieldKind, FrameBytes, RecordTable } from '@netreel/sim';
import { parse, Root, util, type Message } from 'protobufjs';
import { controlCodec, controlMessages } from './control.js';
import { protoFiles, snakeCase } from './proto-text.js';
import { historyCodec, rooms } from './rooms.js';
import { sampleBodies, sampleCommit } from '../test/samples.js';

const folder = join(__dirname, '..', '..', '..', 'proto');
const files = protoFiles(rooms, controlMessages);
const tables: readonly RecordTable[] = rooms.map((room) => room.table);

describe('proto/', () => {
  it.each([...files.keys()])('%s is what `pnpm proto` writes from the tables', (path) => {
    const file = join(folder, path);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(files.get(path));
  });

  it('holds nothing else', () => {
    const found = readdirSync(join(folder, 'netreel', 'v1')).map((name) => `netreel/v1/${name}`);
    expect(found.sort()).toEqual([...files.keys()].sort());
  });
});

/** A field as another protobuf reader shows it: long numbers as text, bytes as hexadecimal digits. */
function foreign(kind: FieldKind, value: unknown): unknown {
  switch (kind) {
    case 'int': case 'ns': case 'mac': return String(value);
    case 'ints': return (value as readonly number[]).map(String);
    case 'json': return value === null ? '' : JSON.stringify(value);
    case 'bytes': return Buffer.from(value as Uint8Array).toString('hex');
    case 'ipv6': {
      if (value === '::') return '';
      const bytes = new Uint8Array(20);
      writeIpv6(bytes, 0, value as string);
      bytes[19] = 3;
      return Buffer.from(bytes).toString('hex');
    }
    case 'frame': {
      const { buffer, start, end } = value as FrameBytes;
      return Buffer.from(buffer.subarray(start, end)).toString('hex');
    }
    case 'text': case 'flag': case 'ipv4': case 'texts': return value;
  }
}

function foreignBody(body: AnyRecord): Record<string, unknown> {
  const shape = tables.concat([controlMessages]).map((table) => table[body.type]).find((found) => found !== undefined)!;
  const values = body as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.entries(shape.fields).map(([name, kind]) =>
    [snakeCase(name), foreign(kind, values[name])]));
}

describe('the schema, read by a protobuf parser that knows no table', () => {
  const root = new Root();
  for (const [path, text] of files) {
    expect(text).toContain('syntax = "proto3"');
    parse(text, root, { keepCase: true });
    expect(path).toMatch(/^netreel\/v1\/[a-z]+\.proto$/);
  }
  root.resolveAll();
  const commitType = root.lookupType('netreel.v1.Commit');
  const controlType = root.lookupType('netreel.v1.Control');
  const plain = (type: typeof commitType, message: Message): any =>
    type.toObject(message, { longs: String, enums: String, defaults: true, bytes: String });
  const withHex = (body: Record<string, unknown>, like: Record<string, unknown>,
    kinds: Readonly<Record<string, FieldKind>>): Record<string, unknown> => {
    for (const [name, kind] of Object.entries(kinds)) {
      const key = snakeCase(name);
      if (kind === 'bytes' || kind === 'frame' || kind === 'ipv6') body[key] = Buffer.from(body[key] as string,
        'base64').toString('hex');
    }
    expect(Object.keys(body).sort()).toEqual(Object.keys(like).sort());
    return body;
  };

  it.each([['full', true], ['at their defaults', false]])('reads the commits that the codec wrote, fields %s',
    (_, full) => {
    const commit = sampleCommit(sampleBodies(tables, full));
    const bytes = historyCodec.encodeCommit(commit);
    const read = plain(commitType, commitType.decode(bytes));
    expect(read).toMatchObject({ node: 'host1', number: '7', from: '5000000', until: '5200000', first_sequence: '41' });
    expect(read.record).toHaveLength(commit.records.length);
    commit.records.forEach((record, index) => {
      const seen = read.record[index];
      expect(seen.kind).toBe(`KIND_${record.kind.toUpperCase()}`);
      expect(seen.at_after_from).toBe(String(record.at - commit.from));
      expect([seen.cause_node, seen.cause_sequence]).toEqual([String(record.causeNode), String(record.causeSequence)]);
      if (record.kind === 'envelope') {
        expect([seen.target, seen.arrives_after_at]).toEqual([String(record.target),
          String(record.arrivesAt - record.at)]);
      }
      const wanted = foreignBody(record.body);
      const kinds = historyCodec.shape(record.body.type)!.fields;
      expect(withHex(seen[snakeCase(record.body.type)], wanted, kinds)).toEqual(wanted);
    });
  });

  it.each([['full', true], ['at their defaults', false]])('writes the same bytes again, fields %s', (_, full) => {
    const bytes = historyCodec.encodeCommit(sampleCommit(sampleBodies(tables, full)));
    expect(Buffer.from(commitType.encode(commitType.decode(bytes)).finish()).equals(bytes)).toBe(true);
  });

  it('reads every control message', () => {
    for (const record of sampleBodies([controlMessages], true)) {
      const read = plain(controlType, controlType.decode(controlCodec.encodeRecord(record)));
      expect(read[snakeCase(record.type)]).toEqual(foreignBody(record));
    }
  });

  it('has 64-bit numbers to read with', () => {
    expect(util.Long).toBeTruthy();
  });
});

import { BrokenAssertion, defineRecords, type Commit } from '@netreel/sim';
import { controlCodec, controlMessages } from './control.js';
import { createCodec } from './codec.js';
import { historyCodec, rooms } from './rooms.js';
import { sampleBodies, sampleCommit } from '../test/samples.js';

const everyKind = defineRecords({
  Everything: {
    number: 16,
    fields: { text: 'text', int: 'int', flag: 'flag', bytes: 'bytes', mac: 'mac', ipv4: 'ipv4', ns: 'ns',
      texts: 'texts',
      ints: 'ints', json: 'json', frame: 'frame', ipv6: 'ipv6' },
  },
  Nothing: { number: 17, fields: {} },
});
const codec = createCodec([everyKind]);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function decoded(bytes: Uint8Array): Commit {
  const result = codec.decodeCommit(bytes);
  if (!result.ok) throw new Error(result.flaw);
  return result.commit;
}

describe('a commit as bytes', () => {
  it('stays as it was first written: these bytes are in journals', () => {
    const commit = sampleCommit(sampleBodies([everyKind], true));
    expect(hex(codec.encodeCommit(commit))).toBe([
      '0a05686f737431', '1007', '18c096b102', '2080b1bd02', '2829', // node, number, from, until, first sequence
      '328901', '2001', '82018301', // record: kind input; body 16:
      '0a0a6272c3a47520f09f90b3', '10ffffffffffffff0f', '1801', '22030001ff', '29020011ac42020000', // text to mac
      '350b41a8c0', '38c0aef7dc03', '420161', '4200', '420162', '4a080001808080808020', // ipv4 ns texts ints
      '52247b2262223a5b312c2278222c6e756c6c5d2c2261223a7b2264656570223a747275657d7d', '5a03090807', // json frame
      '6214fe80000000000000', '0042acfffe120002', '00000003', // ipv6 on link 3
      '320b', '08e807', '1001', '18ac02', '8a0100', // record: at, cause; body 17, empty
    ].join(''));
  });

  it('comes back field by field, full or at its defaults', () => {
    for (const full of [true, false]) {
      const commit = sampleCommit(sampleBodies([everyKind], full));
      expect(decoded(codec.encodeCommit(commit))).toEqual(commit);
      expect(decoded(new Uint8Array(codec.encodeCommit(commit)))).toEqual(commit);
    }
  });

  it('holds every record of every room', () => {
    for (const full of [true, false]) {
      const commit = sampleCommit(sampleBodies(rooms.map((room) => room.table), full));
      const result = historyCodec.decodeCommit(historyCodec.encodeCommit(commit));
      expect(result).toEqual({ ok: true, commit });
    }
  });

  it('copies a frame out of the middle of a larger buffer, and hands out a copy again', () => {
    const body = { ...sampleBodies([everyKind], false)[0]!,
      frame: { buffer: new Uint8Array([0, 0, 5, 6, 0]), start: 2, end: 4 } };
    const bytes = codec.encodeCommit(sampleCommit([body]));
    const kept = hex(bytes);
    const frame = (decoded(bytes).records[0]!.body as unknown as { frame: { buffer: Uint8Array } }).frame;
    expect(frame).toEqual({ buffer: new Uint8Array([5, 6]), start: 0, end: 2 });
    frame.buffer.fill(99);
    expect(hex(bytes)).toBe(kept);
  });

  it('refuses to write what a table does not allow, naming the field', () => {
    const [body] = sampleBodies([everyKind], false);
    const bad: readonly (readonly [object, string])[] = [
      [{ int: -1 }, 'Everything.int'], [{ int: 1.5 }, 'Everything.int'], [{ int: 2 ** 53 }, 'Everything.int'],
      [{ int: undefined }, 'Everything.int'], [{ text: 5 }, 'Everything.text'], [{ mac: 2 ** 48 }, 'Everything.mac'],
      [{ ipv4: 2 ** 32 }, 'Everything.ipv4'], [{ ipv6: 6 }, 'Everything.ipv6'], [{ flag: 1 }, 'Everything.flag'],
        [{ json: undefined }, 'Everything.json'],
    ];
    for (const [change, where] of bad) {
      expect(() => codec.encodeCommit(sampleCommit([{ ...body!, ...change }]))).toThrow(where);
    }
    expect(() => codec.encodeCommit(sampleCommit([{ type: 'Unheard' }]))).toThrow(BrokenAssertion);
  });

  it('refuses records out of sequence', () => {
    const commit = sampleCommit(sampleBodies([everyKind], false));
    const torn = { ...commit, records: [commit.records[0]!, { ...commit.records[1]!, sequence: 50 }] };
    expect(() => codec.encodeCommit(torn)).toThrow('does not follow');
  });
});

describe('bad bytes', () => {
  const bytes = codec.encodeCommit(sampleCommit(sampleBodies([everyKind], true)));

  it('are a flaw at every length they may break off, never an exception', () => {
    for (let length = 0; length < bytes.length; length++) {
      const result = codec.decodeCommit(bytes.subarray(0, length));
      if (result.ok) expect(codec.encodeCommit(result.commit).length).toBe(length);
      else expect(result.flaw).not.toBe('');
    }
  });

  it('are a flaw or another commit whichever byte is hit, never an exception', () => {
    for (let place = 0; place < bytes.length; place++) {
      for (const flip of [1, 0x80, 0xff]) {
        const hit = new Uint8Array(bytes);
        hit[place]! ^= flip;
        expect(typeof codec.decodeCommit(hit).ok).toBe('boolean');
      }
    }
  });

  it('name the number of a record that no table knows', () => {
    const newer = createCodec([defineRecords({ Newer: { number: 399, fields: { text: 'text' } } })]);
    const commit = sampleCommit([{ type: 'Newer', text: 'x' } as never]);
    expect(codec.decodeCommit(newer.encodeCommit(commit))).toMatchObject({ ok: false,
      flaw: expect.stringContaining('399') as string });
  });

  it('name a field that a newer version added', () => {
    const newer = createCodec([defineRecords({ Nothing: { number: 17, fields: { added: 'int' } } })]);
    const commit = sampleCommit([{ type: 'Nothing', added: 5 } as never]);
    expect(codec.decodeCommit(newer.encodeCommit(commit)))
      .toMatchObject({ ok: false, flaw: expect.stringContaining('Nothing has no field 1') as string });
  });

  it('may lack a field that was added later: it is at its default', () => {
    const older = createCodec([defineRecords({ Grown: { number: 20, fields: { name: 'text' } } })]);
    const newer = createCodec(
      [defineRecords({ Grown: { number: 20, fields: { name: 'text', size: 'int', tags: 'texts' } } })]);
    const result = newer.decodeRecord(older.encodeRecord({ type: 'Grown', name: 'a' } as never));
    expect(result).toEqual({ ok: true, record: { type: 'Grown', name: 'a', size: 0, tags: [] } });
  });
});

describe('a batch of envelopes', () => {
  const envelopes = Array.from({ length: 50 }, (_, index) => ({
    source: 0, target: 2, sequence: 10 + index, arrivesAt: 1_200_000 + index, body: sampleBodies([everyKind], true)[0]!,
  }));
  const batch = { source: 0, target: 2, window: 9, before: 100, envelopes };

  it('comes back as it was, also when it is empty', () => {
    expect(codec.decodeEnvelopes(codec.encodeEnvelopes(batch))).toEqual({ ok: true, batch });
    const empty = { ...batch, envelopes: [] };
    expect(codec.decodeEnvelopes(codec.encodeEnvelopes(empty))).toEqual({ ok: true, batch: empty });
  });

  it('is cut into messages below a limit that say where in the channel they belong', () => {
    const parts = codec.encodeEnvelopeParts(batch, 600);
    expect(parts.length).toBeGreaterThan(5);
    let before = 100;
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(600);
      const result = codec.decodeEnvelopes(part);
      if (!result.ok) throw new Error(result.flaw);
      expect(result.batch.before).toBe(before);
      before += result.batch.envelopes.length;
    }
    expect(before).toBe(150);
    expect(codec.encodeEnvelopeParts(batch, 1)).toHaveLength(50);
    expect(codec.encodeEnvelopeParts({ ...batch, envelopes: [] }, 600)).toHaveLength(1);
  });

  it('takes no envelope of another channel', () => {
    expect(() => codec.encodeEnvelopes({ ...batch, source: 1 })).toThrow('another channel');
  });
});

describe('a single record', () => {
  it('travels alone: every control message comes back', () => {
    for (const full of [true, false]) {
      for (const record of sampleBodies([controlMessages], full)) {
        expect(controlCodec.decodeRecord(controlCodec.encodeRecord(record))).toEqual({ ok: true, record });
      }
    }
  });

  it('is followed by nothing', () => {
    const bytes = codec.encodeRecord({ type: 'Nothing' });
    expect(codec.decodeRecord(Buffer.concat([bytes, bytes]))).toMatchObject({ ok: false });
    expect(codec.decodeRecord(new Uint8Array(0))).toMatchObject({ ok: false });
  });
});

describe('tables of one codec', () => {
  it('share neither names nor numbers', () => {
    expect(() => createCodec([everyKind,
      defineRecords({ Nothing: { number: 30, fields: {} } })])).toThrow('two records are called Nothing');
    expect(() => createCodec([everyKind,
      defineRecords({ Other: { number: 17, fields: {} } })])).toThrow('share number 17');
  });
});

import { base64Of, byteCount, bytesOf, fromBase64, textOf } from './bytes.js';
import { digestOf } from './digest.js';
import { fileEntry, readArchive, writeArchive, type ArchiveEntry } from './tar.js';

const entries = (archive: Uint8Array): readonly ArchiveEntry[] => {
  const read = readArchive(archive);
  if (typeof read === 'string') throw new Error(read);
  return read;
};

describe('an archive', () => {
  test('is read as it was written, names of any length included', () => {
    const long = `${'a/'.repeat(120)}file`;
    const written: ArchiveEntry[] = [
      { ...fileEntry('folder', new Uint8Array(0)), kind: 'folder', mode: 0o755 },
      { ...fileEntry('folder/script', bytesOf('#!/bin/sh\n')), mode: 0o755 },
      { ...fileEntry('link', new Uint8Array(0)), kind: 'link', mode: 0o777, target: `../${long}` },
      fileEntry(long, bytesOf('x'.repeat(513))),
    ];
    expect(entries(writeArchive(written))).toEqual(written);
  });

  test('that is cut short, or is none, is refused and never throws', () => {
    const whole = writeArchive([fileEntry('a', bytesOf('text')), fileEntry('b', bytesOf('y'.repeat(2000)))]);
    expect(readArchive(whole.subarray(0, 700))).toBe('unexpected EOF');
    expect(readArchive(bytesOf('x'.repeat(512)))).toBe('archive/tar: invalid tar header');
    for (let at = 0; at < whole.length; at += 13) {
      const odd = whole.slice();
      odd[at] = (odd[at]! + 77) & 255;
      expect(() => readArchive(odd)).not.toThrow();
    }
  });
});

describe('bytes of files', () => {
  test('come back whatever they are', () => {
    const all = new Uint8Array(4096).map((_, at) => (at * 167 + (at >> 5)) & 255);
    expect([...bytesOf(textOf(all))]).toEqual([...all]);
    expect([...fromBase64(base64Of(all))]).toEqual([...all]);
    expect(byteCount(textOf(all))).toBe(4096);
  });

  test.each([['ascii', 5], ['größe', 7], ['😀', 4], ['', 0]])('%s takes %d bytes', (text, count) => {
    expect([byteCount(text), bytesOf(text).length, textOf(bytesOf(text))]).toEqual([count, count, text]);
  });

  test('have the digests that everybody computes', () => {
    expect(digestOf(bytesOf('abc'))).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

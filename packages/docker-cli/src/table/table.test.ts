import { DEFAULT_EPOCH_SECONDS, MINUTE, SECOND } from '@netreel/sim';
import { buildTimeText, dateText, readDate, unixSeconds } from './calendar.js';
import { LIST_COLUMNS, setColumns } from './columns.js';
import { momentQuery } from './moment.js';
import { durationText, naturalOrder, shortened, shortId, sizeText } from './words.js';

describe('columns', () => {
  it('are ten wide at least and three wider than their widest cell; the last is left alone', () => {
    expect(setColumns('NETWORK ID\tNAME\tSCOPE\n0123456789ab\tbridge\tlocal\n', LIST_COLUMNS)).toBe(
      'NETWORK ID     NAME      SCOPE\n0123456789ab   bridge    local\n',
    );
  });

  it('end where a line lacks them', () => {
    expect(setColumns('a\tb\nplain\nlonger than ten\tc\n', LIST_COLUMNS)).toBe(
      'a         b\nplain\nlonger than ten   c\n',
    );
  });
});

describe('words for numbers', () => {
  it.each([
    [0, 'Less than a second'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, 'About a minute'],
    [119, 'About a minute'],
    [120, '2 minutes'],
    [3599, '59 minutes'],
    [3600, 'About an hour'],
    [5399, 'About an hour'],
    [5400, '2 hours'],
    [172_799, '2 days'],
    [14 * 86_400, '2 weeks'],
    [60 * 86_400, '2 months'],
    [800 * 86_400, '2 years'],
  ])('%i seconds', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it.each([
    [0, 3, '0B'],
    [999, 3, '999B'],
    [1_984_333, 3, '1.98MB'],
    [1_984_333, 4, '1.984MB'],
    [64_000, 3, '64kB'],
  ])('%i bytes', (bytes, digits, text) => expect(sizeText(bytes, digits)).toBe(text));

  it('shortens', () => {
    expect(shortened("/bin/sh -c 'sleep 100'", 20)).toBe("/bin/sh -c 'sleep 1…");
    expect(shortId(`sha256:${'ab'.repeat(32)}`)).toBe('abababababab');
  });

  it('sorts runs of digits as numbers, capitals first', () => {
    expect(['net10', 'lab', 'net2', 'Lab', 'net'].sort(naturalOrder)).toEqual(['Lab', 'lab', 'net', 'net2', 'net10']);
  });
});

describe('dates', () => {
  it('count from the start of a run', () => {
    expect(dateText(DEFAULT_EPOCH_SECONDS)).toBe('2024-01-01 00:00:00 +0000 UTC');
    expect(dateText(unixSeconds(59 * 24 * 60 * MINUTE))).toBe('2024-02-29 00:00:00 +0000 UTC');
    expect(dateText(unixSeconds(90 * SECOND))).toBe('2024-01-01 00:01:30 +0000 UTC');
    expect(dateText(0)).toBe('1970-01-01 00:00:00 +0000 UTC');
  });

  it('are read with and without a clock and a zone', () => {
    expect(readDate('2024-01-01')).toEqual({ seconds: DEFAULT_EPOCH_SECONDS, fraction: '000000000' });
    expect(readDate('2024-01-01T01:00:00.5+01:00')).toEqual({ seconds: DEFAULT_EPOCH_SECONDS, fraction: '500000000' });
    expect(readDate('soon')).toBeUndefined();
    expect(buildTimeText('2026-05-07T21:09:36.000000000+00:00')).toBe('Thu May  7 21:09:36 2026');
  });

  it('reach the engine as Unix seconds', () => {
    expect(momentQuery('10m', 15 * MINUTE)).toBe(String(DEFAULT_EPOCH_SECONDS + 300));
    expect(momentQuery('2024-01-01', 0)).toBe(`${DEFAULT_EPOCH_SECONDS}.000000000`);
    expect(momentQuery('1234.5', 0)).toBe('1234.5');
    expect(momentQuery('foo', 0)).toBeUndefined();
  });
});

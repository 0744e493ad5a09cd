import { formatTime, parseDuration, serialisationNs, SECOND } from './time.js';

describe('virtual time', () => {
  it.each([['200us', 200_000], ['1.5s', 1_500_000_000], ['2m30s', 150_000_000_000], ['0', 0], ['1h', 3_600_000_000_000],
    ['0.25ms', 250_000]])(
    'reads %s', (text, ns) => expect(parseDuration(text)).toBe(ns));

  it.each(['', '5', 's', '1,5s', '-1s', '5 s', '1e3s', '3d'])('refuses %j',
    (text) => expect(parseDuration(text)).toBeUndefined());

  it('prints microseconds, and nanoseconds where they matter', () => {
    expect(formatTime(SECOND + 200_000)).toBe('1.000200s');
    expect(formatTime(SECOND + 1)).toBe('1.000000001s');
  });

  it('rounds the time on the line up, once', () => {
    expect(serialisationNs(1514, 10_000_000_000)).toBe(1212);
    expect(serialisationNs(1514, 0)).toBe(0);
  });
});

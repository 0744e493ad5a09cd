import { humanDuration, rfc3339, unixSeconds } from './time.js';

const SECOND = 1_000_000_000;

describe('moments of virtual time', () => {
  it.each([
    [0, '2024-01-01T00:00:00Z'],
    [1, '2024-01-01T00:00:00.000000001Z'],
    [1_500_000_000, '2024-01-01T00:00:01.5Z'],
    [59 * 86_400 * SECOND, '2024-02-29T00:00:00Z'],
    [60 * 86_400 * SECOND, '2024-03-01T00:00:00Z'],
    [(86_400 + 3661) * SECOND, '2024-01-02T01:01:01Z'],
    [103 * 86_400 * SECOND, '2024-04-13T00:00:00Z'],
    [undefined, '0001-01-01T00:00:00Z'],
  ])('%s is %s', (at, text) => {
    expect(rfc3339(at)).toBe(text);
  });

  it('agree with the calendar on every day a run can reach', () => {
    for (let day = 0; day <= 104; day++) {
      const at = day * 86_400 * SECOND;
      expect(rfc3339(at)).toBe(new Date(unixSeconds(at) * 1000).toISOString().replace('.000Z', 'Z'));
    }
  });
});

describe('lengths of time', () => {
  it.each([
    [0, 'Less than a second'], [1, '1 second'], [59, '59 seconds'], [60, 'About a minute'], [120, '2 minutes'], [3600,
      'About an hour'],
    [7300, '2 hours'], [47 * 3600, '47 hours'], [48 * 3600, '2 days'], [14 * 86_400, '2 weeks'], [61 * 86_400,
      '2 months'],
  ])('%s s is %s', (seconds, text) => {
    expect(humanDuration(seconds * SECOND)).toBe(text);
  });
});

import { RandomStream } from '@netreel/sim';
import { parseIpv4 } from '@netreel/wire';
import type { IpamPool } from '../network/spec.js';
import { freeRunsOf, giveBackTo, isReserved, takeFrom } from './free.js';

function pool(network: string, prefix: number, more: Partial<IpamPool> = {}): IpamPool {
  const start = parseIpv4(network)!;
  return { network: start, prefix, gateway: start + 1, rangeNetwork: start, rangePrefix: prefix, auxiliary: [],
    ...more };
}

const TEN = parseIpv4('10.0.0.0')!;

describe('the free addresses of a pool', () => {
  it('are its range without ends, gateway and addresses kept back', () => {
    expect(freeRunsOf(pool('10.0.0.0', 24))).toEqual([TEN + 2, TEN + 254]);
    expect(freeRunsOf(pool('10.0.0.0', 24, { auxiliary: [TEN + 2, TEN + 9] })))
      .toEqual([TEN + 3, TEN + 8, TEN + 10, TEN + 254]);
    expect(freeRunsOf(pool('10.0.0.0', 24, { rangeNetwork: TEN + 128, rangePrefix: 26 })))
      .toEqual([TEN + 128, TEN + 191]);
  });

  it('spare no ends where there are two addresses or one', () => {
    expect(freeRunsOf(pool('10.0.0.0', 31))).toEqual([TEN, TEN]);
    expect(freeRunsOf(pool('10.0.0.0', 32, { gateway: 0 }))).toEqual([TEN, TEN]);
    expect(freeRunsOf(pool('10.0.0.0', 32, { gateway: TEN }))).toEqual([]);
  });

  it('reach to the last address there is', () => {
    expect(freeRunsOf(pool('255.255.255.252', 30))).toEqual([0xffff_fffe, 0xffff_fffe]);
  });

  it.each([1, 2, 3, 4])('begin with the lowest one whatever came and went, draws %d', (seed) => {
    const draws = new RandomStream(seed, 'addresses');
    const one = pool('10.0.0.0', 26, { rangeNetwork: TEN + 32, rangePrefix: 27,
      auxiliary: [TEN + 33, TEN + 40, TEN + 41, TEN + 7] });
    const runs = freeRunsOf(one);
    const taken = new Set<number>();
    const free = (): number[] => Array.from({ length: 32 }, (_, offset) => TEN + 32 + offset)
      .filter((address) => !isReserved(one, address) && !taken.has(address));
    for (let step = 0; step < 2000; step++) {
      // Also addresses outside of the range, and some that are reserved.
      const address = TEN + draws.below(72);
      if (taken.has(address)) {
        taken.delete(address);
        giveBackTo(runs, one, address);
      } else {
        taken.add(address);
        takeFrom(runs, address);
      }
      const listed: number[] = [];
      for (let at = 0; at < runs.length; at += 2) {
        // A run that touched the next one would be found twice as long to search.
        if (at > 0) expect(runs[at]!).toBeGreaterThan(runs[at - 1]! + 1);
        for (let each = runs[at]!; each <= runs[at + 1]!; each++) listed.push(each);
      }
      expect(listed).toEqual(free());
    }
  });
});

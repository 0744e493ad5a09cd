import { RandomStream, hexId } from './random.js';

describe('keyed randomness', () => {
  it('is a function of seed, key and draw number: these words never change', () => {
    const stream = new RandomStream(7, 'host1/link/host2/loss');
    expect([stream.word(), stream.word(), stream.word()]).toEqual([3_849_179_882, 2_848_747_391, 2_689_315_014]);
    expect(stream.draws).toBe(3);
  });

  it('keeps the draws of one key apart from those of all others', () => {
    const alone = new RandomStream(7, 'a');
    const first = [alone.word(), alone.word()];
    const again = new RandomStream(7, 'a');
    const other = new RandomStream(7, 'b');
    expect([again.word(), (other.word(), other.word(), again.word())]).toEqual(first);
    expect(new RandomStream(8, 'a').word()).not.toBe(first[0]);
    expect(new RandomStream(7 + 2 ** 32, 'a').word()).not.toBe(first[0]);
  });

  it('draws every value below a bound about equally often', () => {
    const stream = new RandomStream(1, 'dice');
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[stream.below(6)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('gives ids of the asked length that no two keys share', () => {
    const ids = new Set(Array.from({ length: 5_000 }, (_, i) => hexId(1, `host1/container/${i}`, 64)));
    expect(ids.size).toBe(5_000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });
});


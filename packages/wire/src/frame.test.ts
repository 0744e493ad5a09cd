import { FramePool, HEADROOM } from './frame.js';
import { Generator } from '../test/generator.js';

describe('a pool of frames', () => {
  it('gives a frame of the asked size behind its headroom', () => {
    const frame = new FramePool().take(98);
    expect([frame.start, frame.end, frame.length]).toEqual([HEADROOM, HEADROOM + 98, 98]);
    expect(frame.bytes()).toHaveLength(98);
  });

  it('leaves room for the outer headers of a VXLAN tunnel', () => {
    expect(HEADROOM).toBeGreaterThanOrEqual(14 + 20 + 8 + 8);
  });

  it('counts what is taken and what is free', () => {
    const pool = new FramePool();
    const first = pool.take(60);
    const free = pool.free;
    const second = pool.take(60);
    expect([pool.taken, pool.free]).toEqual([2, free - 1]);
    pool.release(first);
    pool.release(second);
    expect([pool.taken, pool.free]).toEqual([0, free + 1]);
  });

  it('uses a slot again instead of making a new one', () => {
    const pool = new FramePool();
    const buffer = pool.take(60).buffer;
    const taken = pool.take(60);
    pool.release(taken);
    expect(pool.take(1500).buffer).toBe(taken.buffer);
    expect(taken.buffer).not.toBe(buffer);
  });

  it('never gives one slot to two owners', () => {
    const pool = new FramePool();
    const frames = Array.from({ length: 300 }, (_, at) => {
      const frame = pool.take(100);
      frame.bytes().fill(at & 255);
      return frame;
    });
    frames.forEach((frame, at) => expect(new Set(frame.bytes())).toEqual(new Set([at & 255])));
  });

  it('holds the longest datagram in a large slot, and uses large slots again too', () => {
    const pool = new FramePool();
    const large = pool.take(14 + 65535);
    expect(large.length).toBe(65549);
    pool.release(large);
    expect(pool.take(3000).buffer).toBe(large.buffer);
  });

  it('refuses what fits no slot', () => {
    expect(() => new FramePool().take(70_000)).toThrow('no slot holds a frame of 70000 bytes');
  });

  it('notices a second release', () => {
    const pool = new FramePool();
    const frame = pool.take(60);
    pool.release(frame);
    expect(() => pool.release(frame)).toThrow('released twice');
  });

  it('shows an empty frame to whoever looks after the release', () => {
    const pool = new FramePool();
    const frame = pool.take(60);
    pool.release(frame);
    expect(frame.length).toBe(0);
  });

  it('copies a frame, so that a change of one does not show in the other', () => {
    const pool = new FramePool();
    const generator = new Generator(5);
    for (const sizeBytes of [0, 1, 60, 128, 129, 1514, 9000]) {
      const frame = pool.take(sizeBytes, 10);
      frame.bytes().set(generator.bytes(sizeBytes));
      const copy = pool.copy(frame);
      expect(copy.start).toBe(HEADROOM);
      expect([...copy.bytes()]).toEqual([...frame.bytes()]);
      if (sizeBytes > 0) copy.buffer[copy.start] = frame.buffer[frame.start]! ^ 1;
      if (sizeBytes > 0) expect(frame.buffer[frame.start]).not.toBe(copy.buffer[copy.start]);
    }
  });

  it('remembers a checksum that was written here in a copy, never in a slot used again nor in adopted bytes', () => {
    const pool = new FramePool();
    const frame = pool.take(20);
    expect(frame.summed).toBe(false);
    frame.summed = true;
    expect(pool.copy(frame).summed).toBe(true);
    expect(pool.adopt({ buffer: frame.buffer, start: frame.start, end: frame.end }).summed).toBe(false);
    pool.release(frame);
    expect(pool.take(20)).toBe(frame);
    expect(frame.summed).toBe(false);
  });

  it('adopts bytes from elsewhere with headroom of its own', () => {
    const buffer = Uint8Array.of(9, 1, 2, 3, 9);
    const frame = new FramePool().adopt({ buffer, start: 1, end: 4 });
    expect(frame.start).toBe(HEADROOM);
    expect([...frame.bytes()]).toEqual([1, 2, 3]);
  });
});

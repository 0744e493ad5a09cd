import { Line, QUEUE_FRAMES_MAX } from './line.js';

describe('a line', () => {
  it('takes eight bits a byte at its speed', () => {
    expect(new Line(1_000_000_000).send(1500, 0)).toBe(12_000);
    expect(new Line(0).send(1500, 0)).toBe(0);
  });

  it('rounds up, so that no frame is faster than the line', () => {
    expect(new Line(3).send(1, 0)).toBe(2_666_666_667);
  });

  it('lets a frame wait for those before it, and for none once the line is free', () => {
    const line = new Line(1_000_000_000);
    expect(line.send(1000, 0)).toBe(8_000);
    expect(line.send(500, 1_000)).toBe(7_000 + 4_000);
    expect(line.waiting(7_999)).toBe(2);
    expect(line.waiting(8_000)).toBe(1);
    expect(line.send(1000, 12_000)).toBe(8_000);
    expect(line.send(1000, 1_000_000)).toBe(8_000);
  });

  it('refuses the frame after the thousandth that waits, and takes one again when the first has left', () => {
    const line = new Line(8_000_000_000);
    for (let i = 0; i < QUEUE_FRAMES_MAX; i++) expect(line.send(1000, 0)).toBe((i + 1) * 1000);
    expect(line.send(1000, 999)).toBe(-1);
    expect(line.send(1000, 1000)).toBe(1_000_000);
    expect(line.send(1000, 1000)).toBe(-1);
    for (let i = 0; i < 3 * QUEUE_FRAMES_MAX; i++) expect(line.send(1000, 2000 + i * 1000)).toBe(1_000_000);
  });
});

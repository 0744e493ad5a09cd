import { FrameReader, encodeFrame } from './frame.js';

describe('frames', () => {
  it('have their stream and length in front', () => {
    expect([...encodeFrame({ stream: 'stderr', text: 'é' })]).toEqual([2, 0, 0, 0, 0, 0, 0, 2, 0xc3, 0xa9]);
  });

  it('come together again from any pieces', () => {
    const bytes = Buffer.concat([encodeFrame({ stream: 'stdout', text: 'one' }),
      encodeFrame({ stream: 'stderr', text: 'two' })]);
    const reader = new FrameReader();
    const heard = [...bytes].flatMap((byte) => reader.take(Buffer.from([byte])))
      .map(({ stream, bytes: text }) => `${stream} ${text.toString()}`);
    expect(heard).toEqual(['stdout one', 'stderr two']);
  });
});

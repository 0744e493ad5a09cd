import { read16, read32, read48, write16, write32, write48 } from './bytes.js';

describe('big-endian numbers', () => {
  const bytes = Uint8Array.of(0xaa, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xbb);

  it('are read unsigned', () => {
    expect(read16(bytes, 1)).toBe(0xfffe);
    expect(read32(bytes, 1)).toBe(0xfffefdfc);
    expect(read48(bytes, 1)).toBe(0xfffefdfcfbfa);
  });

  it('are written where they belong and nowhere else', () => {
    const target = new Uint8Array(8).fill(0x55);
    write16(target, 1, 0xfffe);
    expect([...target]).toEqual([0x55, 0xff, 0xfe, 0x55, 0x55, 0x55, 0x55, 0x55]);
    write32(target, 1, 0x80000001);
    expect([...target]).toEqual([0x55, 0x80, 0, 0, 1, 0x55, 0x55, 0x55]);
    write48(target, 1, 0xfffefdfcfbfa);
    expect([...target]).toEqual([0x55, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0x55]);
  });

  it('keep their lowest bits when they are too large', () => {
    const target = new Uint8Array(4);
    write16(target, 0, 0x1_2345);
    write16(target, 2, -1);
    expect([...target]).toEqual([0x23, 0x45, 0xff, 0xff]);
  });
});

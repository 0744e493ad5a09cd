import { TestLab, labOf } from '@netreel/testkit';
import { captureHead, capturedFrames, inOrder } from '@netreel/views';

const word = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

describe('a capture of the underlay', () => {
  const lab = new TestLab(labOf(2));
  lab.shell('host1', 'ping -c 1 192.168.65.12');
  const blocks = [...captureHead(lab.lab), ...capturedFrames(lab.lab, inOrder(lab.commits))];

  it('begins with its section and an interface for each node', () => {
    expect(word(blocks[0]!, 0)).toBe(0x0a0d0d0a);
    expect(word(blocks[0]!, 8)).toBe(0x1a2b3c4d);
    expect(blocks.slice(1, 5).map((block) => word(block, 0))).toEqual([1, 1, 1, 1]);
    expect(new TextDecoder().decode(blocks[1]!)).toContain('host1-eth0');
  });

  it('repeats the length of every block behind it, in whole words', () => {
    for (const block of blocks) {
      expect(block.length % 4).toBe(0);
      expect([word(block, 4), word(block, block.length - 4)]).toEqual([block.length, block.length]);
    }
  });

  it('holds the frames as they were sent: ARP to everybody and back, then the echo and its reply', () => {
    const frames = blocks.slice(5).map((block) => ({ sender: word(block, 8), type: (block[40]! << 8) | block[41]! }));
    expect(frames.filter((frame) => frame.type === 0x0806).length).toBeGreaterThanOrEqual(2);
    expect(frames.slice(-2)).toEqual([{ sender: 0, type: 0x0800 }, { sender: 1, type: 0x0800 }]);
  });
});

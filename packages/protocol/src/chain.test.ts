import { chainHash, genesisHash, historyHash } from './chain.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the hash chain', () => {
  it('is SHA-256 over the link before and the bytes, so that anybody can check it', () => {
    expect(genesisHash('host1')).toBe('947d69dd1c48be532fe57e61b45564a66ab087626ff0a9cde9e3fce5a2223b4a');
    expect(chainHash(genesisHash('host1'),
      bytes('a'))).toBe('3a0690dcd8e91cf526602f8bfb6bce41411c1af530a0d94bb633529f9cd890e0');
  });

  it('differs with every byte, every predecessor and every node', () => {
    const first = chainHash(genesisHash('host1'), bytes('a'));
    const links = [first, chainHash(first, bytes('a')), chainHash(genesisHash('host1'), bytes('b')),
      chainHash(genesisHash('host2'), bytes('a'))];
    expect(new Set(links).size).toBe(4);
  });

  it('is summed up over nodes in the order of their names, however they arrive', () => {
    const a = genesisHash('a');
    const b = genesisHash('b');
    const hash = historyHash(new Map([['a', a], ['b', b]]));
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(historyHash(new Map([['b', b], ['a', a]]))).toBe(hash);
    expect(historyHash(new Map([['a', b], ['b', a]]))).not.toBe(hash);
  });
});

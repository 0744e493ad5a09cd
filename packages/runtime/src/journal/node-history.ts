// What memory and file journals know of one node: the links of its commits, its fence, and the comparison that Redis
// makes in append.lua.

import { genesisHash, type ChainHash } from '@netreel/protocol';
import { entryId, type AppendResult, type LastCommit, type Position, type StoredCommit } from './journal.js';

/** One stored commit without its bytes. */
export interface StoredLink extends Position {
  readonly from: number;
}

export class NodeHistory<L extends StoredLink = StoredLink> {
  readonly links: L[] = [];
  /** The newest writer's number, as far as is stored; older ones may not append. */
  epoch = 0;

  constructor(private readonly node: string) {}

  last(): LastCommit {
    const last = this.links[this.links.length - 1];
    if (last === undefined) return { number: 0, id: '0-0', chain: genesisHash(this.node) };
    return { number: last.number, chain: last.chain, id: entryId(last.from, last.number) };
  }

  /** The link of commit `number`; the genesis link for 0. */
  chainAt(number: number): ChainHash | undefined {
    return number === 0 ? genesisHash(this.node) : this.links[number - 1]?.chain;
  }

  /**
   * What is to be done with `commits` behind `base`: how many of them are there already, or why they cannot be taken.
   */
  compare(epoch: number, base: Position, commits: readonly StoredCommit[]): AppendResult {
    if (epoch < this.epoch) return { kind: 'fenced', epoch: this.epoch };
    const last = this.last();
    if (base.number > last.number) return { kind: 'regressed', last };
    const stored = this.chainAt(base.number)!;
    if (stored !== base.chain) return { kind: 'diverged', number: base.number, stored, offered: base.chain };
    let present = 0;
    for (const commit of commits) {
      const there = this.links[commit.number - 1];
      if (there === undefined) break;
      if (there.chain !== commit.chain || there.from !== commit.from) {
        return { kind: 'diverged', number: commit.number, stored: there.chain, offered: commit.chain };
      }
      present++;
    }
    return present === commits.length ? { kind: 'identical' } : { kind: 'appended', present };
  }

  /** Place in `links` of the first commit to read, and behind the last. */
  span(afterNumber = 0, upTo = Number.MAX_SAFE_INTEGER): readonly [number, number] {
    let low = afterNumber;
    let high = Math.max(this.links.length, low);
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (this.links[middle]!.from <= upTo) low = middle + 1;
      else high = middle;
    }
    return [afterNumber, low];
  }
}

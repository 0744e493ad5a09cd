// Checks that hold for every journal on the way out: numbers without gaps, links that fit.

import { chainHash, type ChainHash } from '@netreel/protocol';
import { JournalFault, type StoredCommit } from './journal.js';

/** Follows a chain link by link while commits are read. */
export class ChainReader {
  constructor(private readonly where: string, private number: number, private chain: ChainHash) {}

  /** Refuses a commit that does not follow the one before. */
  check(commit: StoredCommit): StoredCommit {
    const { where } = this;
    if (commit.number !== this.number + 1) {
      throw new JournalFault('damaged', `${where}: commit ${this.number + 1} is missing, ${commit.number} comes next`);
    }
    const chain = chainHash(this.chain, commit.bytes);
    if (chain !== commit.chain) {
      throw new JournalFault('damaged',
        `${where}: commit ${commit.number} was changed: its link is ${commit.chain}, expected ${chain}`);
    }
    this.number = commit.number;
    this.chain = chain;
    return commit;
  }
}

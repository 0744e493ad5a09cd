import { memoryJournal } from '../src/index.js';
import { journalContract } from './journal-contract.js';

describe('the journal in memory', () => {
  journalContract(async () => memoryJournal());
});

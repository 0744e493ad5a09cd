// The one input that is for the machine itself, whatever node it is: chance takes another way from a moment on. Forks
// of a run are made with it. Numbers 125 to 129.

import { defineRecords, type RecordOf } from './schema.js';

export const runInputs = defineRecords({
  /** Every stream of draws, and every new identity, follows `seed` from now on. */
  SeedChanged: { number: 125, fields: { seed: 'int' } },
});

export type RunInput = RecordOf<typeof runInputs>;

export function isSeedChanged(body: { readonly type: string }): body is RunInput {
  return body.type === 'SeedChanged';
}

// What a real engine answered, word for word, against what ours does.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readCase } from './case-file.js';
import { runCase } from './run-case.js';

const folder = process.env['CONFORMANCE_CASES'] ?? join(__dirname, 'cases');

describe('as the real engine answered', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.case')).sort();

  it.each(files)('%s', (file) => {
    const complaints = runCase(readCase(file, readFileSync(join(folder, file), 'utf8')));
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
});

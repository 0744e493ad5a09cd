// npm test: sets up what is missing and runs every test. The last line is `N passed, N failed`.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passThrough } from './command.mjs';
import { checkNode, preparePackages } from './packages.mjs';
import { root } from './places.mjs';
import { prepareServers } from './servers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'netreel-test-'));
const report = join(folder, 'report.json');
let passed = 0;
let failed = 1;
let skipped = 0;
try {
  checkNode();
  console.log('Netreel: setting up');
  await preparePackages();
  const without = await prepareServers();
  if (without !== undefined) console.log(`  ! ${without}; tests that need the servers are skipped`);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const status =
    await passThrough(process.execPath,
      [jest, '--json', `--outputFile=${report}`, '--maxWorkers=2', ...process.argv.slice(2)], { cwd: root });
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed = result.numPassedTests;
  skipped = result.numPendingTests + result.numTodoTests;
  // A file that could not even be loaded counts as one failure.
  failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (status !== 0 && failed === 0) failed = 1;
  if (passed === 0 && failed === 0) failed = 1;
} catch (error) {
  console.error(`netreel: the tests could not be run: ${error.message}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (skipped > 0) console.log(`${skipped} skipped: what they need is not on this machine (see above)`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

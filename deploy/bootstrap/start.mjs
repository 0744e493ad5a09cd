// npm start: sets up what is missing, then runs the tour on three hosts, each in its own process.

import { join } from 'node:path';
import { passThrough } from './command.mjs';
import { checkNode, preparePackages } from './packages.mjs';
import { root } from './places.mjs';
import { prepareServers } from './servers.mjs';

try {
  checkNode();
  console.log('Netreel: setting up');
  await preparePackages();
  const without = await prepareServers();
  if (without !== undefined) console.log(`  ! ${without}; the tour runs embedded, in one process`);
  const mode = without === undefined ? 'processes' : 'embedded';
  process.exitCode = await passThrough(process.execPath,
    [join(root, 'netreel'), 'tour', '--mode', mode, ...process.argv.slice(2)]);
} catch (error) {
  console.error(`netreel: set-up failed: ${error.message}`);
  process.exitCode = 1;
}

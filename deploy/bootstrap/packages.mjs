// The project's own packages: pnpm (through npm, into the project's folder), what the lock file names, the compiled
// sources.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { step } from './progress.mjs';
import { root, state, tools } from './places.mjs';

const NODE_LEAST = [20, 19];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1])) return;
  throw new Error(`Node.js ${NODE_LEAST.join('.')} or newer is needed; this is ${process.versions.node}`);
}

/** Installs and compiles whatever is not there yet or has changed. A second call does next to nothing. */
export async function preparePackages() {
  mkdirSync(state, { recursive: true });
  const pnpm = join(tools, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
  const stamp = createHash('sha256').update(wanted).update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(process.version).digest('hex');
  const stampFile = join(state, 'packages.stamp');
  const installed = existsSync(join(root, 'node_modules')) && existsSync(stampFile)
    && readFileSync(stampFile, 'utf8') === stamp;
  if (!installed) {
    await step(`${wanted.replace('@', ' ')}`,
      () => run('npm', ['install', '--prefix', tools, '--no-audit', '--no-fund', '--loglevel=error', wanted])
      .then(() => ''));
    await step('packages',
      () => run(process.execPath, [pnpm, 'install', '--frozen-lockfile'],
        { cwd: root, env: { ...process.env, CI: 'true' } })
      .then(() => ''));
    writeFileSync(stampFile, stamp);
  }
  await step('compile',
    () => run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', 'tsconfig.json'],
      { cwd: root })
    .then(() => ''));
  writeFileSync(join(state, 'compiled.stamp'), `${process.version}\n`);
}

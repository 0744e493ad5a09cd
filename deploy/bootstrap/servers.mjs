// redis-server and nats-server: the system's own if it has them, else Debian's packages unpacked into the project's
// folder. No root, nothing installed on the machine, nothing started here.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { step } from './progress.mjs';
import { servers, state } from './places.mjs';

const NAMES = ['redis-server', 'nats-server'];

function runnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The file of a server, and the environment it needs; undefined when there is none. */
export function findServer(name) {
  const own = process.env[`NETREEL_${name.replace('-', '_').toUpperCase()}`];
  if (own) return { file: own, env: {} };
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && runnable(join(folder, name))) return { file: join(folder, name), env: {} };
  }
  for (const folder of ['bin', 'sbin']) {
    const file = join(servers, 'usr', folder, name);
    if (runnable(file)) return { file, env: { LD_LIBRARY_PATH: libraryFolders().join(':') } };
  }
  return undefined;
}

function libraryFolders() {
  const base = join(servers, 'usr', 'lib');
  if (!existsSync(base)) return [];
  return [base, ...readdirSync(base).filter((name) => name.includes('-linux-')).map((name) => join(base, name))];
}

/** Whether the server starts at all: one unpacked earlier may lack a library that the system has since lost. */
function works(name) {
  const found = findServer(name);
  return found !== undefined
    && spawnSync(found.file, ['--version'], { env: { ...process.env, ...found.env } }).status === 0;
}

/** Makes both servers available if it can. Returns undefined, or in one line why not. */
export async function prepareServers() {
  const missing = NAMES.filter((name) => !works(name));
  if (missing.length === 0) return undefined;
  if (spawnSync('apt-get', ['--version']).status !== 0 || spawnSync('dpkg-deb', ['--version']).status !== 0) {
    return `${missing.join(' and ')} not found, and this system has no apt-get to fetch them with`;
  }
  try {
    await step(missing.join(' and '), () => unpack(missing));
  } catch (error) {
    return `${missing.join(' and ')} could not be fetched: ${error.message.split('\n')[0]}`;
  }
  const left = NAMES.filter((name) => !works(name));
  return left.length === 0 ? undefined : `${left.join(' and ')} cannot be started from the system's packages`;
}

async function unpack(names) {
  const work = join(state, 'apt');
  for (const folder of ['lists/partial', 'archives/partial', 'download']) mkdirSync(join(work, folder),
    { recursive: true });
  // Lists and archives of our own: the machine's are neither needed nor touched.
  const apt = (...args) =>
    run('apt-get', ['-q', '-o', `Dir::State::lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${work}`,
    '-o', `Dir::Cache::archives=${join(work, 'archives')}`, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root',
      ...args],
  { cwd: join(work, 'download'), env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' } });
  await apt('update');
  // What an installation would bring in on this very machine: the libraries it lacks, and no more.
  const plan = await apt('install', '--simulate', '--no-install-recommends', ...names);
  const wanted = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  if (wanted.length === 0) throw new Error('apt-get names nothing to install');
  await apt('download', ...wanted);
  mkdirSync(servers, { recursive: true });
  for (const file of readdirSync(join(work, 'download')).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(work, 'download', file), servers]);
  }
  writeFileSync(join(servers, 'PACKAGES'), `${wanted.join('\n')}\n`);
  rmSync(work, { recursive: true, force: true });
  return `${wanted.length} packages unpacked`;
}

// apt-get, apt and dpkg -l: packages of Debian and Ubuntu out of a catalogue, without a network.

import { MILLISECOND, SECOND, type Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { makeFolders } from '../files/tree.js';
import { APT, install, isInstalled, missingPackages, uninstall } from './installed.js';

const LISTS = '/var/lib/apt/lists';
const INDEX = `${LISTS}/main_binary-amd64_Packages`;
const NS_PER_KILOBYTE = MILLISECOND / 10;
const READING = 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n';

export function* aptGet(sys: Sys, argv: readonly string[]): Operation<number> {
  const flags = argv.slice(1).filter((word) => word.startsWith('-'));
  const [verb, ...names] = argv.slice(1).filter((word) => !word.startsWith('-'));
  const quiet = flags.some((flag) => /^-q+$|^-y?q+y?$|^--quiet/.test(flag));
  const yes = flags.some((flag) => /^-\w*y|^--yes$|^--assume-yes$/.test(flag));
  switch (verb) {
    case 'update': return yield* update(sys);
    case 'install': return yield* installAll(sys, names, yes);
    case 'remove': case 'purge': return removeAll(sys, names);
    case 'clean': case 'autoclean': return 0;
    case 'autoremove': case 'upgrade': case 'dist-upgrade':
      sys.stdout(`${quiet ? '' : READING}0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`);
      return 0;
    case undefined:
      sys.stdout('apt 2.0.10 (amd64)\nUsage: apt-get [options] command\n');
      return 0;
    default:
      sys.stderr(`E: Invalid operation ${verb}\n`);
      return 100;
  }
}

function* update(sys: Sys): Operation<number> {
  const place = mirrorOf(sys);
  const release = /VERSION_CODENAME=(\w+)/.exec(sys.files.read('/etc/os-release') ?? '')?.[1] ?? 'stable';
  sys.stdout(`Get:1 ${place} ${release} InRelease [265 kB]\n`);
  yield* sys.sleep(SECOND);
  sys.stdout(`Get:2 ${place} ${release}/main amd64 Packages [1275 kB]\n`);
  yield* sys.sleep(SECOND);
  const refused = makeFolders(sys.files, LISTS) ?? sys.files.write(INDEX, Object.keys(APT).sort()
    .map((name) => `Package: ${name}\nVersion: ${APT[name]!.version}\n\n`).join(''));
  if (refused !== undefined) {
    sys.stderr(`E: List directory ${LISTS}/partial is missing. - Acquire (${refused})\n`);
    return 100;
  }
  sys.stdout('Fetched 1540 kB in 2s (770 kB/s)\nReading package lists...\n');
  return 0;
}

function mirrorOf(sys: Sys): string {
  return (sys.files.read('/etc/os-release') ?? '').includes('ID=ubuntu') ? 'http://archive.ubuntu.com/ubuntu'
    : 'http://deb.debian.org/debian';
}

function* installAll(sys: Sys, names: readonly string[], yes: boolean): Operation<number> {
  sys.stdout(READING);
  const missing = missingPackages(sys.files, APT, names);
  const unknown = sys.files.stat(INDEX) === undefined ? names.find((name) => !isInstalled(sys.files, name))
    : typeof missing === 'string' ? missing : undefined;
  if (unknown !== undefined || typeof missing === 'string') {
    sys.stderr(`E: Unable to locate package ${unknown}\n`);
    return 100;
  }
  for (const name of names) {
    if (isInstalled(sys.files, name)) sys.stdout(`${name} is already the newest version (${APT[name]!.version}).\n`);
  }
  const extra = missing.filter((name) => !names.includes(name));
  if (extra.length > 0) sys.stdout(`The following additional packages will be installed:\n  ${extra.join(' ')}\n`);
  if (missing.length > 0) sys.stdout(`The following NEW packages will be installed:\n  ${missing.join(' ')}\n`);
  sys.stdout(`0 upgraded, ${missing.length} newly installed, 0 to remove and 0 not upgraded.\n`);
  if (missing.length === 0) return 0;
  const kilobytes = missing.reduce((sum, name) => sum + APT[name]!.kilobytes, 0);
  sys.stdout(`Need to get ${kilobytes} kB of archives.\nAfter this operation, ${kilobytes * 4} kB of additional disk `
    + 'space will be used.\n');
  if (extra.length > 0 && !yes) {
    sys.stdout('Do you want to continue? [Y/n] ');
    const answer = yield* sys.readLine();
    if (answer === undefined || !/^(y|yes|)$/i.test(answer)) {
      sys.stdout('Abort.\n');
      return 1;
    }
  }
  for (const [place, name] of missing.entries()) {
    sys.stdout(`Get:${place + 1} ${mirrorOf(sys)} main amd64 ${name} amd64 ${APT[name]!.version} `
      + `[${APT[name]!.kilobytes} kB]\n`);
    yield* sys.sleep(APT[name]!.kilobytes * NS_PER_KILOBYTE);
  }
  sys.stdout(`Fetched ${kilobytes} kB in 0s\n`);
  for (const name of missing) {
    sys.stdout(`Selecting previously unselected package ${name}.\nUnpacking ${name} (${APT[name]!.version}) ...\n`);
    const refused = install(sys.files, APT, name);
    if (refused === undefined) continue;
    sys.stderr(`dpkg: error processing archive ${name} (--unpack): ${refused}\n`
      + 'E: Sub-process /usr/bin/dpkg returned an error code (1)\n');
    return 100;
  }
  for (const name of missing) sys.stdout(`Setting up ${name} (${APT[name]!.version}) ...\n`);
  return 0;
}

function removeAll(sys: Sys, names: readonly string[]): number {
  sys.stdout(READING);
  const there = names.filter((name) => isInstalled(sys.files, name));
  for (const name of names) {
    if (!there.includes(name)) sys.stdout(`Package '${name}' is not installed, so not removed\n`);
  }
  sys.stdout(`0 upgraded, 0 newly installed, ${there.length} to remove and 0 not upgraded.\n`);
  for (const name of there) {
    sys.stdout(`Removing ${name} (${APT[name]!.version}) ...\n`);
    uninstall(sys.files, name);
  }
  return 0;
}

export function* dpkg(sys: Sys, argv: readonly string[]): Operation<number> {
  const installed = Object.keys(APT).sort().filter((name) => isInstalled(sys.files, name));
  const wanted = argv.slice(2);
  switch (argv[1]) {
    case '-l': case '--list':
      sys.stdout('||/ Name           Version      Architecture Description\n');
      for (const name of installed) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        sys.stdout(`ii  ${name.padEnd(14)} ${APT[name]!.version} amd64\n`);
      }
      return 0;
    case '-s': case '--status':
      for (const name of wanted) {
        if (installed.includes(name)) {
          sys.stdout(`Package: ${name}\nStatus: install ok installed\nVersion: ${APT[name]!.version}\n`);
          continue;
        }
        sys.stderr(`dpkg-query: package '${name}' is not installed and no information is available\n`);
        return 1;
      }
      return 0;
    default:
      sys.stderr('dpkg: error: need an action option\n');
      return 2;
  }
}

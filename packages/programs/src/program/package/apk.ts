// apk: packages of Alpine out of a catalogue, without a network.

import { MILLISECOND, SECOND, type Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { APK, install, isInstalled, missingPackages, uninstall } from './installed.js';

const NS_PER_KILOBYTE = MILLISECOND / 10;

export function* apk(sys: Sys, argv: readonly string[]): Operation<number> {
  const [verb, ...names] = argv.slice(1).filter((word) => !word.startsWith('-'));
  switch (verb) {
    case 'update':
      yield* fetchIndex(sys);
      sys.stdout('OK: 20063 distinct packages available\n');
      return 0;
    case 'add': return yield* add(sys, names);
    case 'del':
      for (const [place, name] of names.filter((each) => isInstalled(sys.files, each)).entries()) {
        sys.stdout(`(${place + 1}/${names.length}) Purging ${name} (${APK[name]!.version})\n`);
        uninstall(sys.files, name);
      }
      return 0;
    case 'info':
      for (const name of Object.keys(APK).sort()) if (isInstalled(sys.files, name)) sys.stdout(`${name}\n`);
      return 0;
    case 'upgrade': return 0;
    default:
      sys.stdout('apk-tools 2.14.0, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n');
      return verb === undefined ? 0 : 1;
  }
}

function* fetchIndex(sys: Sys): Operation<void> {
  const version = /VERSION_ID=(\d+\.\d+)/.exec(sys.files.read('/etc/os-release') ?? '')?.[1] ?? '3.18';
  for (const part of ['main', 'community']) {
    sys.stdout(`fetch https://dl-cdn.alpinelinux.org/alpine/v${version}/${part}/x86_64/APKINDEX.tar.gz\n`);
    yield* sys.sleep(SECOND / 4);
  }
}

function* add(sys: Sys, names: readonly string[]): Operation<number> {
  yield* fetchIndex(sys);
  const missing = missingPackages(sys.files, APK, names);
  if (typeof missing === 'string') {
    sys.stderr(`ERROR: unable to select packages:\n  ${missing} (no such package):\n    required by: `
      + `world[${missing}]\n`);
    return 1;
  }
  for (const [place, name] of missing.entries()) {
    yield* sys.sleep(APK[name]!.kilobytes * NS_PER_KILOBYTE);
    sys.stdout(`(${place + 1}/${missing.length}) Installing ${name} (${APK[name]!.version})\n`);
    const refused = install(sys.files, APK, name);
    if (refused === undefined) continue;
    sys.stderr(`ERROR: ${name}-${APK[name]!.version}: ${refused}\n`);
    return 1;
  }
  const installed = Object.keys(APK).filter((name) => isInstalled(sys.files, name)).length;
  sys.stdout(`Executing busybox-1.36.1-r2.trigger\nOK: ${8 + installed} MiB in ${15 + installed} packages\n`);
  return 0;
}

// Packages that a tree has: what they put there is files, and the list of them is a file too.

import type { FileTree } from '../../contract.js';
import { executableText } from '../../loader.js';
import { makeFolders } from '../files/tree.js';
import data from './packages.json';

export interface Package {
  readonly version: string;
  readonly kilobytes: number;
  readonly depends: readonly string[];
  /** Path to the program that its file runs. */
  readonly programs: { readonly [path: string]: string };
}

type Packages = { readonly [name: string]: Package };

export const APT: Packages = data.apt;
export const APK: Packages = data.apk;

/** Where the list of a package's files is. */
function listFile(name: string): string {
  return `/var/lib/dpkg/info/${name}.list`;
}

export function isInstalled(files: FileTree, name: string): boolean {
  return files.stat(listFile(name)) !== undefined;
}

/** Packages that are wanted but not there, those they depend on among them, by name; a text names one that is none. */
export function missingPackages(files: FileTree, known: Packages, wanted: readonly string[]): string[] | string {
  const missing = new Set<string>();
  const left = [...wanted];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const plain = name.split('=')[0]!;
    const found = Object.hasOwn(known, plain) ? known[plain]! : undefined;
    if (found === undefined) return plain;
    if (missing.has(plain) || isInstalled(files, plain)) continue;
    missing.add(plain);
    left.push(...found.depends);
  }
  return [...missing].sort();
}

/** Puts a package's files into the tree; a text says why that failed. */
export function install(files: FileTree, known: Packages, name: string): string | undefined {
  const { programs } = known[name]!;
  const put = (path: string, text: string, mode: number): string | undefined =>
    makeFolders(files, path.slice(0, path.lastIndexOf('/'))) ?? (files.readLink(path) === undefined ? undefined
      : files.remove(path)) ?? files.write(path, text) ?? files.setMode(path, mode);
  for (const [path, program] of Object.entries(programs)) {
    const refused = put(path, executableText(program), 0o755);
    if (refused !== undefined) return refused;
  }
  return put(listFile(name), Object.keys(programs).map((path) => `${path}\n`).join(''), 0o644);
}

export function uninstall(files: FileTree, name: string): void {
  for (const path of (files.read(listFile(name)) ?? '').split('\n')) if (path !== '') files.remove(path);
  files.remove(listFile(name));
}

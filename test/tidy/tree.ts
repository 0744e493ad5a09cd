// The repository as the house rules see it: every file that belongs to it, its packages, and how a broken rule is
// reported.

import { readFileSync, readdirSync } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

export const root = resolve(__dirname, '..', '..');

/** Made by tools, never written by hand. */
const MADE = new Set(['node_modules', 'dist', '.git', '.netreel', 'coverage']);
const TEXT =
  new Set(['.ts', '.mjs', '.cjs', '.js', '.json', '.md', '.yaml', '.yml', '.proto', '.case', '.service', '.target',
    '']);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (MADE.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [relative(root, path).split(sep).join('/')];
  });
}

/** Paths from the root, with `/`, sorted. */
export const files: readonly string[] = walk(root).sort();

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export const isText = (path: string): boolean => TEXT.has(extname(path));
export const isCode = (path: string): boolean => /\.(ts|mjs|cjs)$/.test(path) && !path.endsWith('.d.ts');
export const isTest = (path: string): boolean => /\.test\.ts$/.test(path) || basename(path) === 'testing.ts'
  || /^(packages|services)\/[^/]+\/test\//.test(path) || path.startsWith('test/');

export interface Member {
  /** `packages/wire`, `services/conductor`. */
  readonly folder: string;
  /** `@netreel/wire`. */
  readonly name: string;
  readonly manifest: {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
}

/** Every package and service of the workspace. */
export const members: readonly Member[] =
  files.filter((path) => /^(packages|services)\/[^/]+\/package\.json$/.test(path))
  .map((path) => {
    const manifest = JSON.parse(read(path)) as Member['manifest'] & { name: string };
    return { folder: path.slice(0, -'/package.json'.length), name: manifest.name, manifest };
  });

export const sourceOf = (path: string, text = read(path)): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);

/** `path:line` of a node. */
export function placeOf(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** Calls `look` for a node and everything below it. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

/** Fails with all complaints, one a line: what, where, and what to do instead. */
export function expectNone(complaints: readonly string[]): void {
  if (complaints.length === 0) return;
  throw new Error(`${complaints.length} against the house rules:\n  ${complaints.join('\n  ')}`);
}

// Words that must not be left behind, and names that say nothing.

import { basename } from 'node:path';
import ts from 'typescript';
import { placeOf, visit } from './tree.js';

// Put together here, so that this file does not hold what it looks for.
const MARKERS = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
const MACHINE_PATHS = new RegExp(`(?<![\\w.@-])/(${['work', 'root', 'tmp/pnpm' + 'tool'].join('|')})/`);
const PRINT = 'console.' + 'log(';
const EMPTY_WORDS =
  new Set(['manager', 'managers', 'helper', 'helpers', 'util', 'utils', 'utility', 'utilities', 'common']);

/** Where printing is the job. */
const PRINTS = /^(packages\/cli\/|deploy\/|test\/|netreel$|(packages|services)\/[^/]+\/test\/)/;

/** Complaints about the text of any file. */
export function checkText(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, place) => {
    const where = `${path}:${place + 1}`;
    const complaints: string[] = [];
    const marker = MARKERS.exec(line);
    if (marker !== null) complaints.push(
      `${where}: ${marker[0]} left behind; do it, or write it down in docs/limitations.md`);
    const machine = MACHINE_PATHS.exec(line);
    if (machine !== null) complaints.push(
      `${where}: ${machine[0]} is a path of one machine; derive it from the file's own place`);
    if (line.includes(PRINT)
      && !PRINTS.test(path)) complaints.push(`${where}: prints; return it, or use the log of runtime`);
    return complaints;
  });
}

/** Complaints about file and folder names. */
export function checkPath(path: string): string[] {
  return path.split('/').flatMap((part) => emptyWordOf(basename(part).replace(/\..*$/, '')))
    .map((word) => `${path}: ${JSON.stringify(word)} says nothing; name it by what it does`);
}

/** Complaints about the names a file exports. */
export function checkExports(source: ts.SourceFile): string[] {
  const complaints: string[] = [];
  visit(source, (node) => {
    for (const name of exportedNames(node)) {
      for (const word of emptyWordOf(name.text)) {
        complaints.push(
          `${placeOf(name)}: ${name.text} says nothing by ${JSON.stringify(word)}; name it by what it does`);
      }
    }
  });
  return complaints;
}

function exportedNames(node: ts.Node): ts.Identifier[] {
  if (ts.isExportSpecifier(node)) return ts.isIdentifier(node.name) ? [node.name] : [];
  if (!ts.canHaveModifiers(node)
    || !ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map(({ name }) => name).filter(ts.isIdentifier);
  }
  const { name } = node as ts.DeclarationStatement;
  return name !== undefined && ts.isIdentifier(name) ? [name] : [];
}

function emptyWordOf(name: string): string[] {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z]+/);
  return words.map((word) => word.toLowerCase()).filter((word) => EMPTY_WORDS.has(word));
}

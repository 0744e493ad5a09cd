// Record tables as they stand in the code: which exist, and which of their types the code that owns them knows by name.

import ts from 'typescript';
import { sourceOf, visit } from './tree.js';

export interface TableInCode {
  readonly name: string;
  readonly path: string;
  readonly types: readonly { readonly type: string; readonly number: number }[];
  /** Made of other tables: has no records of its own. */
  readonly gathered: boolean;
}

/** Every `export const x = defineRecords({ … })` of a file. */
export function tablesOf(source: ts.SourceFile): TableInCode[] {
  const found: TableInCode[] = [];
  visit(source, (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || node.initializer === undefined) return;
    const call = node.initializer;
    if (!ts.isCallExpression(call) || call.expression.getText() !== 'defineRecords') return;
    const [table] = call.arguments;
    if (table === undefined || !ts.isObjectLiteralExpression(table)) return;
    found.push({ name: node.name.text, path: source.fileName, types: table.properties.flatMap(typeOf),
      gathered: table.properties.every(ts.isSpreadAssignment) });
  });
  return found;
}

function typeOf(property: ts.ObjectLiteralElementLike): { type: string; number: number }[] {
  if (!ts.isPropertyAssignment(property) || !ts.isObjectLiteralExpression(property.initializer)) return [];
  const number = property.initializer.properties.find((each) => each.name?.getText() === 'number');
  return [{ type: property.name.getText(),
    number: number !== undefined && ts.isPropertyAssignment(number) ? Number(number.initializer.getText()) : 0 }];
}

/** Every text literal of some files. */
export function textsOf(paths: readonly string[], sources = paths.map((path) => sourceOf(path))): Set<string> {
  const texts = new Set<string>();
  for (const source of sources) visit(source, (node) => { if (ts.isStringLiteralLike(node)) texts.add(node.text); });
  return texts;
}

/** Whether a file says `unreachable(…)` to a type that it does not know. */
export function refusesUnknown(source: ts.SourceFile): boolean {
  let found = false;
  visit(source,
    (node) => { if (ts.isCallExpression(node) && node.expression.getText() === 'unreachable') found = true; });
  return found;
}

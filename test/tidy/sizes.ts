// How large a file, a line and a function may grow before it has to be cut by duty.

import ts from 'typescript';
import { isTest, placeOf, visit } from './tree.js';

export const FILE_LINES_MAX = 400;
export const LINE_COLUMNS_MAX = 120;
export const FUNCTION_LINES_MAX = 70;

/** Complaints about one file of code. */
export function checkSizes(source: ts.SourceFile): string[] {
  const { fileName: path, text } = source;
  const lines = text.replace(/\n$/, '').split('\n');
  const complaints: string[] = [];
  if (lines.length > FILE_LINES_MAX) {
    complaints.push(`${path}: ${lines.length} lines; cut it by duty below ${FILE_LINES_MAX}`);
  }
  lines.forEach((line, place) => {
    const columns = [...line].length;
    if (columns > LINE_COLUMNS_MAX) complaints.push(
      `${path}:${place + 1}: ${columns} columns; wrap it at ${LINE_COLUMNS_MAX}`);
  });
  visit(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    if (isTest(path) && isChapter(node.body as ts.Node)) return;
    const length = lineOf(source, node.end) - lineOf(source, node.getStart()) + 1;
    if (length > FUNCTION_LINES_MAX) {
      complaints.push(
        `${placeOf(node)}: a function of ${length} lines; give parts of it a name, below ${FUNCTION_LINES_MAX}`);
    }
  });
  return complaints;
}

const lineOf = (source: ts.SourceFile, position: number): number => source.getLineAndCharacterOfPosition(position).line;

/** Whether a body holds tests: a chapter of a specification, as long as there is something to specify. */
function isChapter(body: ts.Node): boolean {
  let found = false;
  visit(body, (node) => {
    if (ts.isCallExpression(node) && /^(describe|it|test)\b/.test(node.expression.getText())) found = true;
  });
  return found;
}

// Pure rooms: what happens there follows from inputs alone. Looks at the syntax tree, so that comments, texts, and
// names that a file declares itself (a `process` that is a parameter) do not count.

import ts from 'typescript';
import { placeOf, visit } from './tree.js';

export const PURE_ROOMS: readonly string[] =
  ['wire', 'sim', 'kernel', 'programs', 'engine', 'docker-api', 'overlay', 'host', 'docker-cli',
  'world', 'views'];

/** Names that come from around the program, and what a pure room uses instead. */
const GLOBALS: Readonly<Record<string, string>> = {
  Date: 'virtual time is what the port calls now()',
  performance: 'virtual time is what the port calls now()',
  crypto: 'ids come from newId, draws from random, both of the port',
  setTimeout: 'use schedule of the port', setInterval: 'use schedule of the port',
    setImmediate: 'use schedule of the port',
  queueMicrotask: 'use schedule of the port', clearTimeout: 'use cancel of the port',
    clearInterval: 'use cancel of the port',
  Promise: 'what waits is an Operation of sim',
  process: 'what a node must know comes with its lab', console: 'tell by events and return values',
  require: 'import at the top of the file', Intl: 'format by hand: locales differ', Buffer: 'use Uint8Array',
  WeakRef: 'nothing may depend on the garbage collector',
    FinalizationRegistry: 'nothing may depend on the garbage collector',
  globalThis: 'name what you need in a port', window: 'name what you need in a port',
    global: 'name what you need in a port',
  fetch: 'there is no outside here', eval: 'write the code down', SharedArrayBuffer: 'one node, one thread',
  Atomics: 'one node, one thread',
};

/** dns-packet speaks in Buffers; this one file turns them into arrays. */
const BUFFER_FILE = 'packages/wire/src/dns.ts';

/** Exact on integers everywhere; all the others may round differently from one engine to the next, or draw. */
const MATH = new Set(['abs', 'ceil', 'clz32', 'floor', 'imul', 'max', 'min', 'round', 'sign', 'trunc']);

/** Complaints about one file. */
export function checkPurity(source: ts.SourceFile): string[] {
  const complaints: string[] = [];
  const refuse = (node: ts.Node, what: string, instead: string): void => {
    complaints.push(`${placeOf(node)}: ${what} in a pure room; ${instead}`);
  };
  visit(source, (node) => {
    if (ts.isIdentifier(node)) checkName(node, refuse);
    else if (node.kind === ts.SyntaxKind.AsyncKeyword && ts.isModifier(node)) refuse(node, 'async',
      GLOBALS['Promise']!);
    else if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) {
      refuse(node, 'await', GLOBALS['Promise']!);
    } else if (node.kind === ts.SyntaxKind.AsteriskAsteriskToken
      || node.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) {
      refuse(node, '**', 'multiply, or use a table of integers');
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      refuse(node, 'import()', 'import at the top of the file');
    } else if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined
      && ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text.startsWith('node:')) {
      refuse(node, node.moduleSpecifier.text, 'I/O belongs below the line: runtime, cli, services');
    }
  });
  return complaints;
}

function checkName(name: ts.Identifier, refuse: (node: ts.Node, what: string, instead: string) => void): void {
  const { text } = name;
  if (text === 'localeCompare' || text.startsWith('toLocale')) return refuse(name, text,
    'compare with < and format by hand: locales differ');
  if (isMember(name) || isDeclared(name)) return;
  if (text === 'Math') {
    const { parent } = name;
    const used = ts.isPropertyAccessExpression(parent) && parent.expression === name ? parent.name.text : undefined;
    if (used === undefined) return refuse(name, 'Math as a value', 'call what you need as Math.name');
    if (!MATH.has(used)) refuse(name, `Math.${used}`,
      used === 'random' ? 'draw from random of the port' : 'integers only');
    return;
  }
  if (text === 'Buffer' && name.getSourceFile().fileName === BUFFER_FILE) return;
  if (Object.hasOwn(GLOBALS, text)) refuse(name, text, GLOBALS[text]!);
}

/** Whether the identifier only names a member: `x.process`, `{ process: 1 }`, a field, a method. */
function isMember(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === name;
  if (ts.isQualifiedName(parent)) return parent.right === name;
  if (ts.isBindingElement(parent)) return parent.propertyName === name;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true;
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)
    || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent) || ts.isAccessor(parent)
      || ts.isEnumMember(parent)
    || ts.isNamedTupleMember(parent)) && parent.name === name;
}

/** Whether the file itself declares the name where it is used. */
function isDeclared(name: ts.Identifier): boolean {
  for (let scope: ts.Node | undefined = name.parent; scope !== undefined; scope = scope.parent) {
    if (declares(scope, name.text)) return true;
  }
  return false;
}

function declares(scope: ts.Node, text: string): boolean {
  if (ts.isFunctionLike(scope) && scope.parameters.some((parameter) => binds(parameter.name, text))) return true;
  if (ts.isFunctionLike(scope) && scope.typeParameters?.some((parameter) => parameter.name.text === text)) return true;
  if (ts.isVariableDeclaration(scope) || ts.isParameter(scope)) return binds(scope.name, text);
  if (ts.isCatchClause(scope)) return scope.variableDeclaration !== undefined
    && binds(scope.variableDeclaration.name, text);
  if (ts.isForOfStatement(scope) || ts.isForInStatement(scope) || ts.isForStatement(scope)) {
    const { initializer } = scope;
    return initializer !== undefined && ts.isVariableDeclarationList(initializer)
      && initializer.declarations.some((declaration) => binds(declaration.name, text));
  }
  if (!ts.isBlock(scope) && !ts.isSourceFile(scope) && !ts.isModuleBlock(scope)
    && !ts.isCaseOrDefaultClause(scope)) return false;
  return scope.statements.some((statement) => statementDeclares(statement, text));
}

function statementDeclares(statement: ts.Statement, text: string): boolean {
  if (ts.isVariableStatement(statement)) {
    // `declare const process` names a global, it makes none.
    if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return false;
    return statement.declarationList.declarations.some((declaration) => binds(declaration.name, text));
  }
  if (ts.isImportDeclaration(statement)) {
    const clause = statement.importClause;
    const named = clause?.namedBindings;
    return clause?.name?.text === text
      || (named !== undefined && (ts.isNamespaceImport(named) ? named.name.text === text
      : named.elements.some((element) => element.name.text === text)));
  }
  return (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)
    || ts.isInterfaceDeclaration(statement)
    || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement)) && statement.name?.text === text;
}

function binds(name: ts.BindingName, text: string): boolean {
  if (ts.isIdentifier(name)) return name.text === text;
  return name.elements.some((element) => ts.isBindingElement(element) && binds(element.name, text));
}

// Who may import whom. Every arrow points down the list: a room knows only rooms that stand above it here.

import ts from 'typescript';
import { type Member, placeOf, visit } from './tree.js';

const PURE_BASE = ['wire', 'sim'] as const;

/** Rooms of the house by their short names, and all a room may know of it. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'wire': [],
  'sim': [],
  'kernel': [...PURE_BASE],
  'programs': [...PURE_BASE, 'kernel'],
  'engine': [...PURE_BASE],
  'docker-api': [...PURE_BASE, 'engine'],
  'docker-cli': ['sim', 'docker-api'],
  'overlay': [...PURE_BASE],
  'host': [...PURE_BASE, 'kernel', 'programs', 'engine', 'docker-api', 'overlay'],
  'world': [...PURE_BASE, 'overlay', 'host', 'docker-api', 'docker-cli'],
  'views': [...PURE_BASE, 'kernel', 'programs', 'engine', 'overlay', 'docker-api', 'docker-cli', 'host'],
  // The line: above it no I/O, no async, no clock.
  'protocol': [...PURE_BASE, 'kernel', 'engine', 'overlay', 'host', 'world'],
  'docker-socket': ['sim', 'docker-api'],
  'runtime': ['sim', 'world', 'protocol'],
  'cli': [...PURE_BASE, 'engine', 'overlay', 'docker-api', 'docker-cli', 'host', 'world', 'views', 'protocol',
    'docker-socket', 'runtime'],
  'testkit': [...PURE_BASE, 'kernel', 'programs', 'engine', 'docker-api', 'overlay', 'host', 'world'],
  'conductor': ['sim', 'world', 'protocol', 'runtime', 'cli'],
  'host-agent': ['sim', 'host', 'world', 'protocol', 'runtime'],
  'overlay-service': ['sim', 'overlay', 'host', 'world', 'protocol', 'runtime'],
};

/** Each library behind one door: which room may name it, and in which file if only one. */
export const DOORS: Readonly<Record<string, { readonly room: string; readonly file?: string }>> = {
  'ioredis': { room: 'runtime' },
  'nats': { room: 'runtime' },
  'pino': { room: 'runtime' },
  'protobufjs': { room: 'protocol' },
  '@noble/hashes': { room: 'engine', file: 'packages/engine/src/file/digest.ts' },
  'dns-packet': { room: 'wire', file: 'packages/wire/src/dns.ts' },
  '@types/dns-packet': { room: 'wire' },
  'commander': { room: 'cli' },
  'yaml': { room: 'cli' },
  'zod': { room: 'cli' },
};

const SCOPE = '@netreel/';

/** Why a room must not know `wanted`; undefined when it may. */
function refusal(room: string, wanted: string): string | undefined {
  if (wanted.startsWith(SCOPE)) {
    const other = wanted.slice(SCOPE.length);
    const allowed = MAY_IMPORT[room];
    if (allowed === undefined) return `${room} is in no layer; give it a row in test/tidy/layers.ts`;
    if (allowed.includes(other)) return undefined;
    return `${room} may not know ${other}; it may know ${allowed.join(', ') || 'no other room'}`;
  }
  const door = DOORS[wanted];
  if (door === undefined) return `${wanted} has no door yet; give it one in test/tidy/layers.ts, or do without it`;
  return door.room === room ? undefined
    : `${wanted} belongs to ${door.room}; ask that room instead of ${wanted} itself`;
}

/** Complaints about a package.json. */
export function checkManifest(member: Member): string[] {
  const room = member.name.slice(SCOPE.length);
  const listed = { ...member.manifest.dependencies, ...member.manifest.devDependencies };
  return Object.keys(listed).flatMap((wanted) => {
    const why = refusal(room, wanted);
    return why === undefined ? [] : [`${member.folder}/package.json: ${why}`];
  });
}

/** Complaints about the imports of one source file of a member. `folder` is the member's. */
export function checkImports(member: Member, source: ts.SourceFile): string[] {
  const room = member.name.slice(SCOPE.length);
  return specifiersOf(source).flatMap(({ text, node }) => {
    const why = text.startsWith('.') ? refusalOfPath(member.folder, source.fileName, text)
      : refusalOfName(member, room, source, text);
    return why === undefined ? [] : [`${placeOf(node)}: ${why}`];
  });
}

function refusalOfPath(folder: string, file: string, text: string): string | undefined {
  const parts = file.split('/').slice(0, -1);
  for (const part of text.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  const target = parts.join('/');
  if (!target.startsWith(`${folder}/`)) return `${text} leaves ${folder}; import the other package by its name`;
  return /\.js(on)?$/.test(text) ? undefined : `${text} has no ending; write ${text}.js`;
}

function refusalOfName(member: Member, room: string, source: ts.SourceFile, text: string): string | undefined {
  if (text.startsWith('node:')) return undefined;
  const name = text.startsWith('@') ? text.split('/').slice(0, 2).join('/') : text.split('/')[0]!;
  if (name.startsWith(SCOPE) && name !== text) return `${text} reaches inside ${name}; import what ${name} exports`;
  const door = DOORS[name];
  if (door?.file !== undefined && door.room === room
    && door.file !== source.fileName) return `${name} is named in ${door.file} only`;
  const why = refusal(room, name);
  if (why !== undefined) return why;
  if (member.manifest.dependencies?.[name] !== undefined
    || member.manifest.devDependencies?.[name] !== undefined) return undefined;
  return `${name} is not in ${member.folder}/package.json; add it there`;
}

/** Everything a file imports, re-exports or requires by a fixed name. */
export function specifiersOf(source: ts.SourceFile): { readonly text: string; readonly node: ts.Node }[] {
  const found: { text: string; node: ts.Node }[] = [];
  visit(source, (node) => {
    const named = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier
      : ts.isCallExpression(node)
        && (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require')
        ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    if (named !== undefined && ts.isStringLiteralLike(named)) found.push({ text: named.text, node });
  });
  return found;
}

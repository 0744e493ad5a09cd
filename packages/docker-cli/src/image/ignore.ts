// .dockerignore: patterns of file names, with ** for any number of folders and ! for exceptions; the last one that
// matches decides.

import { textOf, type ArchiveEntry } from '@netreel/docker-api';

export interface IgnoreRule {
  readonly pattern: RegExp;
  readonly keeps: boolean;
}

export function readIgnore(file: ArchiveEntry | undefined): readonly IgnoreRule[] {
  if (file === undefined) return [];
  return textOf(file.bytes).split('\n').map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const keeps = line.startsWith('!');
      const plain = (keeps ? line.slice(1) : line).trim().replace(/^\.?\/+/, '').replace(/\/+$/, '');
      return { keeps, pattern: new RegExp(`^${expression(plain)}(?:/|$)`) };
    });
}

function expression(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (pattern.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (pattern.startsWith('**', at)) {
      source += '.*';
      at++;
    } else if (char === '*') {
      source += '[^/]*';
    } else if (char === '?') {
      source += '[^/]';
    } else {
      source += char.replace(/[.+^${}()|[\]\\]/, '\\$&');
    }
  }
  return source;
}

export function isIgnored(rules: readonly IgnoreRule[], name: string): boolean {
  let ignored = false;
  for (const { pattern, keeps } of rules) if (pattern.test(name)) ignored = !keeps;
  return ignored;
}

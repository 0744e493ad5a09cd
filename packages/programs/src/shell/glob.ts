// Patterns of the shell: * ? [...]. POSIX section 2.13.

import type { FileTree } from '../contract.js';
import { absolutePath } from '../files.js';

/** A pattern in which a backslash takes its meaning from the next character. */
export function patternExpression(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '\\' && at + 1 < pattern.length) {
      source += literal(pattern[++at]!);
    } else if (char === '*') {
      source += '[^]*';
    } else if (char === '?') {
      source += '[^]';
    } else if (char === '[') {
      const bracket = /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at));
      if (bracket === null) {
        source += '\\[';
        continue;
      }
      source += `[${bracket[1] === '' ? '' : '^'}${bracket[2]!.replace(/[\]\\]/g, '\\$&')}]`;
      at += bracket[0].length - 1;
    } else {
      source += literal(char);
    }
  }
  return source;
}

export function matchesPattern(pattern: string, text: string): boolean {
  return new RegExp(`^${patternExpression(pattern)}$`).test(text);
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}

/** Names of files that match, sorted; none when the pattern has nothing special or nothing matches. */
export function matchingFiles(files: FileTree, cwd: string, pattern: string): string[] {
  if (!/(?:^|[^\\])[*?[]/.test(pattern)) return [];
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const part of pattern.split('/').filter((piece) => piece !== '')) {
    const next: string[] = [];
    for (const base of found) {
      for (const name of files.list(absolutePath(cwd, base === '' ? '.' : base)) ?? []) {
        if (name.startsWith('.') && !part.startsWith('.')) continue;
        if (matchesPattern(part, name)) next.push(base === '' || base.endsWith('/') ? `${base}${name}`
          : `${base}/${name}`);
      }
    }
    found = next;
  }
  return found.sort();
}

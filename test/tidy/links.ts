// Links in pages: whatever a page points at in this repository has to be there.

import { posix } from 'node:path';

/** Complaints about the links of one page; `known` holds every file and folder of the repository. */
export function checkLinks(path: string, text: string, known: ReadonlySet<string>): string[] {
  return linksOf(text).flatMap(({ target, line }) => {
    const [file] = target.split('#');
    if (file === undefined || file === '' || /^[a-z]+:/i.test(file)) return [];
    const resolved = posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file))).replace(/\/$/, '');
    return known.has(resolved) ? [] : [`${path}:${line}: ${target} is not there; mend the link or write the file`];
  });
}

/** Targets of inline links and of reference definitions, outside code. */
function linksOf(text: string): { readonly target: string; readonly line: number }[] {
  const found: { target: string; line: number }[] = [];
  let fence = false;
  text.split('\n').forEach((raw, place) => {
    if (/^\s*(```|~~~)/.test(raw)) fence = !fence;
    if (fence) return;
    const line = raw.replace(/`[^`]*`/g, '');
    for (const match of line.matchAll(/\]\(\s*<?([^)\s>]+)/g)) found.push({ target: match[1]!, line: place + 1 });
    const definition = /^\s*\[[^\]]+\]:\s*(\S+)/.exec(line);
    if (definition !== null) found.push({ target: definition[1]!, line: place + 1 });
  });
  return found;
}

/** All files, and all folders above them. */
export function withFolders(files: readonly string[]): Set<string> {
  const known = new Set<string>(['.']);
  for (let path of files) {
    for (; path !== '.' && !known.has(path); path = posix.dirname(path)) known.add(path);
  }
  return known;
}

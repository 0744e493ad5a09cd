// The target of a request, `/v1.41/containers/json?all=1`, as Docker's router reads it.

import { leastVersion } from './versions.js';

export interface Target {
  /** Without the version, each segment decoded. */
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  /** Parameters that were given more than once, with all their values. */
  readonly repeated: { readonly [name: string]: readonly string[] };
  /** Empty when the path names none. */
  readonly version: string;
}

/** What is wrong with a target: where to look instead, or Docker's refusal. */
export type TargetFlaw =
  | { readonly status: 301; readonly location: string }
  | { readonly status: 400; readonly message: string };

export function readTarget(target: string, newest: string): Target | TargetFlaw {
  const question = target.indexOf('?');
  const typed = question < 0 ? target : target.slice(0, question);
  const rawQuery = question < 0 ? '' : target.slice(question + 1);
  const clean = cleaned(typed);
  if (clean !== typed) return { status: 301, location: rawQuery === '' ? clean : `${clean}?${rawQuery}` };
  let decoded: string;
  try {
    decoded = decodeURIComponent(typed);
  } catch {
    return { status: 400, message: `invalid URL escape ${JSON.stringify(/%.{0,2}/.exec(typed)![0])}` };
  }
  const versioned = /^\/v([0-9.]+)(\/.*)$/.exec(decoded);
  const version = versioned?.[1] ?? '';
  const flaw = versioned === null ? undefined : versionFlaw(version, newest);
  if (flaw !== undefined) return { status: 400, message: flaw };
  return { path: versioned?.[2] ?? decoded, version, ...readQuery(rawQuery) };
}

function versionFlaw(version: string, newest: string): string | undefined {
  if (isLater(version, newest)) {
    return `client version ${version} is too new. Maximum supported API version is ${newest}`;
  }
  const least = leastVersion(newest);
  if (isLater(least, version)) {
    return `client version ${version} is too old. Minimum supported API version is ${least}, ` +
      'please upgrade your client to a newer version';
  }
  return undefined;
}

/** Whether one version is later than another, part by part as numbers. */
function isLater(version: string, other: string): boolean {
  const [left, right] = [version, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Without empty, `.` and `..` segments; a slash at the end stays. */
function cleaned(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') kept.pop();
    else kept.push(segment);
  }
  const joined = `/${kept.join('/')}`;
  return path.endsWith('/') && joined !== '/' ? `${joined}/` : joined;
}

function readQuery(text: string): Pick<Target, 'query' | 'repeated'> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const all = values.get(name);
    if (all === undefined) values.set(name, [value]);
    else all.push(value);
  }
  // The first one counts, as in Go.
  return { query: Object.fromEntries([...values].map(([name, all]) => [name, all[0]!])),
    repeated: Object.fromEntries([...values].filter(([, all]) => all.length > 1)) };
}

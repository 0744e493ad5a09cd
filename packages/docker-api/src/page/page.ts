// The page of all routes, made from the specification's list and the routes that there are.

import { READERS } from '../read.js';
import { ACTION_ROUTES } from '../routes.js';
import { SPEC, type SpecRoute } from './spec.js';

/** Answered before the tables of routes are asked. */
const ELSEWHERE = /^\/(info|system\/df|secrets|configs)(\/|$)/;

/** Whether anything answers a route of the specification. */
export function isAnswered({ method, path }: SpecRoute): boolean {
  const like = (route: { readonly method: string; readonly path: string }): boolean =>
    route.method === method && route.path.replace('{name}', '{id}') === path.replace('{name}', '{id}');
  return ELSEWHERE.test(path) || ACTION_ROUTES.some(like) || READERS.some(like);
}

/** Routes that are answered and that the specification's list does not know. */
export function unlisted(): readonly string[] {
  const known = new Set(SPEC.map(({ method, path }) => `${method} ${path.replace('{name}', '{id}')}`));
  return [...ACTION_ROUTES, ...READERS].map(({ method, path }) => `${method} ${path.replace('{name}', '{id}')}`)
    .filter((route) => !known.has(route));
}

const NOTES = `
Any path from \`/v1.12\` to \`/v1.41\`, or none, is answered alike.
`;

/** docs/api.md. */
export function apiPage(): string {
  const rows = [...SPEC].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1))
    .map((route) => {
      const open = !isAnswered(route);
      return `| \`${route.method} ${route.path}\` | ${open ? 'not yet' : route.verdict} | ${open ? '' : route.note} |`;
    });
  return `# Docker Engine API

Every route of API 1.41. *Done* means what it means in Docker; *kept* is taken and shown without effect; *refused*
answers with one clear line; *not yet* is \`page not found\`. This page is written from the table of routes, and a test
compares it.

| Route | Here | Note |
|---|---|---|
${rows.join('\n')}
${NOTES}`;
}

// The page of all routes, made from the specification's list and the routes that there are.

import { READERS } from '../read.js';
import { ACTION_ROUTES } from '../routes.js';
import { SPEC, type SpecRoute } from './spec.js';

/** Answered before the tables of routes are asked. */
const ELSEWHERE = /^\/(info|system\/df)(\/|$)/;

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
## Versions

Any path from \`/v1.12\` to \`/v1.41\`, or none, is answered alike; below and above come Docker's own refusals. With
\`up --api 1.47\` engines differ where later ones do (MACs from chance are those of 28.0):

| What | 1.41 | 1.47 |
|---|---|---|
| networks at create | one; more are refused | several, \`EndpointsConfig\` |
| \`MacAddress\` | of the container | of each endpoint; that of the container is taken, not shown |
| MAC on a bridge | from the IPv4 address | random |
| next default pool | goes on after the last one given | the lowest that is free |
| \`HostConfig.NetworkMode\` of a plain run | \`default\` | \`bridge\` |
| \`Aliases\` in inspect | short id and host name too | what was asked for; all names are in \`DNSNames\` |
| \`Container\`, \`ContainerConfig\`, \`VirtualSize\` of images | there | gone |
| \`/version\`, \`/info\` | 20.10.24, least API 1.12 | 27.5.1, least API 1.24 |
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

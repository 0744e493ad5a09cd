// Who the engine says it is, in the headers of every answer.

import { API_VERSION, engineIdentity } from '@netreel/docker-api';

/** The oldest API that an engine speaks. */
export const leastVersion = (apiVersion: string): string => engineIdentity(apiVersion).least;

export function engineHeaders(apiVersion = API_VERSION): { readonly [name: string]: string } {
  return { 'Api-Version': apiVersion, 'Docker-Experimental': 'false', 'Ostype': 'linux',
    'Server': `Docker/${engineIdentity(apiVersion).version} (linux)` };
}

/** Beside those, what a ping tells. */
export const PING_HEADERS: { readonly [name: string]: string } = { 'Builder-Version': '1',
  'Cache-Control': 'no-cache, no-store, must-revalidate', 'Pragma': 'no-cache' };

// Programs of a line or two: true, false, whoami, pwd.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* succeed(): Operation<number> {
  return 0;
}

export function* fail(): Operation<number> {
  return 1;
}

export function* whoami(sys: Sys): Operation<number> {
  sys.stdout('root\n');
  return 0;
}

export function* pwd(sys: Sys): Operation<number> {
  sys.stdout(`${sys.cwd}\n`);
  return 0;
}

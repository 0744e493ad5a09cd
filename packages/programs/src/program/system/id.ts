// id: everybody is root here.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* id(sys: Sys, argv: readonly string[]): Operation<number> {
  const option = argv[1] ?? '';
  const name = option.includes('n');
  if (/[ugG]/.test(option)) sys.stdout(name ? 'root\n' : '0\n');
  else sys.stdout('uid=0(root) gid=0(root) groups=0(root)\n');
  return 0;
}

// Where runs are kept: the project's own ignored folder, or wherever NETREEL_HOME says.

import { join } from 'node:path';

export interface Places {
  /** Root of the checkout. */
  readonly root: string;
  /** Everything netreel writes. */
  readonly home: string;
  /** `NAME.reel` files, one a run. */
  readonly runs: string;
  /** Data of the Redis that `--mode processes` starts. */
  readonly redis: string;
  /** What makes moments of recorded runs quick to reach; may be deleted at any time. */
  readonly seek: string;
}

export function placesOf(root: string, environment: NodeJS.ProcessEnv): Places {
  const home = environment['NETREEL_HOME'] ?? join(root, '.netreel');
  return { root, home, runs: join(home, 'runs'), redis: join(home, 'redis'), seek: join(home, 'seek') };
}

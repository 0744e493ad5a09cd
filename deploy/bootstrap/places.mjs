// Where the project keeps what it made itself: all under one ignored folder, so that removing it removes every trace.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const state = join(root, '.netreel');
export const tools = join(state, 'tools');
export const servers = join(state, 'servers');

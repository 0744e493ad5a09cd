// What answers a request that may change something, or wait.

import type { Operation } from '@netreel/sim';
import type { Engine } from '@netreel/engine';
import type { ApiAnswer, ApiRequest } from './http.js';

/** `reference` is what stood in the path for `{id}` or `{name}`. */
export type Actor = (engine: Engine, request: ApiRequest, reference: string) => Operation<ApiAnswer>;

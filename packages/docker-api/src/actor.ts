// What answers a request that may change something, or wait.

import type { Operation } from '@netreel/sim';
import type { Engine } from '@netreel/engine';
import type { ApiCall } from './call.js';
import type { ApiAnswer, ApiRequest } from './http.js';

/** `reference` is what stood in the path for `{id}` or `{name}`; `call` is for answers in pieces. */
export type Actor = (engine: Engine, request: ApiRequest, reference: string, call: ApiCall) => Operation<ApiAnswer>;

// One call of the Docker Engine API as a value: the same whether it came over a unix socket or out of a scenario.

import type { Json } from '@netreel/sim';

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Without the `/v1.41` prefix: `/containers/create`. Path segments are percent-decoded. */
  readonly path: string;
  /** Decoded query parameters. */
  readonly query: { readonly [name: string]: string };
  /** null when there is none. */
  readonly body: Json;
}

/** What the attached streams of a call carried (logs, exec start, attach), in order. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** The JSON document; errors are `{ "message": text }`; null where Docker sends none (204). */
  readonly body: Json;
  readonly output?: readonly OutputChunk[];
}

// One call of the Docker Engine API as a value: the same whether it came over a unix socket or out of a scenario.

import type { Json } from '@netreel/sim';

export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Without the `/v1.41` prefix: `/containers/create`. Path segments are percent-decoded. */
  readonly path: string;
  /** Decoded query parameters. */
  readonly query: { readonly [name: string]: string };
  /** Those parameters that were given more than once, with all their values; `query` has the first. */
  readonly repeated?: { readonly [name: string]: readonly string[] };
  /** null when there is none. */
  readonly body: Json;
  /** The version in the path, such as 1.41; absent: the newest that the engine speaks. */
  readonly version?: string;
  /** A body that is no JSON (an archive to copy, load or build from), in base64. */
  readonly content?: string;
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
  /** A body that is no JSON document: an archive, or a progress of many documents, one a line. */
  readonly content?: RawContent;
  /** Headers beside those that every answer has, such as X-Docker-Container-Path-Stat. */
  readonly headers?: { readonly [name: string]: string };
}

/** Bytes with their media type. */
export type RawContent = { readonly type: string; readonly base64: string };

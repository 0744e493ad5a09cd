// The body of a request: JSON, or an archive.

import type { IncomingMessage } from 'node:http';
import { decodeJson } from '@netreel/docker-api';
import type { Json } from '@netreel/sim';

/** Documents are small; what is larger is not one. */
const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
/** Archives are kept in the history, as one text. */
const ARCHIVE_BYTES_MAX = 256 * 1024 * 1024;

/** Requests whose body is an archive. */
const ARCHIVES = /^\/(build|images\/load|images\/create|containers\/[^/]+\/archive)$/;

export type Body = { readonly body: Json; readonly content?: string };
export interface BodyFlaw {
  readonly status: number;
  readonly message: string;
}

/** Whether the request carries an archive rather than a document. */
export function isArchive(method: string, path: string): boolean {
  return (method === 'POST' || method === 'PUT') && ARCHIVES.test(path);
}

/** Reads a body to its end; undefined when the client went away before. */
export async function readBody(request: IncomingMessage, path: string): Promise<Body | BodyFlaw | undefined> {
  const archive = isArchive(request.method!, path);
  const limit = archive ? ARCHIVE_BYTES_MAX : DOCUMENT_BYTES_MAX;
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size <= limit) pieces.push(piece);
      else pieces.length = 0;
    }
  } catch {
    return undefined;
  }
  if (size > limit) return { status: 413, message: `request body of ${size} bytes is larger than ${limit}` };
  return bodyOf(Buffer.concat(pieces), request.headers['content-type'] ?? '', archive);
}

/** What the bytes of a body hold. */
export function bodyOf(bytes: Buffer, type: string, archive: boolean): Body | BodyFlaw {
  if (bytes.length === 0) return { body: null };
  if (archive) return { body: null, content: bytes.toString('base64') };
  const media = type.split(';')[0]!.trim().toLowerCase();
  if (media !== 'application/json') {
    return { status: 400, message: `Content-Type specified (${type}) must be 'application/json'` };
  }
  const decoded = decodeJson(bytes.toString('utf8'), false);
  if ('value' in decoded) return { body: decoded.value };
  return { status: 400, message: decoded.flaw === 'unexpected end of JSON input' ? 'unexpected EOF' : decoded.flaw };
}

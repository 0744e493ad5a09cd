// What passes between a command line and whoever carries its calls out: the simulated host, a socket, a recorded run.

import type { ApiAnswer, ApiRequest, ArchiveEntry, OutputChunk } from '@netreel/docker-api';
import type { SimTime } from '@netreel/sim';

/**
 * What the command line asks of its driver.
 * - `call`: carry out the request and come back with its answer.
 * - `begin`: start the request now and come back at once (with anything); its answer is asked for later.
 * - `answer`: come back with the answer of the call that was begun under this handle.
 * - `pause`: come back with anything; the next request is made so much later.
 * A call that was begun and never asked for when the command ends is hung up on.
 */
export type ApiStep =
  | { readonly kind: 'call'; readonly request: ApiRequest; readonly streams?: Streams }
  | { readonly kind: 'begin'; readonly handle: number; readonly request: ApiRequest; readonly streams?: Streams }
  | { readonly kind: 'answer'; readonly handle: number }
  | { readonly kind: 'pause'; readonly ns: number };

/** How the answer of a call comes in pieces, where it does. */
export interface Streams {
  /** Pieces are a terminal's bytes or documents; else each says which stream it is of. */
  readonly bare: boolean;
  /** The call takes standard input: a terminal's keys, or whatever the client is given. */
  readonly input?: 'terminal' | 'stream';
  /** A driver that hears pieces as they come hands each over, and leaves it out of the answer's `output`. */
  readonly piece: (chunk: OutputChunk) => void;
}

/** A conversation with an engine that ends in a T. The driver sends the answer after `call` and `answer`. */
export type Conversation<T> = Generator<ApiStep, T, ApiAnswer | undefined>;

/** What the command line knows of the place where it was typed. */
export interface CliContext {
  /** Virtual time when it was typed: ages in tables and relative times count from here. */
  readonly now: SimTime;
  /** The client's environment, read by `-e NAME`. */
  readonly env?: ReadonlyMap<string, string>;
  /** What the engine speaks; 1.41 when absent. */
  readonly apiVersion?: string;
  /** The client's own files, where it has any: for contexts of builds, copies and archives. */
  readonly files?: ClientFiles;
  /** Whether standard input is a terminal; without one `-it` is refused as Docker does. */
  readonly terminal?: boolean;
  /** Gets what is written as it is written; the result then holds nothing of it. */
  readonly write?: (chunk: OutputChunk) => void;
}

/** Files of the machine that the client runs on. Paths are as typed. */
export interface ClientFiles {
  /** A file alone, or a folder with all that is in it; names begin with that of the path itself. */
  pack(path: string): readonly ArchiveEntry[] | undefined;
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** Writes entries into a folder that is there; what is wrong, if anything is. */
  unpack(folder: string, entries: readonly ArchiveEntry[]): string | undefined;
}

/** What came out of a command line. */
export interface CliResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The same texts in the order in which they were written. */
  readonly chunks: readonly OutputChunk[];
}

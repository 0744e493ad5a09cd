// Where a live lab keeps what others find it by: a folder that is there as long as the lab is.

import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Places } from '../places.js';

/** What is known of a lab that is up. */
export interface LabState {
  readonly pid: number;
  readonly run: string;
  readonly mode: 'embedded' | 'processes';
  readonly pace: '1x' | 'max';
  readonly apiVersion: string;
  /** DOCKER_HOST of each host, in their order. */
  readonly hosts: { readonly [name: string]: string };
  /** Where the lab takes orders. */
  readonly control: string;
  /** Holds its sockets. */
  readonly folder: string;
}

/** The kernel takes paths of 107 bytes for a socket, and ends of names must fit too. */
const FOLDER_CHARS_MAX = 70;

const stateFile = (places: Places): string => join(places.home, 'live.json');

/** A new folder for sockets: in the project's own, or among temporary files when its path is too long for a socket. */
export function socketFolder(places: Places): string {
  const folder = join(places.home, 'live');
  if (folder.length > FOLDER_CHARS_MAX) return mkdtempSync(join(tmpdir(), 'netreel-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  return folder;
}

export function writeState(places: Places, state: LabState): void {
  // Whole or not at all: others may read at any moment.
  writeFileSync(`${stateFile(places)}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${stateFile(places)}.new`, stateFile(places));
}

export function readState(places: Places): LabState | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(places), 'utf8')) as LabState;
  } catch {
    return undefined;
  }
}

/** Takes away all traces of a lab. */
export function removeState(places: Places, state: Pick<LabState, 'folder'>): void {
  rmSync(stateFile(places), { force: true });
  rmSync(state.folder, { recursive: true, force: true });
}

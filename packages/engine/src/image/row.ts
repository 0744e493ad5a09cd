// An image as an engine keeps it. Rows are replaced, never changed. Type aliases, not interfaces: they travel in
// events.

import type { Json, SimTime } from '@netreel/sim';

type Names = { readonly [name: string]: Json | undefined };

/** The part of an image that containers take over, in Docker's own words. */
export type ImageConfig = {
  readonly Hostname: string;
  readonly User: string;
  readonly ExposedPorts?: Names;
  readonly Env: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
  readonly ArgsEscaped?: boolean;
  readonly Image: string;
  readonly Volumes: Names | null;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[] | null;
  readonly OnBuild: readonly string[] | null;
  readonly Labels: Names | null;
  readonly StopSignal?: string;
  readonly Healthcheck?: Json;
  readonly Shell?: readonly string[];
};

/** One line of `docker history`. */
export type HistoryLine = {
  /** RFC 3339. */
  readonly created: string;
  readonly createdBy: string;
  readonly comment: string;
  /** Whether it left no layer behind. */
  readonly empty: boolean;
};

export type ImageRow = {
  /** `sha256:` and 64 digits. */
  readonly id: string;
  /** `NAME:TAG`. */
  readonly tags: readonly string[];
  /** `NAME@sha256:…`: what a registry calls it. */
  readonly digests: readonly string[];
  /** Id of the image it was built on, when this engine built it. */
  readonly parent: string;
  /** RFC 3339. */
  readonly created: string;
  readonly author: string;
  readonly comment: string;
  /** The container it was made from. */
  readonly container: string;
  readonly containerConfig: ImageConfig | null;
  readonly config: ImageConfig;
  /** Digests, the lowest first. */
  readonly layers: readonly string[];
  readonly history: readonly HistoryLine[];
  /** When it got its last tag here; -1 for never. */
  readonly taggedAt: SimTime;
};

export const PLAIN_CONFIG: ImageConfig = { Hostname: '', User: '', Env: null, Cmd: null, Image: '', Volumes: null,
  WorkingDir: '', Entrypoint: null, OnBuild: null, Labels: null };

/** Keys of a table of names, sorted; none of null. */
export function keysOf(names: Names | null | undefined): string[] {
  return Object.keys(names ?? {}).sort();
}

/** Labels as text to text. */
export function labelsOf(config: ImageConfig): { readonly [name: string]: string } {
  return Object.fromEntries(keysOf(config.Labels).map((name) => [name, String(config.Labels?.[name] ?? '')]));
}

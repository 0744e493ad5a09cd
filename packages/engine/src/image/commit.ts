// A container's changes as an image: docker commit, and every step of a build.

import { digestOf } from '../file/digest.js';
import { entriesOf, writeArchive } from '../file/tar.js';
import type { EngineCore } from '../core.js';
import type { ContainerRow } from '../tables.js';
import { rfc3339 } from '../time.js';
import { changedTree } from './changed-tree.js';
import { configId } from './identity.js';
import type { HistoryLine, ImageConfig, ImageRow } from './row.js';

/** What a new image is to be, beside what it is made from. */
export interface NewImage {
  readonly parent: ImageRow | undefined;
  readonly config: ImageConfig;
  readonly containerConfig: ImageConfig;
  /** Of `docker history`. */
  readonly createdBy: string;
  readonly comment: string;
  readonly author: string;
  /** The container that it was made from, as inspect names it. */
  readonly container: string;
  /** The tree whose changes are its top layer; empty for none. */
  readonly tree: string;
}

/** Stores the image; its row. */
export function storeImage(core: EngineCore, wanted: NewImage): ImageRow {
  const digest = wanted.tree === '' ? undefined : storeLayer(core, wanted.tree, wanted.parent?.layers ?? []);
  const created = rfc3339(core.port.now());
  const line: HistoryLine = { created, createdBy: wanted.createdBy, comment: wanted.comment,
    empty: digest === undefined };
  const { parent, config, containerConfig, comment, author, container } = wanted;
  const layers = [...(parent?.layers ?? []), ...(digest === undefined ? [] : [digest])];
  const history = [...(parent?.history ?? []), line];
  const id = configId({ created, author, config, layers, history, container, containerConfig });
  const image: ImageRow = { id, tags: [], digests: [], parent: parent?.id ?? '', created, author, comment, container,
    containerConfig, config, layers, history, taggedAt: -1 };
  core.emit({ type: 'ImageStored', image });
  return core.tables.images.get(id)!;
}

/** What a tree changes, as a layer; undefined when that is nothing. */
function storeLayer(core: EngineCore, tree: string, below: readonly string[]): string | undefined {
  const changed = changedTree(core.tables, tree, below);
  if (changed.entries.size === 0) return undefined;
  const digest = digestOf(writeArchive(entriesOf(changed)));
  core.emit({ type: 'LayerStored', digest, tree, below, entries: null });
  return digest;
}

/** A container's settings as an image keeps them. */
export function configOfContainer({ spec }: ContainerRow): ImageConfig {
  const names = (list: readonly string[]): { readonly [name: string]: Record<string, never> } =>
    Object.fromEntries(list.map((name) => [name, {}]));
  return {
    Hostname: spec.hostname, User: spec.user,
    ...(spec.exposedPorts.length === 0 ? {} : { ExposedPorts: names(spec.exposedPorts) }), Env: spec.env,
    Cmd: spec.cmd.length === 0 ? null : spec.cmd, Image: spec.image,
    Volumes: spec.volumes.length === 0 ? null : names(spec.volumes), WorkingDir: spec.workingDir,
    Entrypoint: spec.entrypoint, OnBuild: null, Labels: spec.labels,
    ...(spec.stopSignal === '' ? {} : { StopSignal: spec.stopSignal }),
  };
}

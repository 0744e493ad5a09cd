// The registry: all images there are to pull, and those that every engine begins with.

import data from './data/images.json';
import { configId } from './identity.js';
import { registryLayer } from './layers.js';
import { PLAIN_CONFIG, type HistoryLine, type ImageConfig, type ImageRow } from './row.js';

interface ImageData {
  readonly tags: readonly string[];
  readonly layers: readonly string[];
  readonly created: string;
  readonly present?: boolean;
  readonly path?: string;
  readonly env?: readonly string[];
  readonly cmd?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly expose?: readonly string[];
  readonly volumes?: readonly string[];
  readonly workdir?: string;
  readonly stopSignal?: string;
}

/** What programs find in PATH. */
export const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const DATA = data.images as unknown as readonly ImageData[];
const made = new Map<ImageData, ImageRow>();

/** The images that every engine begins with. */
export function firstImages(): readonly ImageRow[] {
  return DATA.filter((image) => image.present === true).map(rowOf);
}

/** The image that a registry has under a full reference; `tags` are all that it has there. */
export function registryImage(full: string): ImageRow | undefined {
  const image = DATA.find(({ tags }) => tags.includes(full));
  return image === undefined ? undefined : rowOf(image);
}

/** All images of the registry. */
export function registryImages(): readonly ImageRow[] {
  return DATA.map(rowOf);
}

function rowOf(image: ImageData): ImageRow {
  let row = made.get(image);
  if (row === undefined) made.set(image, row = rowMade(image));
  return row;
}

function rowMade(image: ImageData): ImageRow {
  const layers = image.layers.map(registryLayer);
  const config = configOf(image);
  // Only what a Dockerfile says comes after the layers; the images of a test bed were never built.
  const steps: readonly HistoryLine[] = image.present === true ? []
    : [{ created: image.created, createdBy: `/bin/sh -c #(nop)  CMD [${(image.cmd ?? []).map((word) =>
      `"${word}"`).join(' ')}]`, comment: '', empty: true }];
  const history = [...layers.map(({ createdBy }) => ({ created: image.created, createdBy, comment: '', empty: false })),
    ...steps];
  const digests = layers.map(({ digest }) => digest);
  const id = configId({ created: image.created, author: '', config, layers: digests, history });
  return { id, tags: image.tags, digests: [], parent: '', created: image.created, author: '', comment: '',
    container: '', containerConfig: null, config, layers: digests, history, taggedAt: -1 };
}

function configOf({ path = DEFAULT_PATH, env = [], cmd = [], entrypoint, expose = [], volumes = [], workdir = '',
  stopSignal }: ImageData): ImageConfig {
  const names = (list: readonly string[]): { readonly [name: string]: Record<string, never> } =>
    Object.fromEntries(list.map((name) => [name, {}]));
  return { ...PLAIN_CONFIG, ...(expose.length === 0 ? {} : { ExposedPorts: names(expose) }), Env: [path, ...env],
    Cmd: cmd, Volumes: volumes.length === 0 ? null : names(volumes), WorkingDir: workdir,
    Entrypoint: entrypoint ?? null, ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }) };
}

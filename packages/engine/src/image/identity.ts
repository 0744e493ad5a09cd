// An image's id is the digest of its configuration, the document that archives of images carry.

import { digestOfText } from './layers.js';
import type { ImageRow } from './row.js';

type Described = Pick<ImageRow, 'created' | 'author' | 'config' | 'layers' | 'history'> &
  Partial<Pick<ImageRow, 'container' | 'containerConfig' | 'comment'>>;

/** The configuration as an archive has it (image specification 1.2). */
export function configDocument({ created, author, config, layers, history, container, containerConfig }: Described):
  string {
  return JSON.stringify({
    architecture: 'amd64', ...(author === '' ? {} : { author }), config,
    ...(container === undefined || container === '' ? {} : { container }),
    ...(containerConfig === undefined || containerConfig === null ? {} : { container_config: containerConfig }),
    created, docker_version: '20.10.24',
    history: history.map((line) => ({ created: line.created, ...(line.createdBy === '' ? {}
      : { created_by: line.createdBy }), ...(line.comment === '' ? {} : { comment: line.comment }),
      ...(line.empty ? { empty_layer: true } : {}) })),
    os: 'linux', rootfs: { type: 'layers', diff_ids: layers },
  });
}

export function configId(described: Described): string {
  return digestOfText(configDocument(described));
}

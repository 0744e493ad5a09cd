// Short ids of images, and the ids that chains of layers have.

import { digestOfText } from './layers.js';

/** The first twelve digits. */
export function shortImageId(id: string): string {
  return id.slice('sha256:'.length, 'sha256:'.length + 12);
}

/** What layers on top of each other are called, for each of them. */
export function chainIds(digests: readonly string[]): string[] {
  const chain: string[] = [];
  for (const digest of digests) chain.push(chain.length === 0 ? digest : digestOfText(`${chain.at(-1)!} ${digest}`));
  return chain;
}

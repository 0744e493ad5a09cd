import type { CliContext } from './step.js';

/** What the recorded engine speaks. */
const STANDARD = '1.41';

export function apiVersion(context: CliContext): string {
  return context.apiVersion ?? STANDARD;
}

/** Whether the engine speaks this version or a later one. */
export function speaks(context: CliContext, version: string): boolean {
  const minor = (text: string): number => Number(text.split('.')[1]);
  return minor(apiVersion(context)) >= minor(version);
}

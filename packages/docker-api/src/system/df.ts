// GET /system/df: what images, containers, volumes and the build cache take up, as their own lists tell.

import type { Json, Operation } from '@netreel/sim';
import { answer } from '../answer.js';
import type { ApiAnswer } from '../http.js';
import { asObject, numberOf, textOf, type JsonObject } from '../json.js';

/** Asks another route of the same engine. */
export type AskRoute = (path: string, query: { readonly [name: string]: string }) => Operation<ApiAnswer>;

/** The answer, from those of other routes. */
export function* diskUsage(ask: AskRoute): Operation<ApiAnswer> {
  const images = listOf((yield* ask('/images/json', {})).body);
  const containers = listOf((yield* ask('/containers/json', { all: '1', size: '1' })).body);
  const volumes = listOf(asObject((yield* ask('/volumes', {})).body)['Volumes']);
  const used = (image: Json): number => containers.filter((each) =>
    textOf(asObject(each), 'ImageID') === textOf(asObject(image), 'Id')).length;
  const rows = images.map((image) => ({ ...asObject(image), Containers: used(image), SharedSize: 0 }));
  const layers = images.reduce<number>((sum, image) => sum + numberOf(asObject(image), 'Size', 0), 0);
  return answer(200, { LayersSize: layers, Images: rows, Containers: containers,
    Volumes: volumes.map((volume) => withUsage(volume, containers)),
    BuildCache: null, BuilderSize: 0 });
}

function withUsage(volume: Json, containers: readonly Json[]): Json {
  const told = asObject(volume);
  return 'UsageData' in told ? volume : { ...told, UsageData: { RefCount: usersOf(told, containers), Size: 0 } };
}

function usersOf(volume: JsonObject, containers: readonly Json[]): number {
  return containers.filter((each) => listOf(asObject(each)['Mounts']).some((mount) =>
    textOf(asObject(mount), 'Name') === textOf(volume, 'Name'))).length;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

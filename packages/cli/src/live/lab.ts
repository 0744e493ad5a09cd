// A live lab, whatever it is made of.

import type { EngineDoor } from '@netreel/docker-socket';
import type { LiveWorld, RunManifest } from '@netreel/runtime';
import type { SimTime } from '@netreel/sim';

export interface LiveLab extends LiveWorld {
  readonly manifest: RunManifest;
  clock: () => SimTime;
  onOrder: () => void;
  door(host: string): EngineDoor;
  close(): Promise<{ readonly until: SimTime; readonly records: number; readonly frames: number;
    readonly history: string }>;
}

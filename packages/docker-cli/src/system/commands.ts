// The engine as a whole: what it is, what happens on it, what it takes up.

import type { Command } from '../command.js';
import { containerStats } from '../container/stats.js';
import { systemDiskUsage } from './df.js';
import { systemEvents } from './events.js';
import { systemInfo } from './info.js';
import { systemPrune } from './prune.js';
import { systemVersion } from './version.js';

export const SYSTEM_COMMANDS: readonly Command[] = [containerStats, systemDiskUsage, systemEvents, systemInfo,
  systemPrune, systemVersion];

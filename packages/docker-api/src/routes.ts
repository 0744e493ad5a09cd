// Every route that acts, waits or asks beyond the tables, a room's routes a line.

import type { Actor } from './actor.js';
import { CONTAINER_ACTIONS } from './container/act.js';
import { ARCHIVE_ACTIONS } from './container/archive.js';
import { STREAM_ACTIONS } from './container/stream.js';
import { ELSEWHERE_ACTIONS } from './elsewhere/act.js';
import { EXEC_ACTIONS } from './exec/act.js';
import { IMAGE_ACTIONS } from './image/act.js';
import { BUILD_ACTIONS } from './image/build.js';
import { NETWORK_ACTIONS } from './network/act.js';
import { NODE_ACTIONS } from './node/act.js';
import { NOTICE_ACTIONS } from './notice/act.js';
import { PROCESS_ACTIONS } from './process/act.js';
import type { Route } from './route.js';
import { SECRET_ACTIONS } from './swarm/secrets.js';
import { SERVICE_ACTIONS } from './service/act.js';
import { SWARM_ACTIONS } from './swarm/act.js';
import { TASK_ACTIONS } from './task/act.js';
import { VOLUME_ACTIONS } from './volume/act.js';

export const ACTION_ROUTES: readonly Route<Actor>[] = [
  ...NETWORK_ACTIONS,
  ...CONTAINER_ACTIONS,
  ...STREAM_ACTIONS,
  ...EXEC_ACTIONS,
  ...ARCHIVE_ACTIONS,
  ...IMAGE_ACTIONS,
  ...BUILD_ACTIONS,
  ...VOLUME_ACTIONS,
  ...SWARM_ACTIONS,
  ...NODE_ACTIONS,
  ...SECRET_ACTIONS, ...SERVICE_ACTIONS,
  ...TASK_ACTIONS,
  ...NOTICE_ACTIONS,
  ...PROCESS_ACTIONS,
  ...ELSEWHERE_ACTIONS,
];

import type { Actor } from '../actor.js';
import type { Route } from '../route.js';
import { stats } from './stats.js';
import { top } from './top.js';

/** Routes that look at what runs. */
export const PROCESS_ACTIONS: readonly Route<Actor>[] = [
  { method: 'GET', path: '/containers/{id}/top', answer: top },
  { method: 'GET', path: '/containers/{id}/stats', answer: stats },
];

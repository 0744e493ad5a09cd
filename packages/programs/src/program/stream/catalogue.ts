// Programs over TCP.

import type { Program } from '../../contract.js';
import { curl } from './curl.js';
import { nc } from './nc.js';
import { httpd, mysqld, nginx, redisServer } from './server.js';
import { wget } from './wget.js';

export const streamPrograms: readonly (readonly [string, Program])[] = [
  ['curl', curl], ['httpd', httpd], ['mysqld', mysqld], ['nc', nc], ['nginx', nginx], ['redis-server', redisServer],
  ['wget', wget],
];

// Programs over TCP.

import type { Program } from '../../contract.js';
import { curl } from '../http/curl/curl.js';
import { httpd } from '../http/httpd.js';
import { nginx } from '../http/nginx.js';
import { wget } from '../http/wget.js';
import { iperf3 } from '../iperf/iperf3.js';
import { mysqladmin, mysqld } from '../service/mysql.js';
import { pgIsReady, postgres } from '../service/postgres.js';
import { redisCli } from '../service/redis-cli.js';
import { redisServer } from '../service/redis.js';
import { nc } from './nc.js';
import { ncOpenbsd } from './nc-openbsd.js';
import { telnet } from './telnet.js';

export const streamPrograms: readonly (readonly [string, Program])[] = [
  ['curl', curl], ['httpd', httpd], ['iperf3', iperf3], ['mysqladmin', mysqladmin], ['mysqld', mysqld],
  ['nc', nc],
  ['nginx', nginx], ['pg_isready', pgIsReady],
  ['postgres', postgres], ['redis-cli', redisCli], ['redis-server', redisServer], ['telnet', telnet],
  ['wget', wget],
];

export const streamPackages: ReadonlyMap<string, ReadonlyMap<string, Program>> = new Map([
  ['netcat-openbsd', new Map([['nc', ncOpenbsd], ['netcat', ncOpenbsd]])],
]);

// Programs about the machine and its processes.

import type { Program } from '../../contract.js';
import { test } from './condition.js';
import { date } from './date.js';
import { env, printenv } from './env.js';
import { hostname } from './hostname.js';
import { free, nproc, sysctl, uname, uptime } from './machine.js';
import { kill, killall, pidof, ps, timeout } from './processes.js';
import { entrypoint } from './service.js';
import { sleep, time, usleep } from './sleep.js';
import { clear, fail, id, mktemp, pwd, succeed, whoami, yes } from './trivial.js';
import { stty, tty } from './tty.js';
import { which } from './which.js';

export const systemPrograms: readonly (readonly [string, Program])[] = [
  ['[', test], ['[[', test], ['clear', clear], ['date', date], ['env', env], ['false', fail], ['free', free],
  ['hostname', hostname], ['id', id], ['kill', kill], ['killall', killall], ['mktemp', mktemp], ['nproc', nproc],
  ['pidof', pidof], ['printenv', printenv], ['ps', ps], ['pwd', pwd], ['sleep', sleep], ['stty', stty],
  ['sync', succeed], ['sysctl', sysctl], ['test', test], ['time', time], ['timeout', timeout], ['true', succeed],
  ['tty', tty], ['uname', uname], ['uptime', uptime], ['usleep', usleep], ['which', which], ['whoami', whoami],
  ['yes', yes], ['docker-entrypoint.sh', entrypoint], ['/docker-entrypoint.sh', entrypoint],
];

// What operators read: one JSON object a line on stderr. Quiet unless asked, since stdout and calm belong to the user.

import { destination, pino, type Logger } from 'pino';

export type Log = Logger;
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** A logger for the part called `name`. Written at once, so that the last line before a crash is there. */
export function createLog(name: string, level: LogLevel = 'warn'): Log {
  return pino({ name, level, base: { pid: process.pid } }, destination({ fd: 2, sync: true }));
}

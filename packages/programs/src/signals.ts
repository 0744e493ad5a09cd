// What a signal does to a process that does not catch it. POSIX signal.h; signal(7).

import type { Signal } from './contract.js';

const NUMBERS: ReadonlyMap<Signal, number> = new Map([
  ['SIGHUP', 1], ['SIGINT', 2], ['SIGQUIT', 3], ['SIGKILL', 9], ['SIGUSR1', 10], ['SIGUSR2', 12], ['SIGPIPE', 13],
  ['SIGALRM', 14], ['SIGTERM', 15], ['SIGWINCH', 28],
]);

/** Its number on Linux. */
export function signalNumber(signal: Signal): number {
  // A name that nothing here knows ends a process like SIGTERM.
  return NUMBERS.get(signal) ?? 15;
}

/** `TERM`, `SIGTERM` or `15` as a signal; undefined when it is none. */
export function parseSignal(text: string): Signal | undefined {
  for (const [signal, number] of NUMBERS) {
    if (text === signal || text === signal.slice(3) || text === String(number)) return signal;
  }
  return undefined;
}

/** Whether a process that does not catch it goes on as if nothing had happened. */
export function ignoredByDefault(signal: Signal): boolean {
  return signal === 'SIGWINCH';
}

/** Those that the keyboard of a terminal sends to everything that runs in its foreground. */
export function fromKeyboard(signal: Signal): boolean {
  return signal === 'SIGINT' || signal === 'SIGQUIT';
}

/** What a shell says of a command that it ended; undefined when it keeps quiet. */
export function signalText(signal: Signal): string | undefined {
  switch (signal) {
    case 'SIGPIPE': case 'SIGWINCH': return undefined;
    case 'SIGINT': return '';
    case 'SIGHUP': return 'Hangup';
    case 'SIGQUIT': return 'Quit';
    case 'SIGKILL': return 'Killed';
    case 'SIGUSR1': return 'User defined signal 1';
    case 'SIGUSR2': return 'User defined signal 2';
    case 'SIGALRM': return 'Alarm clock';
    case 'SIGTERM': return 'Terminated';
  }
}

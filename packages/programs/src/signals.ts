// What a signal does to a process that does not catch it. POSIX signal.h; signal(7).

import type { Signal } from './contract.js';

/** By number. */
export const SIGNAL_NAMES: readonly string[] = ['', 'HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL',
  'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM', 'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG',
  'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'POLL', 'PWR', 'SYS'];

/** Its number on Linux. */
export function signalNumber(signal: Signal): number {
  // A name that nothing here knows ends a process like SIGTERM.
  const number = SIGNAL_NAMES.indexOf(signal.slice(3));
  return number < 0 ? 15 : number;
}

/** `TERM`, `SIGTERM` or `15` as a signal; undefined when it is none. */
export function parseSignal(text: string): Signal | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '');
  const number = /^\d+$/.test(text) ? Number(text) : SIGNAL_NAMES.indexOf(name);
  const known = number > 0 ? SIGNAL_NAMES[number] : undefined;
  return known === undefined ? undefined : `SIG${known}` as Signal;
}

/** Whether a process that does not catch it goes on as if nothing had happened. */
export function ignoredByDefault(signal: Signal): boolean {
  return signal === 'SIGWINCH' || signal === 'SIGCHLD' || signal === 'SIGURG' || signal === 'SIGCONT';
}

/** Whether it stops a process until SIGCONT. */
export function stops(signal: Signal): boolean {
  return signal === 'SIGSTOP' || signal === 'SIGTSTP' || signal === 'SIGTTIN' || signal === 'SIGTTOU';
}

/** Those that the keyboard of a terminal sends to everything that runs in its foreground. */
export function fromKeyboard(signal: Signal): boolean {
  return signal === 'SIGINT' || signal === 'SIGQUIT';
}

/** What a shell says of a command that it ended; undefined when it keeps quiet. */
export function signalText(signal: Signal): string | undefined {
  switch (signal) {
    case 'SIGPIPE': return undefined;
    case 'SIGINT': return '';
    case 'SIGHUP': return 'Hangup';
    case 'SIGQUIT': return 'Quit';
    case 'SIGKILL': return 'Killed';
    case 'SIGUSR1': return 'User defined signal 1';
    case 'SIGUSR2': return 'User defined signal 2';
    case 'SIGALRM': return 'Alarm clock';
    case 'SIGTERM': return 'Terminated';
    case 'SIGABRT': return 'Aborted';
    case 'SIGSEGV': return 'Segmentation fault';
    case 'SIGILL': return 'Illegal instruction';
    case 'SIGBUS': return 'Bus error';
    case 'SIGFPE': return 'Floating point exception';
    case 'SIGTRAP': return 'Trace/breakpoint trap';
    default: return signal.slice(3);
  }
}

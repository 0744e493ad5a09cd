// Programs that images start with: entry points, which become their arguments, and servers that stay until they are
// told to
// stop. nginx heeds SIGQUIT too, the others SIGTERM.

import { NEVER, type Operation } from '@netreel/sim';
import type { Program, Signal, Sys } from '../../contract.js';

export function* entrypoint(sys: Sys, argv: readonly string[]): Operation<number> {
  const command = argv.slice(1);
  if (command.length === 0) return 0;
  if (!sys.has(command[0]!)) {
    sys.stderr(`${argv[0]!}: exec: line 2: ${command[0]!}: not found\n`);
    return 127;
  }
  return yield* sys.exec(command);
}

/** A server that ends with 0 on one of these. */
export function service(...stopSignals: readonly Signal[]): Program {
  return function* serve(sys: Sys): Operation<number> {
    let stopped = false;
    for (const signal of stopSignals) sys.catchSignal(signal, () => { stopped = true; });
    while (!stopped) yield* sys.waitReadable([], NEVER);
    return 0;
  };
}

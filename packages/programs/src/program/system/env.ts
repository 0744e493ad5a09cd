// env and printenv: the environment, in the order in which it was set.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* env(sys: Sys, argv: readonly string[]): Operation<number> {
  const environment = new Map(sys.env);
  let at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '-i' || word === '-') {
      environment.clear();
    } else if (word === '-u') {
      environment.delete(argv[++at] ?? '');
    } else {
      const cut = word.indexOf('=');
      if (cut <= 0) break;
      environment.set(word.slice(0, cut), word.slice(cut + 1));
    }
  }
  const command = argv.slice(at);
  if (command.length === 0) {
    for (const [name, value] of environment) sys.stdout(`${name}=${value}\n`);
    return 0;
  }
  if (!sys.has(command[0]!)) {
    sys.stderr(`env: can't execute '${command[0]!}': No such file or directory\n`);
    return 127;
  }
  sys.env.clear();
  for (const [name, value] of environment) sys.env.set(name, value);
  return yield* sys.exec(command);
}

export function* printenv(sys: Sys, argv: readonly string[]): Operation<number> {
  if (argv.length === 1) return yield* env(sys, ['env']);
  let exitCode = 0;
  for (const name of argv.slice(1)) {
    const value = sys.env.get(name);
    if (value === undefined) exitCode = 1;
    else sys.stdout(`${value}\n`);
  }
  return exitCode;
}

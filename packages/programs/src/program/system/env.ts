// env and printenv: the environment, in the order in which it was set.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';
import { busyboxOptions } from '../../usage.js';

export function* env(sys: Sys, argv: readonly string[]): Operation<number> {
  const environment = new Map(sys.env);
  const parsed = busyboxOptions(sys, argv, 'i0', 'u', { permute: false });
  if (typeof parsed === 'number') return parsed;
  if (parsed.flags.has('i')) environment.clear();
  for (const name of parsed.repeated.get('u') ?? []) environment.delete(name);
  const words = parsed.rest;
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-') {
      environment.clear();
    } else {
      const cut = word.indexOf('=');
      if (cut <= 0) break;
      environment.set(word.slice(0, cut), word.slice(cut + 1));
    }
  }
  const command = words.slice(at);
  if (command.length === 0) {
    for (const [name, value] of environment) sys.stdout(`${name}=${value}${parsed.flags.has('0') ? '\0' : '\n'}`);
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

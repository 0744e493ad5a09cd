// Running a command of the set-up: quiet while all is well, with the end of its output when it fails.

import { spawn } from 'node:child_process';

/** Resolves with the standard output; rejects with the last lines the command printed. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let out = '';
    let all = '';
    child.stdout.on('data', (chunk) => { out += chunk; all += chunk; });
    child.stderr.on('data', (chunk) => { all += chunk; });
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(
        new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? code}\n` +
          all.trim().split('\n').slice(-15).join('\n')));
    });
  });
}

/** Runs a command in the foreground, its output going where ours goes. Resolves with its exit status. */
export function passThrough(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

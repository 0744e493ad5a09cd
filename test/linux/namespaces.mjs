// Network namespaces of this machine, made for one measurement and gone after it.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Why nothing can be measured here; undefined when it can. */
export function whatLacks() {
  if (process.getuid?.() !== 0) return 'not root';
  for (const [command, word] of [['ip', '-V'], ['nft', '-v'], [PYTHON, '-V']]) {
    try {
      execFileSync(command, [word], { stdio: 'ignore' });
    } catch {
      return `no ${command}`;
    }
  }
  return existsSync('/dev/net/tun') ? undefined : 'no /dev/net/tun';
}

export function run(...words) {
  return execFileSync(words[0], words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Where the script of that name beside this file lies. */
export function beside(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Names that no other run of this machine has. */
export class Namespaces {
  constructor() {
    this.prefix = `nrl${process.pid}`;
    this.made = [];
    this.children = [];
  }

  add(name) {
    const netns = `${this.prefix}${name}`;
    run('ip', 'netns', 'add', netns);
    this.made.push(netns);
    run('ip', '-n', netns, 'link', 'set', 'lo', 'up');
    return netns;
  }

  /** A process in a namespace; resolves with it once it has said `ready`. */
  async start(netns, ...words) {
    const child = spawn('ip', ['netns', 'exec', netns, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.children.push(child);
    child.lines = [];
    child.ended = new Promise((resolve) => { child.once('exit', resolve); });
    await new Promise((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (piece) => {
        text += piece;
        const lines = text.split('\n');
        text = lines.pop();
        for (const line of lines) {
          if (line === 'ready') resolve();
          else child.lines.push(line);
          child.onLine?.();
        }
      });
      child.once('exit', (code) => reject(new Error(`${words.join(' ')} ended with ${code}`)));
    });
    return child;
  }

  /** Ends what was started and takes away what was made. */
  async remove() {
    for (const child of this.children) {
      child.kill('SIGTERM');
      await child.ended;
    }
    for (const netns of this.made) run('ip', 'netns', 'del', netns);
  }
}

// Standard input of this process on its way into a call: a terminal key by key, anything else as it comes.

import type { SentCall } from '@netreel/docker-socket';

/** Ctrl-P Ctrl-Q: leaves, and lets the process run on. */
const LEAVES = Buffer.from([0x10, 0x11]);

export class TypedInput {
  private leave: (word: 'left') => void = () => undefined;
  /** Kept when the person has left by the keys for it. */
  readonly left = new Promise<'left'>((resolve) => { this.leave = resolve; });
  private terminal = false;
  private held = false;

  connect(call: SentCall, kind: 'terminal' | 'stream'): void {
    const { stdin } = process;
    this.terminal = kind === 'terminal' && stdin.isTTY === true;
    if (this.terminal) stdin.setRawMode(true);
    stdin.on('data', (bytes: Buffer) => this.take(bytes, call));
    stdin.on('end', () => call.inputEnded());
    stdin.resume();
  }

  /** The terminal is as it was before. */
  close(): void {
    if (this.terminal) process.stdin.setRawMode(false);
    this.terminal = false;
    process.stdin.pause();
  }

  private take(bytes: Buffer, call: SentCall): void {
    if (!this.terminal) {
      call.given(bytes);
      return;
    }
    const all = this.held ? Buffer.concat([LEAVES.subarray(0, 1), bytes]) : bytes;
    if (all.includes(LEAVES)) {
      this.leave('left');
      return;
    }
    // The first of the two keys waits for what follows it.
    this.held = all[all.length - 1] === LEAVES[0];
    const ready = this.held ? all.subarray(0, -1) : all;
    if (ready.length > 0) call.given(ready);
  }
}

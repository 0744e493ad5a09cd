// tty and stty: the terminal that standard input is. Text of busybox 1.35.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../../contract.js';

export function* tty(sys: Sys, argv: readonly string[]): Operation<number> {
  const on = sys.isTerminal(0);
  if (argv[1] !== '-s') sys.stdout(on ? '/dev/pts/0\n' : 'not a tty\n');
  return on ? 0 : 1;
}

export function* stty(sys: Sys, argv: readonly string[]): Operation<number> {
  const { terminal } = sys;
  if (terminal === undefined || !sys.isTerminal(0)) {
    sys.stderr('stty: standard input: Inappropriate ioctl for device\n');
    return 1;
  }
  const words = argv.slice(1);
  if (words.length === 0 || words[0] === '-a') {
    sys.stdout(`speed 38400 baud;${words[0] === '-a' ? ` rows ${terminal.rows}; columns ${terminal.columns};` : ''}`
      + ` line = 0;\n${terminal.echo ? '' : '-echo\n'}${terminal.lineEditing ? '' : '-icanon\n'}`);
    return 0;
  }
  for (const word of words) {
    switch (word) {
      case 'size': sys.stdout(`${terminal.rows} ${terminal.columns}\n`); break;
      case 'echo': case '-echo': terminal.echo = word === 'echo'; break;
      case 'icanon': case '-icanon': terminal.lineEditing = word === 'icanon'; break;
      case 'raw': case 'cbreak': terminal.lineEditing = false; break;
      case 'sane': case '-raw': case 'cooked':
        terminal.lineEditing = true;
        if (word === 'sane') terminal.echo = true;
        break;
      default:
        sys.stderr(`stty: invalid argument '${word}'\n`);
        return 1;
    }
  }
  return 0;
}

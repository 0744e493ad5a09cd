// Where a command's input comes from and its output goes. POSIX section 2.7.

import type { Operation } from '@netreel/sim';
import type { Sys } from '../contract.js';
import { absolutePath } from '../files.js';
import { Pipe } from '../pipe.js';
import type { Expander } from './expand.js';
import type { Streams } from './state.js';
import type { Redirection } from './syntax.js';

type Sink = Streams['stdout'];

/** The streams after the redirections, from left to right; a text is what is wrong. */
export function* redirected(sys: Sys, expander: Expander, streams: Streams,
  redirections: readonly Redirection[]): Operation<Streams | string> {
  if (redirections.length === 0) return streams;
  let { stdin, stdout, stderr } = streams;
  for (const { descriptor, operator, target } of redirections) {
    const name = yield* expander.text(target);
    if (operator === '<<') {
      stdin = Pipe.of(name);
    } else if (operator === '<') {
      const text = sys.files.read(absolutePath(sys.cwd, name));
      if (text === undefined) return `can't open ${name}: no such file`;
      stdin = Pipe.of(text);
    } else if (operator === '<&') {
      if (name === '-') stdin = Pipe.of('');
    } else {
      const sink = operator === '>&' ? duplicate(name, stdout, stderr)
        : openFile(sys, name, operator === '>>', stdout, stderr);
      if (typeof sink === 'string') return sink;
      if (descriptor === 1) stdout = sink;
      if (descriptor === 2) stderr = sink;
    }
  }
  return { stdin, stdout, stderr };
}

function duplicate(name: string, stdout: Sink, stderr: Sink): Sink | string {
  if (name === '1') return stdout;
  if (name === '2') return stderr;
  if (name === '-') return () => undefined;
  return `${name}: bad file descriptor`;
}

function openFile(sys: Sys, name: string, append: boolean, stdout: Sink, stderr: Sink): Sink | string {
  const path = absolutePath(sys.cwd, name);
  if (path === '/dev/stdout') return stdout;
  if (path === '/dev/stderr') return stderr;
  const refused = sys.files.write(path, append ? sys.files.read(path) ?? '' : '');
  if (refused !== undefined) {
    return `can't create ${name}: ${refused === 'No such file or directory' ? 'nonexistent directory' : refused}`;
  }
  // Read again at each write: another writer may have appended meanwhile.
  return (text) => { sys.files.write(path, `${sys.files.read(path) ?? ''}${text}`); };
}

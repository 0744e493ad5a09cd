// What Linux' terminals do with each of these keys.

import { SECOND } from '@netreel/sim';
import { alone } from './testing.js';
import { Terminal } from './terminal.js';

function typedInto(terminal: Terminal, shown: string[], text: string): string {
  shown.length = 0;
  terminal.type(text);
  return shown.join('');
}

describe('a terminal', () => {
  const shown: string[] = [];
  const signals: string[] = [];
  const terminal = new Terminal({ show: (text) => { shown.push(text); }, signal: (name) => { signals.push(name); } });

  it('echoes what is typed, and hands it on when the line ends', () => {
    expect(typedInto(terminal, shown, 'abc')).toBe('abc');
    expect(terminal.takeLine()).toBe('wait');
    expect(typedInto(terminal, shown, '\r')).toBe('\r\n');
    expect(terminal.takeLine()).toEqual({ line: 'abc' });
  });

  it('takes back a character, a word, a line', () => {
    expect(typedInto(terminal, shown, 'x\x7fy\x15z q w\x17e\n')).toBe('x\b \by\b \bz q w\b \be\r\n');
    expect(terminal.takeSome()).toBe('z q e\n');
  });

  it('shows control characters with a caret, and takes back both columns', () => {
    expect(typedInto(terminal, shown, '\x01\x7f')).toBe('^A\b \b\b \b');
  });

  it('makes signals of Ctrl-C and Ctrl-\\ and forgets the line; Ctrl-Z is only shown', () => {
    expect(typedInto(terminal, shown, 'abc\x03d\x1c\x1ae\n')).toBe('abc^Cd^\\^Ze\r\n');
    expect(signals).toEqual(['SIGINT', 'SIGQUIT']);
    expect(terminal.takeSome()).toBe('e\n');
  });

  it('ends a line without a newline at Ctrl-D, and the file at another one', () => {
    terminal.type('ab\x04');
    expect(terminal.takeSome()).toBe('ab');
    expect(terminal.takeSome()).toBe('wait');
    terminal.type('\x04c\n');
    expect(terminal.takeSome()).toBeUndefined();
    expect(terminal.takeLine()).toEqual({ line: 'c' });
  });

  it('begins new lines of output in the first column', () => {
    shown.length = 0;
    terminal.write('a\nb\n');
    expect(shown.join('')).toBe('a\r\nb\r\n');
  });

  it('tells of a new size once', () => {
    signals.length = 0;
    terminal.resize(50, 100);
    terminal.resize(50, 100);
    expect([terminal.rows, terminal.columns, signals]).toEqual([50, 100, ['SIGWINCH']]);
  });
});

describe('standard input', () => {
  it('is a pipe without a terminal: no echo, and an end', () => {
    const lab = alone();
    const ran = lab.start('alone', ['cat'], { stdin: 'open' });
    lab.processes.input(ran.pid, 'one\n');
    lab.pass(SECOND);
    expect(ran).toMatchObject({ stdout: 'one\n', exitCode: undefined });
    lab.processes.endInput(ran.pid);
    lab.pass(1);
    expect(ran).toMatchObject({ stdout: 'one\n', exitCode: 0 });
  });

  it('stays open at a terminal until Ctrl-D', () => {
    const lab = alone();
    const ran = lab.start('alone', ['cat'], { stdin: 'open', tty: true });
    lab.processes.endInput(ran.pid);
    lab.pass(SECOND);
    expect(ran.exitCode).toBeUndefined();
    lab.processes.input(ran.pid, 'a\r\x04');
    lab.pass(1);
    expect(ran).toMatchObject({ stdout: 'a\r\na\r\n', exitCode: 0 });
  });

  it('is echoed by a terminal whose processes are paused, and read when they go on', () => {
    const lab = alone();
    const ran = lab.start('alone', ['cat'], { stdin: 'open', tty: true });
    lab.pass(1);
    lab.processes.pause(ran.pid);
    lab.processes.input(ran.pid, 'a\r');
    lab.pass(SECOND);
    expect(ran.stdout).toBe('a\r\n');
    lab.processes.resume(ran.pid);
    lab.pass(1);
    expect(ran.stdout).toBe('a\r\na\r\n');
  });
});

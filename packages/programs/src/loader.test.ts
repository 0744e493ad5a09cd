import { MemoryTree } from './memory-tree.js';
import { executableText } from './loader.js';
import { alone } from './testing.js';

/** A tree whose programs are files: a busybox with two names, a script, a file nobody may run. */
class ImageTree extends MemoryTree {
  readonly holdsPrograms = true;
}

function image(): ImageTree {
  const tree = new ImageTree();
  tree.put('/bin/busybox', executableText('busybox'));
  tree.setMode('/bin/busybox', 0o755);
  for (const name of ['sh', 'echo', 'cat', 'which', 'rm']) tree.makeLink(`/bin/${name}`, 'busybox');
  tree.put('/usr/bin/greet', '#!/bin/sh -e\necho "hello $1 of $0"\n');
  tree.setMode('/usr/bin/greet', 0o755);
  tree.put('/usr/bin/note', '#!/bin/sh\n');
  return tree;
}

function says(line: string): string {
  const { stdout, stderr } = alone().run('alone', ['sh', '-c', line], { files: image(),
    env: new Map([['PATH', '/usr/bin:/bin']]) });
  return stdout + stderr;
}

describe('programs that are files', () => {
  test.each([
    ['a name is looked for along PATH', 'which echo greet', '/bin/echo\n/usr/bin/greet\n'],
    ['a script runs its interpreter', 'greet you', 'hello you of /usr/bin/greet\n'],
    ['a file that may not be run is none', 'note', 'sh: note: not found\n'],
    ['what has no file cannot be run', 'ping x', 'sh: ping: not found\n'],
    ['busybox runs any of its applets', 'busybox echo a b', 'a b\n'],
    ['an applet that is not there', 'busybox nosuch', 'nosuch: applet not found\n'],
    ['a removed program is gone', 'rm /bin/cat; cat /etc/x', 'sh: cat: not found\n'],
    ['PATH decides', 'PATH=/usr/bin; greet x; cat y', 'hello x of /usr/bin/greet\nsh: cat: not found\n'],
  ])('%s', (_title, line, text) => {
    expect(says(line)).toBe(text);
  });

  test('links are followed, a loop of links leads nowhere, removing takes the link', () => {
    const tree = new MemoryTree([['/a/file', 'text']]);
    expect([tree.makeLink('/l', 'a'), tree.read('/l/file'), tree.readLink('/l'), tree.stat('/l')?.kind])
      .toEqual([undefined, 'text', 'a', 'folder']);
    tree.makeLink('/m', '/l/file');
    tree.write('/m', 'new');
    expect(tree.read('/a/file')).toBe('new');
    tree.makeLink('/x', '/y');
    tree.makeLink('/y', '/x');
    expect([tree.read('/x'), tree.write('/x', '')]).toEqual([undefined, 'Symbolic link loop']);
    expect([tree.remove('/m'), tree.read('/a/file'), tree.readLink('/m')]).toEqual([undefined, 'new', undefined]);
  });
});

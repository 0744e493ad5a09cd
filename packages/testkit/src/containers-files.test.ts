// What images and containers hold, typed as one would type it.

import { MemoryFiles } from '@netreel/world';
import { TestLab, labOf } from './lab.js';

const SECOND = 1_000_000_000;

class Typed {
  readonly lab = new TestLab(labOf(1));
  readonly files: MemoryFiles;

  constructor(texts: { readonly [path: string]: string } = {}) {
    this.files = new MemoryFiles(texts);
  }

  run(line: string): { exit: number; text: string } {
    const result = this.lab.command('host1', line, 100 * SECOND, this.files);
    if (result === undefined) throw new Error(`${line} did not end`);
    return { exit: result.exit, text: result.stdout + result.stderr };
  }

  text(line: string): string {
    return this.run(line).text;
  }
}

/** Ids are what two builds cannot have in common. */
const plain = (text: string): string => text.replace(/[0-9a-f]{64}/g, '<id64>').replace(/\b[0-9a-f]{12}\b/g, '<id12>');

test('an image with the tools of a note is built, cached and run', () => {
  const typed = new Typed({ 'ctx/Dockerfile': `FROM debian
RUN apt-get update && apt-get install -y net-tools iputils-ping
ENV GREETING=hello
COPY greet.sh /usr/local/bin/
WORKDIR /srv
EXPOSE 80
CMD greet.sh
`, 'ctx/greet.sh': '#!/bin/sh\necho "$GREETING from $(pwd)"\n' });
  expect(typed.run('docker run --rm debian ping -c 1 127.0.0.1').exit).toBe(127);
  const first = plain(typed.text('docker build -t tools:1 ctx'));
  expect(first)
    .toMatch(/^Sending build context to Docker daemon {2}\S+kB\nStep 1\/7 : FROM debian\n ---> <id12>\nStep 2/);
  expect(first).toMatch(/Setting up net-tools[^]*\nRemoving intermediate container <id12>\n ---> <id12>\nStep 3\/7/);
  expect(first).toMatch(/\nSuccessfully built <id12>\nSuccessfully tagged tools:1\n$/);
  expect(typed.text('docker build -t tools:2 ctx').match(/Using cache/g)).toHaveLength(6);
  expect(typed.text('docker run --rm tools:1')).toBe('hello from /srv\n');
  expect(typed.text('docker run --rm tools:2 ping -c 1 127.0.0.1')).toMatch(/ 0% packet loss/);
  expect(typed.text('docker run --rm tools:2 which ifconfig')).toBe('/sbin/ifconfig\n');
  expect(plain(typed.text('docker history --format "{{.CreatedBy}}" tools:1')).split('\n').slice(0, 3)).toEqual([
    '/bin/sh -c #(nop)  CMD ["/bin/sh" "-c" "gree…', '/bin/sh -c #(nop)  EXPOSE 80', '/bin/sh -c #(nop) WORKDIR /srv']);
});

test('a build that fails says so and ends with the status of its command', () => {
  const typed = new Typed({ 'a/Dockerfile': 'FROM busybox\nRUN nosuch\n', 'b/Dockerfile': 'FROM busybox\nFOO bar\n',
    'c/Dockerfile': 'FROM busybox\nCOPY zz /z\n', 'd/Dockerfile': 'FROM busybox AS one\nRUN echo 1 > /f\nFROM busybox\n'
    + 'COPY --from=one /f /g\nRUN cat /g\n' });
  const failed = typed.run('docker build a');
  expect([failed.exit, failed.text.split('\n').slice(-2)[0]])
    .toEqual([127, "\u001b[0mThe command '/bin/sh -c nosuch' returned a non-zero code: 127"]);
  expect(typed.run('docker build b')).toMatchObject({ exit: 1, text: expect.stringMatching(
    /Error response from daemon: dockerfile parse error line 2: unknown instruction: FOO\n$/) });
  expect(typed.text('docker build c')).toMatch(
    /\nCOPY failed: file not found in build context or excluded by .dockerignore: stat zz: file does not exist\n$/);
  expect(typed.text('docker build -q d')).toMatch(/^sha256:[0-9a-f]{64}\n$/);
});

test('files of a container are changed, compared, copied, committed and gone with it', () => {
  const typed = new Typed({ 'f.txt': 'local\n' });
  typed.run('docker run -d --name box busybox sleep 1000');
  expect(typed.text('docker diff box')).toBe('');
  typed.run("docker exec box sh -c 'echo hi > /tmp/x; mkdir -p /a/b; echo y > /a/b/c; rm /etc/nsswitch.conf; "
    + "chmod 600 /etc/group; ln -s /tmp/x /lnk'");
  expect(typed.text('docker diff box').split('\n').sort()).toEqual(['', 'A /a', 'A /a/b', 'A /a/b/c', 'A /lnk',
    'A /tmp/x', 'C /etc', 'C /etc/group', 'C /tmp', 'D /etc/nsswitch.conf']);
  expect(typed.text('docker exec box cat /lnk')).toBe('hi\n');
  expect(typed.text('docker cp f.txt box:/tmp/')).toBe('');
  expect(typed.text('docker cp f.txt box:/tmp/new.txt')).toBe('');
  expect(typed.text('docker exec box cat /tmp/f.txt /tmp/new.txt')).toBe('local\nlocal\n');
  expect(typed.text('docker cp f.txt box:/nodir/')).toBe('no such directory\n');
  expect(typed.text('docker cp f.txt box:/nodir/x'))
    .toBe('Error response from daemon: Could not find the file /nodir in container box\n');
  expect(typed.text('docker cp box:/a out')).toBe('');
  expect(typed.files.text('out/b/c')).toBe('y\n');
  expect(typed.text('docker commit -c "CMD cat /a/b/c" box mine:1')).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect(typed.text('docker run --rm mine:1')).toBe('y\n');
  expect(typed.text('docker export -o all.tar box')).toBe('');
  expect(typed.text('docker import all.tar flat:1')).toMatch(/^sha256:/);
  expect(typed.text('docker run --rm flat:1 cat /a/b/c')).toBe('y\n');
  expect(typed.text('docker save -o image.tar mine:1')).toBe('');
  expect(typed.text('docker rmi mine:1')).toMatch(/^Untagged: mine:1\nDeleted: sha256:/);
  expect(typed.text('docker load -i image.tar')).toBe('Loaded image: mine:1\n');
  expect(typed.text('docker run --rm mine:1')).toBe('y\n');
  typed.run('docker rm -f box');
  expect(typed.run('docker diff box').exit).toBe(1);
});

test('a volume is shared, kept and removed as Docker does', () => {
  const typed = new Typed();
  expect(typed.text('docker volume create v1')).toBe('v1\n');
  typed.run("docker run --rm -v v1:/data busybox sh -c 'echo 1 > /data/f'");
  expect(typed.text("docker run --rm -v v1:/data:ro busybox sh -c 'echo 2 > /data/f; cat /data/f'"))
    .toBe("1\nsh: can't create /data/f: Read-only file system\n");
  const id = typed.text('docker run -d --name box -v v1:/data -v /anon busybox sleep 1000').trim();
  expect(typed.text('docker volume rm v1')).toBe(`Error response from daemon: remove v1: volume is in use - [${id}]\n`);
  expect(typed.text('docker volume ls -q').split('\n')).toHaveLength(3);
  typed.run('docker rm -fv box');
  expect(typed.text('docker volume ls')).toBe('DRIVER    VOLUME NAME\nlocal     v1\n');
  expect(typed.text('docker volume prune -f')).toBe('Deleted Volumes:\nv1\n\nTotal reclaimed space: 2B\n');
  expect(typed.text('docker run --rm -v relative/x:/d busybox true')).toMatch(/create relative\/x: "relative\/x" incl/);
  typed.run("docker run --rm -v /srv/site:/d busybox sh -c 'echo page > /d/index.html'");
  expect(typed.lab.shell('host1', 'cat /srv/site/index.html').stdout).toBe('page\n');
});

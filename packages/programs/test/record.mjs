// Records what the real programs print: `node record.mjs FILE.case ...` fills in or rewrites the lines behind each
// command. Needs root, busybox-static, and for files that say `# with: debian` the programs of that system.
//
//   $ command      run by sh, one after the other, in one folder and one network namespace
//   > text         its standard output     >| text   the same, without a newline at the end
//   ! text         its standard error      ? 1       its exit status, when not 0
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, copyFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUSYBOX = '/bin/busybox';

/** A root with nothing but busybox in it. */
function busyboxRoot() {
  const root = mkdtempSync(join(tmpdir(), 'record-'));
  for (const folder of ['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'tmp', 'tmp/work', 'usr', 'var']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  copyFileSync(BUSYBOX, join(root, 'bin/busybox'));
  for (const name of execFileSync(BUSYBOX, ['--list'], { encoding: 'utf8' }).split('\n')) {
    if (name !== '' && name !== 'busybox') symlinkSync('busybox', join(root, 'bin', name));
  }
  execFileSync('mknod', [join(root, 'dev/null'), 'c', '1', '3']);
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1\tlocalhost\n');
  return root;
}

function record(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const debian = lines.some((line) => /^# with: debian/.test(line));
  const root = busyboxRoot();
  const folder = debian ? join(root, 'tmp/work') : '/tmp/work';
  const commands = lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
  const script = commands.map((command, place) => `cd '${folder}'; echo "${'${MARK}'}${place}"; `
    + `echo "${'${MARK}'}${place}" >&2; sh -c '${command.replaceAll("'", "'\\''")}' </dev/null; `
    + `echo "${'${MARK}'}? $?" >&2`).join('\n');
  const inner = ['ip link set lo up', 'hostname box', `mount -t proc proc '${debian ? '' : root}/proc'`,
    `exec ${debian ? '' : `chroot '${root}' `}/bin/sh -c "$SCRIPT"`].join('; ');
  const env = { PATH: debian ? process.env.PATH : '/bin:/usr/sbin:/usr/bin:/sbin', HOME: '/root', SCRIPT: script,
    MARK: '\x01', TERM: 'dumb' };
  const ran = spawnSync('unshare', ['--net', '--uts', '--pid', '--mount', '--fork', 'sh', '-c', inner],
    { encoding: 'utf8', env });
  rmSync(root, { recursive: true, force: true });
  const piecesOf = (text) => text.split('\x01').slice(1);
  const outs = piecesOf(ran.stdout);
  const errors = piecesOf(ran.stderr);
  const result = lines.filter((line) => line.startsWith('#')).slice();
  commands.forEach((command, place) => {
    result.push(`$ ${command}`);
    const out = outs[place].slice(String(place).length + 1);
    result.push(...shown('>', out));
    result.push(...shown('!', errors[2 * place].slice(String(place).length + 1)));
    const status = Number(errors[2 * place + 1].slice(2));
    if (status !== 0) result.push(`? ${status}`);
  });
  writeFileSync(file, `${result.join('\n')}\n`);
}

function shown(mark, text) {
  if (text === '') return [];
  const whole = text.endsWith('\n');
  const lines = (whole ? text.slice(0, -1) : text).split('\n');
  return lines.map((line, place) => {
    const open = !whole && place === lines.length - 1 ? '|' : '';
    return `${mark}${open}${line === '' ? '' : ' '}${line}`;
  });
}

for (const file of process.argv.slice(2)) record(file);

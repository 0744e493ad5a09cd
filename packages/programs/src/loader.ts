// What a name runs. In a container programs are files of its tree, so that removing, copying or installing a file
// changes what can be run; a host that has no such files runs everything that there is.

import type { Operation } from '@netreel/sim';
import { catalogue, packages, programNamed } from './catalogue.js';
import type { FileTree, Program, Sys } from './contract.js';
import { absolutePath } from './files.js';

/**
 * A file that is a simulated program begins with this; the program's name follows, with the Debian package before it
 * when it is that package's version of a program: `iputils-ping/ping`.
 */
const EXECUTABLE = '\x7fELF ';

/** What a file must hold to run `program`. */
export function executableText(program: string): string {
  return `${EXECUTABLE}${program}\n`;
}

/** Where somebody looks for programs. */
export interface SearchPlace {
  readonly files: FileTree;
  /** The value of PATH. */
  readonly path: string;
  readonly cwd: string;
  readonly packages: readonly string[];
}

export const DEFAULT_SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The absolute path of the file that `name` runs; undefined when there is none, or none that may be run. */
export function locate(name: string, { files, path, cwd }: SearchPlace): string | undefined {
  if (name === '') return undefined;
  const candidates = name.includes('/') ? [absolutePath(cwd, name)]
    : path.split(':').map((folder) => absolutePath(cwd, `${folder === '' ? '.' : folder}/${name}`));
  return candidates.find((candidate) => {
    const found = files.stat(candidate);
    return found?.kind === 'file' && (found.mode & 0o111) !== 0;
  });
}

/** The program that `name`, a bare name or a path, runs there. */
export function programAt(programs: ReadonlyMap<string, Program>, name: string, place: SearchPlace): Program
  | undefined {
  if (place.files.holdsPrograms !== true) return programNamed(programs, name, place.packages);
  const file = locate(name, place);
  return file === undefined ? undefined : programOf(programs, file, place);
}

function programOf(programs: ReadonlyMap<string, Program>, file: string, place: SearchPlace): Program | undefined {
  const text = place.files.read(file) ?? '';
  if (text.startsWith('#!')) return script(programs, file, text, place);
  if (!text.startsWith(EXECUTABLE)) return undefined;
  const name = text.slice(EXECUTABLE.length).trimEnd();
  if (name === 'busybox') return (sys, argv) => applet(programs, sys, argv);
  const slash = name.indexOf('/');
  return slash < 0 ? programs.get(name) : packages.get(name.slice(0, slash))?.get(name.slice(slash + 1))
    ?? programs.get(name.slice(slash + 1));
}

/** One binary with many names: which program it is depends on the one it was called by. */
function applet(programs: ReadonlyMap<string, Program>, sys: Sys, argv: readonly string[]): Operation<number> {
  const called = argv[0]!.slice(argv[0]!.lastIndexOf('/') + 1);
  const words = called === 'busybox' ? argv.slice(1) : [called, ...argv.slice(1)];
  const program = programs.get(words[0] ?? '');
  if (program !== undefined) return program(sys, called === 'busybox' ? words : argv);
  return missingApplet(sys, words[0]);
}

function* missingApplet(sys: Sys, name: string | undefined): Operation<number> {
  if (name === undefined) {
    sys.stdout('BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.\n');
    return 0;
  }
  sys.stderr(`${name}: applet not found\n`);
  return 127;
}

/** `#!INTERPRETER [ARGUMENT]`: what execve(2) makes of a script. */
function script(programs: ReadonlyMap<string, Program>, file: string, text: string, place: SearchPlace): Program
  | undefined {
  const [, interpreter, argument] = /^#!\s*(\S+)(?:[ \t]+([^\n]*\S))?/.exec(text) ?? [];
  if (interpreter === undefined) return undefined;
  const program = programAt(programs, interpreter, place);
  if (program === undefined) return undefined;
  return (sys, argv) => program(sys, [interpreter, ...(argument === undefined ? [] : [argument]), file,
    ...argv.slice(1)]);
}

/** Whether a name runs anything in that place. */
export function canRun(name: string, place: SearchPlace): boolean {
  return programAt(catalogue, name, place) !== undefined;
}

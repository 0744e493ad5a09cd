// Programs about files.

import type { Program } from '../../contract.js';
import { cat } from './cat.js';
import { chmod, mkdir, rm, rmdir, touch } from './change.js';
import { cp, mv } from './copy.js';
import { head, tail } from './ends.js';
import { ln } from './ln.js';
import { ls } from './ls.js';
import { basename, dirname, find, readlink, realpath } from './names.js';
import { du, stat } from './stat.js';

export const filePrograms: readonly (readonly [string, Program])[] = [
  ['basename', basename], ['cat', cat], ['chmod', chmod], ['cp', cp], ['dirname', dirname], ['du', du], ['find', find],
  ['head', head], ['ln', ln],
  ['ls', ls], ['mkdir', mkdir], ['mv', mv], ['readlink', readlink], ['realpath', realpath], ['rm', rm],
  ['rmdir', rmdir], ['stat', stat], ['tail', tail], ['touch', touch],
];

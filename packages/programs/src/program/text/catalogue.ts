// Programs over texts.

import type { Program } from '../../contract.js';
import { awk } from './awk/awk.js';
import { cut, tr } from './cut.js';
import { echo, printf } from './echo.js';
import { grep } from './grep.js';
import { base64, fold, nl, paste, rev, tac } from './lines.js';
import { sed } from './sed/sed.js';
import { seq } from './seq.js';
import { sort, uniq } from './sort.js';
import { wc } from './wc.js';
import { expr, tee, xargs } from './words.js';

export const textPrograms: readonly (readonly [string, Program])[] = [
  ['awk', awk], ['base64', base64], ['cut', cut], ['echo', echo], ['egrep', grep],
  ['expr', expr], ['fgrep', grep], ['fold', fold], ['grep', grep],
  ['nl', nl], ['paste', paste], ['printf', printf], ['rev', rev], ['sed', sed], ['seq', seq], ['sort', sort],
  ['tac', tac], ['tee', tee], ['tr', tr], ['uniq', uniq], ['wc', wc], ['xargs', xargs],
];

// Package managers.

import type { Program } from '../../contract.js';
import { apk } from './apk.js';
import { aptGet, dpkg } from './apt.js';

export const packagePrograms: readonly (readonly [string, Program])[] = [
  ['apk', apk], ['apt', aptGet], ['apt-get', aptGet], ['dpkg', dpkg],
];

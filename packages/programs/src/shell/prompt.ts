// What stands before the place to type. Escapes of busybox' line editor and of bash.

import type { Sys } from '../contract.js';
import type { ShellState } from './state.js';

export function expandPrompt(prompt: string, sys: Sys, state: ShellState): string {
  const home = state.variables.get('HOME');
  const folder = home !== undefined && home !== '/' && (sys.cwd === home || sys.cwd.startsWith(`${home}/`))
    ? `~${sys.cwd.slice(home.length)}` : sys.cwd;
  return prompt
    .replace(/\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (_whole, name: string) => state.variables.get(name) ?? '')
    .replace(/\\(\[|\]|[0-7]{1,3}|.)/g, (whole, escape: string) => {
      switch (escape) {
        case 'u': return 'root';
        case 'h': case 'H': return sys.hostname;
        case 'w': return folder;
        case 'W': return folder === '/' ? '/' : folder.slice(folder.lastIndexOf('/') + 1);
        case '$': return '#';
        case 'n': return '\n';
        case 'r': return '\r';
        case 'e': return '\x1b';
        case 's': return state.name;
        case '[': case ']': return '';
        case '\\': return '\\';
        default: return /^[0-7]/.test(escape) ? String.fromCharCode(Number.parseInt(escape, 8)) : whole;
      }
    });
}

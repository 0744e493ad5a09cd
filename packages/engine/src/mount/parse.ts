// Mounts as create requests ask for them: HostConfig.Binds, Mounts, Tmpfs and VolumesFrom, and Config.Volumes.

import type { Json } from '@netreel/sim';
import type { Refusal } from '../refusal.js';
import { refuse } from '../refusal.js';
import type { TextTable } from '../container/spec.js';

/** A mount before its volume is made. */
export interface WantedMount {
  readonly type: 'volume' | 'bind' | 'tmpfs';
  /** A volume's name, empty for one of its own; or the host's path. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly mode: string;
  /** Whether the host's path is made when it is missing (-v), or must be there (--mount). */
  readonly makeSource: boolean;
  readonly driver: string;
  readonly labels: TextTable;
  readonly options: TextTable;
  /** Whether an empty volume gets what the image has there. */
  readonly copy: boolean;
}

type Fields = { readonly [key: string]: Json | undefined };

const PLAIN = { driver: '', labels: {}, options: {}, copy: true } as const;
const MODES: ReadonlySet<string> = new Set(['rw', 'ro', 'z', 'Z', 'nocopy', 'shared', 'slave', 'private', 'rshared',
  'rslave', 'rprivate', 'cached', 'consistent', 'delegated', 'default']);

const invalid = (text: string): Refusal => refuse('InvalidParameter', text);

/** `SOURCE:TARGET[:MODE]` or `TARGET`. */
export function parseBind(text: string): WantedMount | Refusal {
  const parts = text.split(':');
  if (parts.length > 3 || parts.some((part) => part === '')) return invalid(`invalid volume specification: '${text}'`);
  const [source, target, mode] = parts.length === 1 ? ['', parts[0]!, ''] : [parts[0]!, parts[1]!, parts[2] ?? ''];
  const flags = mode === '' ? [] : mode.split(',');
  if (!flags.every((flag) => MODES.has(flag))) return invalid(`invalid mode: ${mode}`);
  const type = source.startsWith('/') ? 'bind' as const : 'volume' as const;
  const flaw = targetFlaw(target);
  if (flaw !== undefined) {
    return invalid(`invalid volume specification: '${text}': invalid mount config for type "${type}": ${flaw}`);
  }
  return { ...PLAIN, type, source: type === 'bind' ? clean(source) : source, target: clean(target),
    readOnly: flags.includes('ro'), mode: type === 'volume' && mode === '' ? 'z' : mode, makeSource: true,
    copy: !flags.includes('nocopy') };
}

/** One of HostConfig.Mounts. */
export function parseMount(fields: Fields): WantedMount | Refusal {
  const text = (key: string): string => (typeof fields[key] === 'string' ? fields[key] as string : '');
  const type = text('Type');
  const of = (why: string): Refusal => invalid(`invalid mount config for type "${type}": ${why}`);
  if (type !== 'volume' && type !== 'bind' && type !== 'tmpfs') return of('mount type unknown');
  const target = text('Target');
  if (target === '') return of('field Target must not be empty');
  const flaw = targetFlaw(target);
  if (flaw !== undefined) return of(flaw);
  const source = text('Source');
  if (type === 'bind' && source === '') return of('field Source must not be empty');
  if (type === 'bind' && !source.startsWith('/')) {
    return of(`invalid mount path: '${source}' mount path must be absolute`);
  }
  if (type === 'tmpfs' && source !== '') return of('field Source must not be specified');
  const volume = objectOf(fields['VolumeOptions']);
  const driver = objectOf(volume['DriverConfig']);
  return { type, source: type === 'bind' ? clean(source) : source, target: clean(target),
    readOnly: fields['ReadOnly'] === true, mode: type === 'volume' ? 'z' : '', makeSource: false,
    driver: typeof driver['Name'] === 'string' ? driver['Name'] : '', labels: textsOf(volume['Labels']),
    options: textsOf(driver['Options']), copy: volume['NoCopy'] !== true };
}

/** A place that wants a volume of its own, or a tmpfs. */
export function plainMount(type: 'volume' | 'tmpfs', target: string, mode = ''): WantedMount {
  return { ...PLAIN, type, source: '', target: clean(target), readOnly: mode.split(',').includes('ro'), mode: '',
    makeSource: true };
}

function targetFlaw(target: string): string | undefined {
  if (!target.startsWith('/')) return `invalid mount path: '${target}' mount path must be absolute`;
  return clean(target) === '/' ? "invalid specification: destination can't be '/'" : undefined;
}

/** Without `.`, `..`, doubled slashes and the one at the end. */
export function clean(path: string): string {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

function objectOf(value: Json | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : {};
}

function textsOf(value: Json | undefined): TextTable {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, text]) => [key, String(text)]));
}

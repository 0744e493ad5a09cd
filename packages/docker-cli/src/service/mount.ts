// `--mount type=volume,source=data,target=/data,readonly`.

import type { Json } from '@netreel/sim';
import { refuse } from '../refusal.js';

const TYPES = ['bind', 'volume', 'tmpfs', 'npipe', 'cluster'];

/** Mount of the API. */
export function readMount(text: string): Json {
  const mount: { [key: string]: Json } = { Type: 'volume' };
  for (const field of text.split(',')) {
    const at = field.indexOf('=');
    const key = (at < 0 ? field : field.slice(0, at)).trim().toLowerCase();
    const value = at < 0 ? '' : field.slice(at + 1);
    switch (key) {
      case 'type':
        if (!TYPES.includes(value)) return refuse(`invalid mount type: ${value}`);
        mount['Type'] = value;
        break;
      case 'source': case 'src':
        mount['Source'] = value;
        break;
      case 'target': case 'dst': case 'destination':
        mount['Target'] = value;
        break;
      case 'readonly': case 'ro':
        mount['ReadOnly'] = value === '' || value === 'true' || value === '1';
        break;
      default:
        return refuse(`unexpected key '${key}' in '${field}'`);
    }
  }
  if (mount['Target'] === undefined) return refuse('target is required');
  return mount;
}

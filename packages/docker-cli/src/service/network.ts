// `--network` of a service: a name, or `name=ov,alias=api,alias=db`.

import type { Json } from '@netreel/sim';
import { command } from '../daemon.js';
import { dig, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';

/** NetworkAttachmentConfig of the API, its target looked up: services name networks by id. */
export function* attachment(text: string): Conversation<Json> {
  const { name, aliases, options } = readWish(text);
  const { body } = yield* command('GET', `/networks/${name}`, { scope: 'swarm' });
  return { Target: textOf(dig(body, 'Id')), ...(aliases.length === 0 ? {} : { Aliases: aliases }),
    ...(Object.keys(options).length === 0 ? {} : { DriverOpts: options }) };
}

function readWish(text: string): { readonly name: string; readonly aliases: readonly string[];
  readonly options: { readonly [key: string]: string } } {
  if (!text.includes('=')) return { name: text, aliases: [], options: {} };
  let name = '';
  const aliases: string[] = [];
  const options: { [key: string]: string } = {};
  for (const field of text.split(',')) {
    const at = field.indexOf('=');
    const [key, value] = [field.slice(0, at).trim().toLowerCase(), field.slice(at + 1).trim()];
    if (at < 0) refuse(`invalid field: ${field}`);
    if (key === 'name') name = value;
    else if (key === 'alias') aliases.push(value);
    else if (key === 'driver-opt') options[value.split('=')[0]!] = value.slice(value.indexOf('=') + 1);
    else refuse(`invalid field key ${key}`);
  }
  return { name, aliases, options };
}

// What every inspect command does with the objects it finds: print them as JSON, or tell a template about them.

import type { Json } from '@netreel/sim';
import { goJson } from '../json.js';
import type { Output } from '../output.js';
import { attempted, refuse, Refusal } from '../refusal.js';
import type { Conversation } from '../step.js';
import { readTemplate, type Template } from '../template/render.js';
import { typedValue } from '../template/shape.js';
import { rawValue } from '../template/value.js';
import { INSPECT_TYPES } from './types.js';

/** An object as the engine sent it. */
export interface Found {
  readonly body: Json;
  /** What it is decoded into; undefined where only the JSON is known. */
  readonly type?: 'Container' | 'Network' | 'Image';
}

/** Looks every name up, prints what was found, then the complaints; the exit status. */
export function* showAll(output: Output, format: string, names: readonly string[],
  find: (name: string) => Conversation<Found>): Conversation<number> {
  const template = format === '' || format === 'json' ? undefined : readTemplate(format);
  if (template !== undefined && 'flaw' in template) refuse(`template parsing error: ${template.flaw}`, 64);
  const found: Found[] = [];
  const complaints: string[] = [];
  let rendered = '';
  for (const name of names) {
    const object = yield* attempted(find(name));
    if (object instanceof Refusal) {
      complaints.push(object.text);
      continue;
    }
    found.push(object);
    if (template === undefined) continue;
    const told = tell(template, object);
    if ('flaw' in told) complaints.push(`template parsing error: ${told.flaw}`);
    else rendered += `${told.text}\n`;
  }
  if (template !== undefined) output.write('stdout', rendered === '' ? '\n' : rendered);
  else output.line(goJson(found.map((each) => each.body), format === 'json' ? undefined : '    '));
  if (complaints.length === 0) return 0;
  return refuse(complaints.join('\n'));
}

/** The typed view first; what it cannot answer, the JSON itself may. */
function tell(template: Template, object: Found) {
  if (object.type !== undefined) {
    const typed = template.render(typedValue(INSPECT_TYPES, object.type, object.body));
    if ('text' in typed) return typed;
  }
  return template.render(rawValue(object.body), { raw: true });
}

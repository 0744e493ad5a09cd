// docker events: what an engine tells those who watch it, a line each.

import type { Json } from '@netreel/sim';
import { type Command, type Invocation, none } from '../command.js';
import { command } from '../daemon.js';
import { filterQuery } from '../filters.js';
import { flagTable } from '../flags/declare.js';
import { dig, numberOf, recordOf, textOf } from '../json.js';
import { refuse } from '../refusal.js';
import type { Conversation } from '../step.js';
import { dateText } from '../table/calendar.js';
import { momentQuery } from '../table/moment.js';
import { goQuote } from '../template/number.js';
import { readTemplate, type Template } from '../template/render.js';
import { readShapes, typedValue } from '../template/shape.js';
import { goExactInt, type GoValue } from '../template/value.js';

const SHAPES = readShapes(`
Message events.Message
  Status string status ?
  ID string id ?
  From string from ?
  Type string
  Action string
  Actor Actor
  Scope string scope ?
  Time int time ?
  TimeNano int timeNano ?
Actor events.Actor
  ID string
  Attributes map[string]
`);

export const systemEvents: Command = {
  paths: ['system events', 'events'],
  usage: '[OPTIONS]',
  about: 'Get real time events from the server',
  flags: flagTable(`
  -f, --filter filter   Filter output based on conditions provided
      --format string   Format output using a custom template:
                        'json':             Print in JSON format
                        'TEMPLATE':         Print output using the given
                        Go template.
                        Refer to https://docs.docker.com/go/formatting/
                        for more information about formatting output with
                        templates
      --since string    Show all events created since timestamp
      --until string    Stream events until this timestamp
`),
  words: none,
  run: events,
};

function* events({ flags, context, output }: Invocation): Conversation<number> {
  const format = flags.text('format');
  const template = format === '' ? undefined : readEventFormat(format === 'json' ? '{{json .}}' : format);
  const moment = (name: string): { readonly [name: string]: string } => {
    const typed = flags.text(name);
    if (typed === '') return {};
    const problem = `failed to parse value as time or duration: ${goQuote(typed)}`;
    return { [name]: momentQuery(typed, context.now) ?? refuse(problem) };
  };
  let open = '';
  // A piece may hold several events, or a part of one.
  const tell = (text: string): void => {
    const lines = (open + text).split('\n');
    open = lines.pop()!;
    for (const line of lines) {
      if (line !== '') output.line(template === undefined ? eventText(line) : rendered(template, line));
    }
  };
  const { output: told = [] } = yield* command('GET', '/events',
    { ...moment('since'), ...moment('until'), ...filterQuery(flags.list('filter')) }, null,
    { bare: true, piece: ({ text }) => tell(text) });
  for (const { text } of told) tell(text);
  tell('\n');
  return 0;
}

/** The template, tried on an event about nothing. */
function readEventFormat(source: string): Template {
  const template = readTemplate(source);
  if ('flaw' in template) refuse(`Error parsing format: ${template.flaw}`, 64);
  const tried = template.render(typedValue(SHAPES, '*Message', {}));
  if ('flaw' in tried) refuse(`Error parsing format: ${tried.flaw}`, 64);
  return template;
}

function rendered(template: Template, line: string): string {
  const told = template.render(messageOf(line));
  if ('flaw' in told) refuse(told.flaw);
  return told.text;
}

/** The event as a program in Go has it; its nanoseconds are more than a number can hold here. */
function messageOf(line: string): GoValue {
  const message = typedValue(SHAPES, '*Message', JSON.parse(line) as Json);
  const digits = nanoseconds(line);
  if (message.kind !== 'struct' || digits === '') return message;
  return { ...message, fields: message.fields.map((field) =>
    (field.name === 'TimeNano' ? { ...field, value: goExactInt(digits) } : field)) };
}

function nanoseconds(line: string): string {
  return /"timeNano":(\d+)\}\s*$/.exec(line)?.[1] ?? '';
}

/** `TIME KIND ACTION ID (name=value, …)`. */
function eventText(line: string): string {
  const event = JSON.parse(line) as Json;
  const attributes = recordOf(dig(event, 'Actor', 'Attributes'));
  const pairs = Object.keys(attributes).sort().map((key) => `${key}=${textOf(attributes[key])}`);
  const told = [textOf(dig(event, 'Type')), textOf(dig(event, 'Action')), textOf(dig(event, 'Actor', 'ID'))].join(' ');
  return `${timeText(line, numberOf(dig(event, 'time')))}${told}${pairs.length === 0 ? '' : ` (${pairs.join(', ')})`}`;
}

function timeText(line: string, seconds: number): string {
  if (seconds === 0) return '';
  const [date, clock] = dateText(seconds).split(' ');
  return `${date}T${clock}.${nanoseconds(line).slice(-9).padStart(9, '0')}Z `;
}

// The table of tasks that `service ps`, `node ps` and `stack ps` print: newest of each slot first, its past below it.

import type { Json } from '@netreel/sim';
import { ask, command, request, succeeded } from '../daemon.js';
import type { Flags } from '../flags/flags.js';
import { dig, listOf, numberOf, textOf } from '../json.js';
import type { Output } from '../output.js';
import type { Conversation } from '../step.js';
import { readDate, unixSeconds } from '../table/calendar.js';
import { column, type Listing, readFormat, writeListing } from '../table/listing.js';
import { durationText, naturalOrder, shortened, shortId } from '../table/words.js';
import { capital } from '../node/list.js';
import { imageText } from '../service/list.js';

const TABLE = '{{.ID}}\t{{.Name}}\t{{.Image}}\t{{.Node}}\t{{.DesiredState}}\t{{.CurrentState}}\t{{.Error}}\t{{.Ports}}';
const TITLES: ReadonlyMap<string, string> = new Map([
  ['ID', 'ID'], ['Name', 'NAME'], ['Image', 'IMAGE'], ['Node', 'NODE'], ['DesiredState', 'DESIRED STATE'],
  ['CurrentState', 'CURRENT STATE'], ['Error', 'ERROR'], ['Ports', 'PORTS'],
]);
const ERROR_LETTERS = 30;

interface Row {
  readonly task: Json;
  readonly name: string;
  readonly node: string;
}

/** Prints tasks; `now` is the moment from which ages count. */
export function* writeTasks(output: Output, flags: Flags, tasks: readonly Json[], now: number): Conversation<void> {
  const whole = flags.bool('no-trunc');
  const rows = yield* named([...tasks].sort(inOrder), flags.bool('no-resolve'), whole);
  const typed = flags.text('format');
  const quiet = flags.bool('quiet') && (typed === '' || typed === 'table');
  writeListing(output, listing(whole, now), quiet ? { table: false, source: '{{.ID}}' } : readFormat(typed, TABLE),
    rows);
}

/** By service, slot, node; then the newest first. */
function inOrder(a: Json, b: Json): number {
  const byService = naturalOrder(textOf(dig(a, 'ServiceID')), textOf(dig(b, 'ServiceID')));
  const bySlot = numberOf(dig(a, 'Slot')) - numberOf(dig(b, 'Slot'));
  const byNode = numberOf(dig(a, 'Slot')) === 0 ? naturalOrder(textOf(dig(a, 'NodeID')), textOf(dig(b, 'NodeID'))) : 0;
  return byService || bySlot || byNode || (madeAt(a) < madeAt(b) ? 1 : -1);
}

/** A text that sorts as its moment does. */
function madeAt(task: Json): string {
  const created = readDate(textOf(dig(task, 'CreatedAt')));
  return created === undefined ? '' : `${String(created.seconds).padStart(12, '0')}.${created.fraction}`;
}

/** Names as people know them; of a slot's past ones only the first carries no mark. */
function* named(tasks: readonly Json[], asIds: boolean, whole: boolean): Conversation<readonly Row[]> {
  const services = new Map<string, string>();
  const nodes = new Map<string, string>();
  const nameOf = function* (map: Map<string, string>, id: string, path: string,
    ...names: readonly string[]): Conversation<string> {
    const known = map.get(id);
    if (known !== undefined || id === '' || asIds) return known ?? id;
    const answer = yield* ask(request('GET', `${path}/${id}`));
    const name = succeeded(answer) ? textOf(dig(answer.body, ...names)) : id;
    map.set(id, name);
    return name;
  };
  const rows: Row[] = [];
  for (const task of tasks) {
    const service = yield* nameOf(services, textOf(dig(task, 'ServiceID')), '/services', 'Spec', 'Name');
    const node = yield* nameOf(nodes, textOf(dig(task, 'NodeID')), '/nodes', 'Description', 'Hostname');
    const slot = numberOf(dig(task, 'Slot'));
    const name = `${service}.${slot === 0 ? textOf(dig(task, 'NodeID')) : slot}`;
    rows.push({ task, node, name: whole && !asIds ? `${name}` : name });
  }
  return rows;
}

function listing(whole: boolean, now: number): Listing<Row> {
  return {
    type: '*task.taskContext',
    titles: TITLES,
    columns: ({ task, name, node }) => {
      const text = (...names: readonly string[]): string => textOf(dig(task, ...names));
      return new Map([
        ['ID', column(() => (whole ? text('ID') : shortId(text('ID'))))],
        ['Name', column(() => name)],
        ['Image', column(() => imageText(text('Spec', 'ContainerSpec', 'Image')))],
        ['Node', column(() => node)],
        ['DesiredState', column(() => capital(text('DesiredState')))],
        ['CurrentState',
          column(() => `${capital(text('Status', 'State'))} ${ageOf(text('Status', 'Timestamp'), now)}`)],
        ['Error', column(() => errorText(text('Status', 'Err'), whole))],
        ['Ports', column(() => portsText(task))],
      ]);
    },
  };
}

function ageOf(timestamp: string, now: number): string {
  const seconds = unixSeconds(now) - (readDate(timestamp)?.seconds ?? 0);
  return `${durationText(Math.max(0, seconds)).toLowerCase()} ago`;
}

function errorText(text: string, whole: boolean): string {
  if (text === '') return '';
  return `"${whole ? text : shortened(text, ERROR_LETTERS)}"`;
}

/** Ports in host mode; 20.10's tasks of such a service name each twice. */
function portsText(task: Json): string {
  return listOf(dig(task, 'Status', 'PortStatus', 'Ports')).map((port) =>
    `*:${numberOf(dig(port, 'PublishedPort'))}->${numberOf(dig(port, 'TargetPort'))}/${textOf(dig(port, 'Protocol'))}`)
    .join(',');
}

/** GET /tasks with these filters. */
export function* listTasks(query: { readonly [name: string]: string }): Conversation<readonly Json[]> {
  return listOf((yield* command('GET', '/tasks', query)).body);
}

// `--format` of the commands that list: a table, a table of chosen columns, JSON, or a template a row.

import type { Output } from '../output.js';
import { refuse } from '../refusal.js';
import { headerFunctions } from '../template/functions.js';
import { readTemplate, type Template } from '../template/render.js';
import { type GoValue, goText, type RowColumn } from '../template/value.js';
import { LIST_COLUMNS, setColumns } from './columns.js';

/** What is listed: the columns of a row by name, and the titles that a table puts above them. */
export interface Listing<T> {
  /** The Go type of a row, for complaints. */
  readonly type: string;
  readonly titles: ReadonlyMap<string, string>;
  readonly columns: (item: T) => ReadonlyMap<string, RowColumn>;
}

/** A column without arguments. */
export function column(text: () => string): RowColumn {
  return { parameters: 0, value: () => goText(text()) };
}

/** A `.Label NAME` column. */
export function labelColumn(labels: ReadonlyMap<string, string>): RowColumn {
  return { parameters: 1, value: (name = '') => goText(labels.get(name) ?? '') };
}

export function rowOf<T>(listing: Listing<T>, item: T): GoValue {
  return { kind: 'row', type: listing.type, columns: listing.columns(item) };
}

/** What an option text asks for, with `\t` and `\n` as a shell's single quotes leave them. */
export interface Format {
  readonly table: boolean;
  readonly source: string;
}

export function readFormat(text: string, standard: string): Format {
  if (text === '' || text === 'table') return { table: true, source: standard };
  if (text === 'json') return { table: false, source: '{{json .}}' };
  const table = text.startsWith('table');
  const source = (table ? text.slice('table'.length) : text).replace(/^ +| +$/g, '');
  return { table, source: source.replaceAll('\\t', '\t').replaceAll('\\n', '\n') };
}

/** Writes the rows; a flaw of the template ends the command. */
export function writeListing<T>(output: Output, listing: Listing<T>, format: Format, items: readonly T[]): void {
  const template = readTemplate(format.source);
  if ('flaw' in template) refuse(`template parsing error: ${template.flaw}`);
  const rows = items.map((item) => renderRow(template, rowOf(listing, item)));
  if (!format.table) {
    output.write('stdout', rows.map((row) => `${row}\n`).join(''));
    return;
  }
  const lines = [headerOf(template, listing.titles), ...rows].map((line) => `${line}\n`).join('');
  output.write('stdout', setColumns(lines, LIST_COLUMNS));
}

function renderRow(template: Template, row: GoValue): string {
  const rendered = template.render(row);
  if ('flaw' in rendered) refuse(`template parsing error: ${rendered.flaw}`);
  return rendered.text;
}

/** The template once more, about the titles; one that does something else with its columns has an empty line there. */
function headerOf(template: Template, titles: ReadonlyMap<string, string>): string {
  const columns = new Map<string, RowColumn>([...titles].map(([name, title]) => [name, column(() => title)]));
  columns.set('Label', { parameters: 1, value: (name = '') => goText(name.split('.').at(-1)!.replace(/[-_]/g, ' ')) });
  const row: GoValue = { kind: 'row', type: 'formatter.SubHeaderContext', columns };
  const rendered = template.render(row, { functions: headerFunctions });
  return 'flaw' in rendered ? '' : rendered.text;
}

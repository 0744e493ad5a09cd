// The functions that a template may call: Go's own and those that Docker adds.

import { goJson } from '../json.js';
import { TemplateFlaw } from './nodes.js';
import { compare, equal } from './compare.js';
import { printValue, sprintf, valueJson } from './print.js';
import { goBool, goInt, goText, goTexts, type GoValue, isTrue, typeName } from './value.js';
import { indexInto, lengthOf, sliceOf } from './container.js';

/** What a parameter takes; `any` takes everything. */
export type ParameterType = 'any' | 'string' | 'int' | '[]string';

export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The last parameter may be given any number of times. */
  readonly variadic?: boolean;
  readonly call: (values: readonly GoValue[]) => GoValue;
}

const text = (value: GoValue | undefined): string =>
  (value?.kind === 'string' || value?.kind === 'number' ? value.text : '');
const int = (value: GoValue | undefined): number => (value?.kind === 'int' ? value.int : 0);
const texts = (value: GoValue | undefined): readonly string[] => (value?.kind === 'list' ? value.items.map(text) : []);

const variadic = (call: TemplateFunction['call'], ...before: readonly ParameterType[]): TemplateFunction =>
  ({ parameters: [...before, 'any'], variadic: true, call });
const ofText = (change: (source: string) => string): TemplateFunction =>
  ({ parameters: ['string'], call: ([value]) => goText(change(text(value))) });

/** fmt.Sprint: a space between two values of which neither is a text. */
function sprint(values: readonly GoValue[]): string {
  return values.map((value, index) => {
    const before = values[index - 1];
    const space = before !== undefined && before.kind !== 'string' && value.kind !== 'string';
    return `${space ? ' ' : ''}${printValue(value)}`;
  }).join('');
}

/** JSON as the `json` function writes it: a listing's row escapes `<>&`, a plain value does not. */
export function templateJson(value: GoValue): string {
  if (value.kind === 'row') return goJson(valueJson(value));
  return JSON.stringify(valueJson(value))
    .replace(/[\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16)}`);
}

/** strings.Title. */
function title(source: string): string {
  return source.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu,
    (_all, before: string, letter: string) => before + letter.toUpperCase());
}

/** Docker's own, which `docker ps --format` and `docker inspect --format` know. */
export const dockerFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['json', { parameters: ['any'], call: ([value]) => goText(templateJson(value!)) }],
  ['split', { parameters: ['string', 'string'], call: ([whole, by]) => goTexts(text(whole).split(text(by))) }],
  ['join', { parameters: ['[]string', 'string'], call: ([list, by]) => goText(texts(list).join(text(by))) }],
  ['title', ofText(title)],
  ['lower', ofText((source) => source.toLowerCase())],
  ['upper', ofText((source) => source.toUpperCase())],
  ['pad', {
    parameters: ['string', 'int', 'int'],
    call: ([source, before, after]) => goText(text(source) === '' ? ''
      : `${' '.repeat(int(before))}${text(source)}${' '.repeat(int(after))}`),
  }],
  ['truncate',
    { parameters: ['string', 'int'], call: ([source, length]) => goText(text(source).slice(0, int(length))) }],
]);

/** What stands in for them in the header of a table: the column's title stays as it is. */
export const headerFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ...['json', 'title', 'lower', 'upper'].map((name) => [name, ofText((source) => source)] as const),
  ['split', { parameters: ['string', 'string'], call: ([source]) => source! }],
  ['join', { parameters: ['string', 'string'], call: ([source]) => source! }],
  ['pad', { parameters: ['string', 'int', 'int'], call: ([source]) => source! }],
  ['truncate', { parameters: ['string', 'int'], call: ([source]) => source! }],
]);

const ordered = (holds: (order: number) => boolean): TemplateFunction => ({
  parameters: ['any', 'any'],
  call: ([one, other]) => goBool(holds(compare(one!, other!))),
});

/** Those of text/template; `and` and `or` are the evaluator's, as they may leave arguments alone. */
export const goFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['not', { parameters: ['any'], call: ([value]) => goBool(!isTrue(value!)) }],
  ['len', { parameters: ['any'], call: ([value]) => goInt(lengthOf(value!)) }],
  ['index', variadic(([value, ...keys]) => keys.reduce<GoValue>(indexInto, value!), 'any')],
  ['slice', variadic(([value, ...bounds]) => sliceOf(value!, bounds), 'any')],
  ['print', variadic((values) => goText(sprint(values)))],
  ['println', variadic((values) => goText(`${values.map((value) => printValue(value)).join(' ')}\n`))],
  ['printf', variadic(([format, ...values]) => goText(sprintf(text(format), values)), 'string')],
  ['html', variadic((values) => goText(escapeHtml(sprint(values))))],
  ['urlquery', variadic((values) => goText(encodeURIComponent(sprint(values)).replaceAll('%20', '+')))],
  ['eq', variadic(([one, ...others]) => goBool(isAmong(one!, others)), 'any')],
  ['ne', { parameters: ['any', 'any'], call: ([one, other]) => goBool(!equal(one!, other!)) }],
  ['lt', ordered((order) => order < 0)],
  ['le', ordered((order) => order <= 0)],
  ['gt', ordered((order) => order > 0)],
  ['ge', ordered((order) => order >= 0)],
]);

function isAmong(one: GoValue, others: readonly GoValue[]): boolean {
  if (others.length === 0) throw new TemplateFlaw('missing argument for comparison');
  return others.some((other) => equal(one, other));
}

const HTML: ReadonlyMap<string,
  string> = new Map([['&', '&amp;'], ['<', '&lt;'], ['>', '&gt;'], ['"', '&#34;'], ["'", '&#39;']]);

function escapeHtml(source: string): string {
  return source.replace(/[&<>"']/g, (letter) => HTML.get(letter)!);
}

/** Whether a value fits a parameter, in the words of the complaint when it does not. */
export function parameterFlaw(type: ParameterType, value: GoValue, seen: string): string | undefined {
  const fits = type === 'any'
    || (type === 'string' && value.kind === 'string')
    || (type === 'int' && value.kind === 'int')
    || (type === '[]string' && value.kind === 'list' && (value.type === '[]string' || value.isNil));
  if (fits) return undefined;
  if (value.kind === 'nil' && value.absent) return `invalid value; expected ${type}`;
  return `wrong type for value; expected ${type}; got ${seen === '' ? typeName(value) : seen}`;
}

// What may differ between two runs of the same commands on two engines (ids, times, made-up names, counters) gets a
// mark in its place, so that all the rest can be compared as text.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Rule = readonly [pattern: RegExp, mark: string];

/** Before identifiers: what holds digits and would be taken for one. */
const TOKENS: readonly Rule[] = [
  [/SWMTKN-1-[0-9a-z]{40,60}-[0-9a-z]{25}/g, '<token>'],
  [/\b[0-9a-f]{64}\b/g, '<id64>'],
];

const DEVICES: readonly Rule[] = [
  [/\bveth[0-9a-f]{7}\b/g, 'veth<x>'],
  [/\bvx-([0-9a-f]{6})-[0-9a-z]{5}\b/g, 'vx-$1-<x>'],
  [/@if\d+\b/g, '@if<n>'],
  [/^(\s+inet6 .*) tentative/gm, '$1'],
  [/^\d+: (?!lo\b)(?=[a-z][\w.<>@-]*: <)/gm, '<n>: '],
];

const TIMES: readonly Rule[] = [
  [/\b(?!0001)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d)(?: UTC)?)?/g, '<time>'],
  [/\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/g, '[<time>]'],
];

const MEASURES: readonly Rule[] = [
  [/\btime=[\d.]+ ms/g, 'time=<t> ms'],
  [/= [\d.]+\/[\d.]+\/[\d.]+ ms/g, '= <t> ms'],
  [/\b\d+\.\d+ ms\b/g, '<t> ms'],
  [/\b([RT]X packets:)\d+/g, '$1<n>'],
  [/\b([RT]X packets:<n> errors:\d+ dropped:)\d+/g, '$1<n>'],
  [/\b([RT]X bytes:)\d+ \([^)]*\)/g, '$1<n>'],
];

/** Their marks are longer or shorter than what they stand for, so columns behind them move. */
const AGE = /\b(?:[Aa]bout an?|[Ll]ess than an?|\d+) (?:second|minute|hour|day|week|month|year)s?( ago)?/g;
const EPHEMERAL = /(?<![\d.])(3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|60\d{3})(?![\d.])/g;

const LINK_LOCAL = /\bfe80::[0-9a-f:]+/gi;
const MADE_UP_NAME = /(?<=^|\s)[a-z]+_[a-z]+\d?$/gm;

const apply = (text: string, rules: readonly Rule[]): string =>
  rules.reduce((sofar, [pattern, mark]) => sofar.replace(pattern, mark), text);

export class Normaliser {
  /** Words of the case's own commands: never taken for something the engine made up. */
  private readonly words = new Set<string>();
  private readonly typed: string;
  /** Second bytes of the addresses in 10.0.0.0/8 that were shown: MACs made of such addresses are compared. */
  private readonly tens = new Set<number>();
  private readonly ports = new Map<string, string>();

  constructor(commands: readonly string[], private readonly options: { readonly swarm: boolean;
    readonly ephemeralPorts: boolean; readonly version: string }) {
    this.typed = commands.join('\n').toLowerCase();
    for (const word of commands.join('\n').split(/[^0-9A-Za-z_.-]+/)) {
      for (const part of [word, ...word.split(/[.-]/)]) this.words.add(part);
    }
    if (options.swarm) this.tens.add(0);
    this.lookAt(commands.join('\n'));
  }

  /** The lines of an output as they are compared. */
  lines(raw: string): string[] {
    let text = withPlainKeys(raw.replace(/\r/g, ''));
    this.lookAt(text);
    const { version } = this.options;
    let moved = text.includes(version) || AGE.test(text);
    AGE.lastIndex = 0;
    text = apply(text.split(version).join('<version>'), TOKENS);
    text = this.identifiers(this.identifiers(text, 25, '<id25>'), 12, '<id12>');
    text = text.replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, (mac) => (this.isSaid(mac) ? mac : '<mac>'));
    text = text.replace(LINK_LOCAL, (address) => (this.isSaid(macBehind(address)) ? address : 'fe80::<ll>'));
    text = apply(text, [...DEVICES, ...TIMES]).replace(AGE, (_, ago) => (ago === undefined ? '<duration>' : '<ago>'));
    text = apply(text, MEASURES).replace(MADE_UP_NAME, (name) => (this.isWord(name) ? name : '<name>'));
    if (this.options.ephemeralPorts) {
      moved ||= text.search(EPHEMERAL) >= 0;
      text = text.replace(EPHEMERAL, (port) => (this.words.has(port) ? port : this.portMark(port)));
    }
    if (moved) text = text.replace(/(\S) {2,}/g, '$1  ');
    const trimmed = text.split('\n').map((line) => line.trimEnd()).join('\n').replace(/\n+$/, '');
    return trimmed === '' ? [] : trimmed.split('\n');
  }

  private lookAt(text: string): void {
    for (const [, second] of text.matchAll(/(?<![\d.])10\.(\d{1,3})\.\d/g)) this.tens.add(Number(second));
  }

  private isWord(name: string): boolean {
    return this.words.has(name) || name === 'docker_gwbridge';
  }

  private identifiers(text: string, length: number, mark: string): string {
    const pattern = new RegExp(`(?<![0-9A-Za-z])[0-9a-z]{${length}}(?![0-9A-Za-z_])`, 'g');
    return text.replace(pattern, (word) => (this.words.has(word) || !/\d|^[0-9a-f]+$/.test(word) ? word : mark));
  }

  /** Whether the MAC follows from an address or from the case, rather than from chance. No MAC at all counts too. */
  private isSaid(text: string | undefined): boolean {
    const mac = text?.toLowerCase();
    if (mac === undefined || this.typed.includes(mac) || /^(00:){5}00$|^(ff:){5}ff$/.test(mac)) return true;
    if (!mac.startsWith('02:42:')) return false;
    const [first, second] = mac.split(':').slice(2).map((byte) => parseInt(byte, 16)) as [number, number];
    return (first === 10 && this.tens.has(second)) || (first === 172 && second >= 16 && second < 32)
      || (first === 192 && second === 168);
  }

  private portMark(port: string): string {
    const mark = this.ports.get(port) ?? `<port${this.ports.size + 1}>`;
    this.ports.set(port, mark);
    return mark;
  }
}

/** The MAC in a link-local address; undefined when none is. */
function macBehind(address: string): string | undefined {
  const groups = address.slice('fe80::'.length).split(':').map((group) => group.padStart(4, '0'));
  const digits = groups.join('').padStart(16, '0');
  if (digits.slice(6, 10).toLowerCase() !== 'fffe') return undefined;
  const first = (parseInt(digits.slice(0, 2), 16) ^ 2).toString(16).padStart(2, '0');
  return [first, ...[2, 4, 10, 12, 14].map((at) => digits.slice(at, at + 2))].join(':');
}

/** Objects keyed by container ids get keys that do not change from run to run. */
function withPlainKeys(text: string): string {
  const value = parsed(text);
  return value === undefined ? text : JSON.stringify(plainKeys(value), null, text.trim().includes('\n') ? 4 : 0);
}

function plainKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(plainKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    const name = /^(ep-)?[0-9a-f]{64}$/.test(key) ? (inner as { Name?: Json } | null)?.Name : undefined;
    return [name === undefined ? key : `<id64:${String(name)}>`, plainKeys(inner)];
  }));
}

/** Documents only: a line that merely begins like one stays text. */
function parsed(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether two outputs are the same lines, or the same document but for the order of its keys. */
export function isSame(expected: readonly string[], actual: readonly string[]): boolean {
  const [a, b] = [expected.join('\n'), actual.join('\n')];
  if (a === b) return true;
  const [left, right] = [parsed(a), parsed(b)];
  if (left === undefined || right === undefined) return false;
  return JSON.stringify(sortedKeys(left)) === JSON.stringify(sortedKeys(right));
}

function sortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortedKeys(value[key]!)]));
}

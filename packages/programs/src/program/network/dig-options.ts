// dig's words: what applies to all that follow until the first name, and to one name afterwards. BIND 9.18.

import { SECOND } from '@netreel/sim';
import { parseIpv4 } from '@netreel/wire';
import { questionType } from '../../dns/question-types.js';
import { reverseName } from '../../dns/resolver.js';

const VERSION = '9.18.49-1~deb12u1-Debian';
export const DIG_USAGE = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]
`;
export const DIG_HINT = '\nUse "dig -h" (or "dig -h | more") for complete list of options\n';
const PORT_MAX = 65_535;
const TIMEOUT_SECONDS_MAX = 65_535;
const SWITCHES = ['aaflag', 'adflag', 'additional', 'all', 'answer', 'authority', 'badcookie', 'besteffort', 'cdflag',
  'class', 'cl', 'cmd', 'comments', 'cookie', 'defname', 'dnssec', 'edns', 'expandaaaa', 'fail', 'identify', 'ignore',
  'keepalive', 'keepopen', 'multiline', 'nsid', 'onesoa', 'qr', 'question', 'rdflag', 'recurse', 'rrcomments',
  'search', 'short', 'showsearch', 'split', 'stats', 'tcp', 'ttlid', 'vc'] as const;
const NUMBERS = ['bufsize', 'ndots', 'retry', 'time', 'timeout', 'tries'] as const;
/** What the two letters that one would type stand for, where several words begin so. */
const PREFERRED: Readonly<Record<string, string>> = { rec: 'recurse', rd: 'rdflag', ti: 'time', t: 'tcp' };

export interface DigLookUp {
  name: string;
  type: string;
  server: string | undefined;
  port: number;
  shown: Set<'question' | 'answer' | 'comments' | 'stats'>;
  switches: Map<string, boolean>;
  timeoutNs: number;
  tries: number;
}

export interface DigCall {
  readonly lookUps: DigLookUp[];
  /** Of the whole call: +cmd and +short. */
  showsCommand: boolean;
  short: boolean;
  /** What is said first; empty after +nocmd. */
  greeting: string;
}

/** Why there is nothing to ask: what is said on both streams, and the exit status. */
export interface DigRefusal { readonly stdout?: string; readonly stderr?: string; readonly exitCode: number }

class Reading {
  readonly call: DigCall = { lookUps: [], showsCommand: true, short: false, greeting: '' };
  readonly warnings: string[] = [];
  private readonly defaults: DigLookUp = { name: '.', type: '', server: undefined, port: 53,
    shown: new Set(['question', 'answer', 'comments', 'stats']), switches: new Map(), timeoutNs: 5 * SECOND, tries: 3 };
  private current = this.defaults;

  constructor(private readonly words: readonly string[]) {}

  read(): DigRefusal | undefined {
    for (let at = 0; at < this.words.length; at++) {
      const word = this.words[at]!;
      if (word.startsWith('@')) {
        this.current.server = word.slice(1);
      } else if (word.startsWith('+')) {
        const refusal = this.queryOption(word.slice(1));
        if (refusal !== undefined) return refusal;
      } else if (word.startsWith('-')) {
        const next = this.words[at + 1];
        const taken = this.dashed(word, next);
        if (typeof taken !== 'number') return taken;
        at += taken;
      } else {
        this.bare(word);
      }
    }
    if (this.call.lookUps.length === 0) this.add('.', this.defaults.type === '' ? 'NS' : this.defaults.type);
    return undefined;
  }

  private bare(word: string): void {
    const type = questionType(word);
    if (type !== undefined) this.current.type = type;
    else if (!/^(?:in|hs|ch)$/i.test(word)) this.add(word, this.defaults.type);
  }

  private add(name: string, type: string): void {
    const { defaults, call } = this;
    if (call.lookUps.length === 0 && call.showsCommand) {
      const words = this.words.map((word) => ` ${word}`).join('');
      const server = defaults.server === undefined ? '' : '; (1 server found)\n';
      call.greeting = `\n; <<>> DiG ${VERSION} <<>>${words}\n${server};; global options:` +
        `${call.short ? ' +short' : ''} +cmd\n`;
    }
    this.current = { ...defaults, name, type, shown: new Set(defaults.shown), switches: new Map(defaults.switches) };
    call.lookUps.push(this.current);
  }

  /** How many further words it took. */
  private dashed(word: string, next: string | undefined): number | DigRefusal {
    const option = word[1] ?? '';
    if (option === 'h') return { stdout: DIG_USAGE, exitCode: 0 };
    if (option === 'v') return { stderr: `DiG ${VERSION}\n`, exitCode: 0 };
    if (/^-[46imru]+$/.test(word)) return 0;
    const value = word.length > 2 ? word.slice(2) : next;
    const taken = word.length > 2 ? 0 : 1;
    if (!'bcpqtxyk'.includes(option) || option === '' || value === undefined) return invalid(word);
    if (option === 'q') this.add(value, this.defaults.type);
    if (option === 'x') {
      const address = parseIpv4(value);
      this.add(address === undefined ? `${value.split('.').reverse().join('.')}.in-addr.arpa` : reverseName(address),
        'PTR');
    }
    if (option === 't') {
      const type = questionType(value);
      if (type === undefined) this.warnings.push(`;; Warning, ignoring invalid type ${value}\n`);
      else this.current.type = type;
    }
    if (option === 'p') {
      const port = wholeNumber(value, PORT_MAX);
      if (typeof port === 'string') return { stdout: `invalid port number '${value}': ${port}\n`,
        stderr: "dig: Couldn't parse port number\n", exitCode: 1 };
      this.current.port = port;
    }
    return taken;
  }

  private queryOption(text: string): DigRefusal | undefined {
    const [word, value] = text.split('=');
    if (NUMBERS.some((name) => name === word || (word!.length > 2 && name.startsWith(word!)))) {
      return this.numbered(word!, value, `+${text}`);
    }
    const off = word!.startsWith('no');
    const name = fullName(off ? word!.slice(2) : word!);
    if (name === undefined) return invalid(`+${text}`);
    this.switch(name, !off);
    return undefined;
  }

  private numbered(word: string, value: string | undefined, whole: string): DigRefusal | undefined {
    if (value === undefined) return invalid(whole);
    const number = wholeNumber(value, TIMEOUT_SECONDS_MAX);
    const what = word.startsWith('tim') ? 'timeout' : word.startsWith('tr') ? 'tries' : word;
    if (typeof number === 'string') return { stdout: `invalid ${what} '${value}': ${number}\n`,
      stderr: `dig: Couldn't parse ${what}\n`, exitCode: 10 };
    if (what === 'timeout') this.current.timeoutNs = (number === 0 ? 1 : number) * SECOND;
    if (what === 'tries') this.current.tries = number === 0 ? 1 : number;
    if (what === 'retry') this.current.tries = number + 1;
    return undefined;
  }

  private switch(name: string, on: boolean): void {
    const { call, current } = this;
    const show = (part: 'question' | 'answer' | 'comments' | 'stats', shown: boolean): void => {
      if (shown) current.shown.add(part);
      else current.shown.delete(part);
    };
    if (name === 'all') {
      for (const part of ['question', 'answer', 'comments', 'stats'] as const) show(part, on);
      call.showsCommand = on;
    } else if (name === 'question' || name === 'answer' || name === 'comments' || name === 'stats') {
      show(name, on);
    } else if (name === 'cmd') {
      call.showsCommand = on;
    } else if (name === 'short') {
      call.short = on;
      call.showsCommand &&= !on;
    } else {
      current.switches.set(name === 'vc' ? 'tcp' : name === 'cl' ? 'class' : name === 'rdflag' ? 'recurse' : name, on);
    }
  }
}

/** What is asked for, with warnings about it; or why nothing is. */
export function readDig(words: readonly string[]): { readonly call: DigCall; readonly warnings: readonly string[] }
  | DigRefusal {
  const reading = new Reading(words);
  return reading.read() ?? reading;
}

function invalid(word: string): DigRefusal {
  return { stderr: `Invalid option: ${word}\n${DIG_USAGE}${DIG_HINT}`, exitCode: 1 };
}

function fullName(word: string): string | undefined {
  return PREFERRED[word] ?? SWITCHES.find((name) => name === word)
    ?? (word === '' ? undefined : SWITCHES.find((name) => name.startsWith(word)));
}

function wholeNumber(text: string, most: number): number | 'not a valid number' | 'out of range' {
  if (!/^\d+$/.test(text)) return 'not a valid number';
  return Number(text) > most ? 'out of range' : Number(text);
}

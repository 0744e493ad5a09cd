// dig: asks name servers and prints all that they say. Text, waiting and exit statuses of BIND 9.18.

import { MILLISECOND, type Operation } from '@netreel/sim';
import { formatIpv4, isDnsName } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { DAYS, MONTHS, calendarAt, clockText, twoDigits } from '../../calendar.js';
import { type Asked, type NamedServer, askServers } from '../../dns/asking.js';
import { type RecordStyle, ZONE_STYLE, dataText, headerText, questionText,
  recordText } from '../../dns/presentation.js';
import { readResolvConf } from '../../dns/resolv-conf.js';
import { resolve } from '../../dns/resolver.js';
import { type DigCall, type DigLookUp, readDig } from './dig-options.js';

const UNREACHED = 9;
const WRONG = 10;

export function* dig(sys: Sys, argv: readonly string[]): Operation<number> {
  const read = readDig(argv.slice(1));
  if ('exitCode' in read) {
    sys.stdout(read.stdout ?? '');
    sys.stderr(read.stderr ?? '');
    return read.exitCode;
  }
  for (const warning of read.warnings) sys.stderr(warning);
  let exitCode = 0;
  for (const lookUp of read.call.lookUps) {
    const ended = yield* new Digging(sys, read.call, lookUp).run();
    if (ended === 'fatal') return 1;
    if (ended === WRONG) return WRONG;
    exitCode = ended;
  }
  return exitCode;
}

class Digging {
  constructor(private readonly sys: Sys, private readonly call: DigCall, private readonly lookUp: DigLookUp) {}

  *run(): Operation<number | 'fatal'> {
    const { sys, lookUp } = this;
    const name = lookUp.name;
    if (!isDnsName(name)) {
      const flaw = /^\.|\.\./.test(name) ? 'empty label' : name.split('.').some((label) => label.length > 63)
        ? 'label too long' : 'ran out of space';
      sys.stderr(`dig: '${name}' is not a legal name (${flaw})\n`);
      return WRONG;
    }
    const servers = yield* this.servers();
    if (servers === undefined) {
      sys.stderr(`dig: couldn't get address for '${lookUp.server!}': not found\n`);
      return 'fatal';
    }
    const candidates = this.candidates();
    for (const [place, candidate] of candidates.entries()) {
      const asked = yield* this.ask(servers, candidate);
      if ('failure' in asked) {
        if (asked.failure === 'communication') this.greet();
        sys.stdout(';; no servers could be reached\n');
        return UNREACHED;
      }
      if (asked.message.rcode === 'NXDOMAIN' && place + 1 < candidates.length) continue;
      this.print(asked);
      return 0;
    }
    return 0;
  }

  private *servers(): Operation<NamedServer[] | undefined> {
    const { sys, lookUp: { server } } = this;
    if (server === undefined) {
      return readResolvConf(sys.files).servers.map((address) => ({ name: formatIpv4(address), address }));
    }
    const found = yield* resolve(sys, server);
    return found.ok ? found.addresses.map((address) => ({ name: server, address })) : undefined;
  }

  private candidates(): string[] {
    const { name, switches } = this.lookUp;
    const { search, ndots } = readResolvConf(this.sys.files);
    if (!(switches.get('search') ?? switches.get('defname') ?? false) || name.endsWith('.')) return [name];
    const searched = search.map((domain) => `${name}.${domain}`).filter((candidate) => isDnsName(candidate));
    return name.split('.').length - 1 >= ndots ? [name, ...searched] : [...searched, name];
  }

  private ask(servers: readonly NamedServer[], name: string): ReturnType<typeof askServers> {
    const { sys, lookUp } = this;
    const { switches } = lookUp;
    const type = lookUp.type === '' ? 'A' : lookUp.type;
    return askServers(sys, servers, { name, type, recursive: switches.get('recurse') ?? true,
      overTcp: switches.get('tcp') ?? type === 'ANY', port: lookUp.port, timeoutNs: lookUp.timeoutNs,
      tries: lookUp.tries, takesTruncated: switches.get('ignore') ?? false },
    (line) => sys.stdout(`${line}\n`));
  }

  private greet(): void {
    this.sys.stdout(this.call.greeting);
    this.call.greeting = '';
  }

  private print(asked: Asked): void {
    const { sys, call, lookUp: { shown } } = this;
    const { message, payload } = asked;
    if (call.short) {
      const from = this.lookUp.switches.get('identify') === true
        ? ` from server ${formatIpv4(asked.server.address)} in ${milliseconds(asked)} ms.` : '';
      for (const record of message.answers) sys.stdout(`${dataText(record)}${from}\n`);
      return;
    }
    if (call.showsCommand) this.greet();
    const comments = shown.has('comments');
    if (comments) {
      const warning = message.recursionDesired && !message.recursionAvailable
        ? ';; WARNING: recursion requested but not available\n' : '';
      sys.stdout(`;; Got answer:\n${headerText(message, payload)}${warning}\n`);
    }
    const section = (title: string, lines: readonly string[]): void => {
      if (lines.length === 0) return;
      const text = lines.map((line) => `${line}\n`).join('');
      sys.stdout(comments ? `;; ${title} SECTION:\n${text}\n` : text);
    };
    if (shown.has('question')) section('QUESTION', message.questions.map(questionText));
    if (shown.has('answer')) section('ANSWER', message.answers.map((record) => recordText(record, this.style())));
    if (shown.has('stats')) this.printStatistics(asked);
  }

  private printStatistics(asked: Asked): void {
    const { sys, lookUp } = this;
    const date = calendarAt(sys.now());
    const { name, address } = asked.server;
    sys.stdout(`;; Query time: ${milliseconds(asked)} msec\n` +
      `;; SERVER: ${formatIpv4(address)}#${lookUp.port}(${name}) (${asked.overTcp ? 'TCP' : 'UDP'})\n` +
      `;; WHEN: ${DAYS[date.weekday]!} ${MONTHS[date.month]!} ${twoDigits(date.day)} ${clockText(date)} UTC ` +
      `${date.year}\n;; MSG SIZE  rcvd: ${asked.payload.length}\n\n`);
  }

  private style(): RecordStyle {
    const { switches } = this.lookUp;
    const ttl = switches.get('ttlid') ?? true;
    const columns = switches.get('multiline') === true ? [24, 24, 24, 32] as const
      : ttl ? (switches.get('class') ?? true) ? ZONE_STYLE.columns : [24, 32, 32, 40] as const
        : (switches.get('class') ?? true) ? [24, 24, 32, 40] as const : [24, 24, 24, 32] as const;
    return { columns, ttl, class: switches.get('class') ?? true };
  }
}

function milliseconds({ tookNs }: Asked): number {
  return Math.floor(tookNs / MILLISECOND);
}

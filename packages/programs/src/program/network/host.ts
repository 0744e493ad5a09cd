// host: what name servers know of a name or an address, in sentences. Text and exit statuses of BIND 9.18.

import { MILLISECOND, type Operation } from '@netreel/sim';
import { type DnsMessage, type DnsRcode, type DnsRecord, formatIpv4, isDnsName, parseIpv4 } from '@netreel/wire';
import type { Sys } from '../../contract.js';
import { type Asked, type NamedServer, askServers } from '../../dns/asking.js';
import { dataText, headerText, questionText, recordText } from '../../dns/presentation.js';
import { readResolvConf } from '../../dns/resolv-conf.js';
import { resolve, reverseName } from '../../dns/resolver.js';
import { type HostCall, readHost } from './host-options.js';

const RCODE_NUMBERS: Readonly<Record<DnsRcode, number>> = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4,
  REFUSED: 5 };
/** What a record does to its name. */
const PHRASES: Readonly<Record<DnsRecord['type'], string>> = { A: 'has address', AAAA: 'has IPv6 address',
  CNAME: 'is an alias for', NS: 'name server', PTR: 'domain name pointer', MX: 'mail is handled by',
  TXT: 'descriptive text' };

export function* host(sys: Sys, argv: readonly string[]): Operation<number> {
  const call = readHost(argv.slice(1));
  if ('exitCode' in call) {
    sys.stderr(call.stderr);
    return call.exitCode;
  }
  const { server } = call;
  let servers: NamedServer[] = readResolvConf(sys.files).servers.map((at) => ({ name: formatIpv4(at), address: at }));
  if (server !== undefined) {
    const found = yield* resolve(sys, server);
    if (!found.ok) {
      sys.stderr(`host: couldn't get address for '${server}': not found\n`);
      return 1;
    }
    servers = found.addresses.map((address) => ({ name: server, address }));
  }
  return yield* new Asker(sys, call, servers).run();
}

class Asker {
  private introduced = false;

  constructor(private readonly sys: Sys, private readonly call: HostCall,
    private readonly servers: readonly NamedServer[]) {}

  *run(): Operation<number> {
    const { sys, call } = this;
    const address = parseIpv4(call.name);
    if (address !== undefined) return (yield* this.look(`${reverseName(address)}.`, 'PTR')) === undefined ? 1 : 0;
    if (!isDnsName(call.name)) {
      sys.stderr(`host: '${call.name}' is not in legal name syntax (empty label)\n`);
      return 1;
    }
    const first = yield* this.look(call.name, call.type ?? 'A');
    if (first === undefined) return 1;
    if (call.type !== undefined) return 0;
    // The end of the aliases is what the other questions are about.
    let name = first.message.questions[0]?.name ?? call.name;
    for (const record of first.message.answers) {
      if (record.type === 'CNAME' && record.name.toLowerCase() === name.toLowerCase()) name = record.target;
    }
    const six = yield* this.look(`${name.replace(/\.$/, '')}.`, 'AAAA');
    const mail = yield* this.look(`${name.replace(/\.$/, '')}.`, 'MX');
    return six === undefined || mail === undefined ? 1 : 0;
  }

  /** Undefined after it has said why there is no answer. */
  private *look(name: string, type: string): Operation<Asked | undefined> {
    const { sys, call } = this;
    const candidates = this.candidates(name);
    for (const [place, candidate] of candidates.entries()) {
      if (call.verbose) sys.stdout(`Trying "${candidate.length > 1 ? candidate.replace(/\.$/, '') : candidate}"\n`);
      const asked = yield* askServers(sys, this.servers, { name: candidate, type, recursive: call.recursive,
        overTcp: call.overTcp, port: call.port, timeoutNs: call.timeoutNs, tries: call.tries, takesTruncated: false },
      (line) => sys.stdout(`${line}\n`));
      if ('failure' in asked) {
        sys.stdout(';; no servers could be reached\n');
        return undefined;
      }
      if (asked.message.rcode === 'NXDOMAIN' && place + 1 < candidates.length) {
        this.printReceived(asked);
        continue;
      }
      return this.print(name, type, asked) ? asked : undefined;
    }
    return undefined;
  }

  private candidates(name: string): string[] {
    if (name.endsWith('.')) return [name];
    const { search, ndots } = readResolvConf(this.sys.files);
    const searched = search.map((domain) => `${name}.${domain}`).filter((candidate) => isDnsName(candidate));
    return name.split('.').length - 1 >= (this.call.ndots ?? ndots) ? [name, ...searched] : [...searched, name];
  }

  private print(name: string, type: string, asked: Asked): boolean {
    const { sys, call } = this;
    const { message, server } = asked;
    if (call.server !== undefined && !this.introduced) {
      sys.stdout(`Using domain server:\nName: ${server.name}\nAddress: ${formatIpv4(server.address)}#${call.port}\n` +
        'Aliases: \n\n');
    }
    this.introduced = true;
    if (message.rcode !== 'NOERROR') {
      sys.stdout(`Host ${name} not found: ${RCODE_NUMBERS[message.rcode]}(${message.rcode})\n`);
      // Once for the answer and once for the end of the list of names to try.
      this.printReceived(asked);
      this.printReceived(asked);
      return false;
    }
    if (call.verbose) this.printSections(asked);
    else this.printSentences(name, type, message);
    this.printReceived(asked);
    return true;
  }

  private printSentences(name: string, type: string, message: DnsMessage): void {
    const { sys } = this;
    for (const record of message.answers) {
      sys.stdout(`${record.name} ${PHRASES[record.type]} ${dataText(record)}\n`);
    }
    const asks = this.call.type ?? (type === 'PTR' ? type : undefined);
    if (message.answers.length === 0 && asks !== undefined) sys.stdout(`${name} has no ${asks} record\n`);
  }

  private printSections({ message, payload }: Asked): void {
    const { sys } = this;
    const warning = message.recursionDesired && !message.recursionAvailable
      ? ';; WARNING: recursion requested but not available\n' : '';
    sys.stdout(`${headerText(message, payload)}${warning}\n;; QUESTION SECTION:\n` +
      `${message.questions.map((question) => `${questionText(question)}\n`).join('')}\n`);
    if (message.answers.length === 0) return;
    sys.stdout(`;; ANSWER SECTION:\n${message.answers.map((record) => `${recordText(record)}\n`).join('')}\n`);
  }

  private printReceived({ payload, server, tookNs }: Asked): void {
    if (!this.call.verbose) return;
    this.sys.stdout(`Received ${payload.length} bytes from ${formatIpv4(server.address)}#${this.call.port} in ` +
      `${Math.floor(tookNs / MILLISECOND)} ms\n`);
  }
}


// DNS messages. RFC 1035 section 4; AAAA RFC 3596. The dns-packet library reads and writes them, behind this one file.

import { decode, encode } from 'dns-packet';
import type { Answer, Packet, Question, RecordType } from 'dns-packet';
import { formatIpv4, parseIpv4 } from './address.js';
import type { Ipv4 } from './address.js';
import { read16 } from './bytes.js';
import { decoded, flawed } from './flaw.js';
import type { Decoded } from './flaw.js';

export const DNS_PORT = 53;

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;

/** RFC 1035 section 4.1.1, by its usual names. */
export type DnsRcode = (typeof RCODES)[number];

export interface DnsQuestion {
  /** Without the dot at its end; the root is `.`. Letters keep the case they were sent in. */
  readonly name: string;
  /** `A`, `AAAA`, `PTR`, `ANY` …; a type without a name is `UNKNOWN_65`. */
  readonly type: string;
}

export type DnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly ttlSeconds: number; readonly address: Ipv4 }
  | { readonly type: 'AAAA'; readonly name: string; readonly ttlSeconds: number; readonly address: string }
  | { readonly type: 'CNAME' | 'NS' | 'PTR'; readonly name: string; readonly ttlSeconds: number;
      readonly target: string }
  | { readonly type: 'MX'; readonly name: string; readonly ttlSeconds: number; readonly preference: number;
      readonly target: string }
  | { readonly type: 'TXT'; readonly name: string; readonly ttlSeconds: number; readonly text: string };

/**
 * Questions are of class IN, and so are records taken to be. The authority and additional sections are neither kept nor
 * written: nothing here asks for them.
 */
export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  /** Absent for 0, a standard query. */
  readonly opcode?: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly rcode: DnsRcode;
  readonly questions: readonly DnsQuestion[];
  /** Records of types other than {@link DnsRecord}'s are left out. */
  readonly answers: readonly DnsRecord[];
}

const HEADER_BYTES = 12;
const LEAST_QUESTION_BYTES = 5;
const LEAST_RECORD_BYTES = 11;
const LONGEST_LABEL = 63;
/** Length of a name on the wire, with the length bytes of its labels and the root (RFC 1035 section 2.3.4). */
const LONGEST_NAME = 255;

const FLAG = { authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100,
  recursionAvailable: 0x0080 } as const;
const OPCODE_SHIFT = 11;

/** Reads a whole message. */
export function decodeDns(buffer: Uint8Array, start = 0, end = buffer.length): Decoded<DnsMessage> {
  if (!countsFit(buffer, start, end)) return flawed('truncated');
  const flags = read16(buffer, start + 2);
  const rcode = RCODES[flags & 0x0f];
  if (rcode === undefined) return flawed('unsupported');
  let packet: Packet;
  try {
    // The one library that says by an exception what is wrong with bytes.
    packet = decode(Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start));
  } catch {
    return flawed('bad-value');
  }
  // The library reads addresses and texts beyond the end without a word, and then knows no length (NaN) or too large
  // a one.
  if (!(decode.bytes <= end - start)) return flawed('truncated');
  const questions: DnsQuestion[] = [];
  for (const question of packet.questions ?? []) {
    if (question.class !== 'IN') return flawed('unsupported');
    // Labels that are no UTF-8 or hold a dot have become names that cannot be written back.
    if (!isWritable(question.name)) return flawed('bad-value');
    questions.push({ name: question.name, type: question.type });
  }
  const answers: DnsRecord[] = [];
  for (const answer of packet.answers ?? []) {
    const record = readRecord(answer);
    if (record === 'flawed') return flawed('bad-value');
    if (record !== undefined) answers.push(record);
  }
  const opcode = (flags >>> OPCODE_SHIFT) & 0x0f;
  return decoded({
    id: read16(buffer, start),
    response: (flags & 0x8000) !== 0,
    ...(opcode === 0 ? {} : { opcode }),
    authoritative: (flags & FLAG.authoritative) !== 0,
    truncated: (flags & FLAG.truncated) !== 0,
    recursionDesired: (flags & FLAG.recursionDesired) !== 0,
    recursionAvailable: (flags & FLAG.recursionAvailable) !== 0,
    rcode, questions, answers,
  });
}

/** Whether the bytes can hold what the header announces: the library reserves room for it before it looks. */
function countsFit(buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADER_BYTES) return false;
  const records = read16(buffer, start + 6) + read16(buffer, start + 8) + read16(buffer, start + 10);
  const least = read16(buffer, start + 4) * LEAST_QUESTION_BYTES + records * LEAST_RECORD_BYTES;
  return least <= end - start - HEADER_BYTES;
}

function readRecord(answer: Answer): DnsRecord | 'flawed' | undefined {
  if (!isWritable(answer.name)) return 'flawed';
  switch (answer.type) {
    case 'A': {
      const address = parseIpv4(answer.data);
      return address === undefined ? 'flawed' : { type: 'A', name: answer.name, ttlSeconds: answer.ttl ?? 0, address };
    }
    case 'AAAA':
      return { type: 'AAAA', name: answer.name, ttlSeconds: answer.ttl ?? 0, address: answer.data };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      if (!isWritable(answer.data)) return 'flawed';
      return { type: answer.type, name: answer.name, ttlSeconds: answer.ttl ?? 0, target: answer.data };
    case 'MX':
      if (!isWritable(answer.data.exchange)) return 'flawed';
      return { type: 'MX', name: answer.name, ttlSeconds: answer.ttl ?? 0, preference: answer.data.preference ?? 0,
        target: answer.data.exchange };
    case 'TXT': {
      const parts = Array.isArray(answer.data) ? answer.data : [answer.data];
      return { type: 'TXT', name: answer.name, ttlSeconds: answer.ttl ?? 0, text: parts.map(String).join('') };
    }
    default:
      return undefined;
  }
}

/** A new array. Every name in the message has passed {@link isDnsName}. */
export function encodeDns(message: DnsMessage): Uint8Array {
  const flags = ((message.opcode ?? 0) << OPCODE_SHIFT) | RCODES.indexOf(message.rcode) |
    (message.authoritative ? FLAG.authoritative : 0) | (message.truncated ? FLAG.truncated : 0) |
    (message.recursionDesired ? FLAG.recursionDesired : 0) | (message.recursionAvailable ? FLAG.recursionAvailable : 0);
  const bytes = encode({
    id: message.id,
    type: message.response ? 'response' : 'query',
    // The library takes opcode and rcode from the flags only.
    flags,
    questions: message.questions.map(({ name, type }): Question => (
      { name: checkedName(name), type: type as RecordType })),
    answers: message.answers.map(writeRecord),
  });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function writeRecord(record: DnsRecord): Answer {
  const head = { name: checkedName(record.name), ttl: record.ttlSeconds };
  switch (record.type) {
    case 'A':
      return { ...head, type: 'A', data: formatIpv4(record.address) };
    case 'AAAA':
      return { ...head, type: 'AAAA', data: record.address };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...head, type: record.type, data: checkedName(record.target) };
    case 'MX':
      return { ...head, type: 'MX', data: { preference: record.preference, exchange: checkedName(record.target) } };
    case 'TXT':
      return { ...head, type: 'TXT', data: pieces(record.text) };
  }
}

/** A text in strings that one length byte can count. */
function pieces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const list = [bytes.subarray(0, 255)];
  for (let from = 255; from < bytes.length; from += 255) list.push(bytes.subarray(from, from + 255));
  return list;
}

/** Whether a name can be asked for: labels of 1 to 63 bytes, 255 bytes in all. One dot at its end is allowed. */
export function isDnsName(name: string): boolean {
  if (name === '.') return true;
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  let wireBytes = 1;
  for (const label of labels) {
    const labelBytes = Buffer.byteLength(label);
    if (labelBytes === 0 || labelBytes > LONGEST_LABEL) return false;
    wireBytes += 1 + labelBytes;
  }
  return wireBytes <= LONGEST_NAME;
}

/** Whether a name that was read can be written again. The library strips dots from the ends of every line of a name. */
function isWritable(name: string): boolean {
  return name === '.' || (isDnsName(name) && !/^\.|\.$/m.test(name));
}

function checkedName(name: string): string {
  // The library would write a length byte that means something else.
  if (!isDnsName(name)) throw new Error(`no DNS name: ${name}`);
  return name;
}

const RCODE_TEXTS: Readonly<Record<DnsRcode, string>> = {
  NOERROR: '', FORMERR: ' FormErr', SERVFAIL: ' ServFail', NXDOMAIN: ' NXDomain', NOTIMP: ' NotImp',
  REFUSED: ' Refused',
};

/** `4660+ A? web.` or `4660 1/0/0 A 10.0.0.3`. */
export function formatDns(message: DnsMessage): string {
  if (!message.response) {
    const questions = message.questions.map(({ name, type }) => ` ${type}? ${dotted(name)}`).join('');
    return `${message.id}${message.recursionDesired ? '+' : ''}${questions}`;
  }
  const marks = (message.authoritative ? '*' : '') + (message.recursionAvailable ? '' : '-') +
    (message.truncated ? '|' : '');
  const answers = message.answers.map((record) => ` ${formatRecord(record)}`).join(',');
  return `${message.id}${RCODE_TEXTS[message.rcode]}${marks} ${message.answers.length}/0/0${answers}`;
}

function formatRecord(record: DnsRecord): string {
  switch (record.type) {
    case 'A': return `A ${formatIpv4(record.address)}`;
    case 'AAAA': return `AAAA ${record.address}`;
    case 'MX': return `MX ${dotted(record.target)} ${record.preference}`;
    case 'TXT': return `TXT "${record.text}"`;
    default: return `${record.type} ${dotted(record.target)}`;
  }
}

function dotted(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}

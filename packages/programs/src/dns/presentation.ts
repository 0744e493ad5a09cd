// Messages as BIND writes them: header, sections, records in columns. RFC 1035 section 5.1; the columns are those of
// its style for zone files.

import { type DnsMessage, type DnsQuestion, type DnsRecord, formatIpv4, read16 } from '@netreel/wire';
import { bytesOf } from '../program/stream/text-bytes.js';

const TAB = 8;
const QUESTION_CLASS_COLUMN = 32;

/** Where ttl, class, type and data begin, and which of them are left out. */
export interface RecordStyle {
  readonly columns: readonly [number, number, number, number];
  readonly ttl: boolean;
  readonly class: boolean;
}

export const ZONE_STYLE: RecordStyle = { columns: [24, 32, 40, 48], ttl: true, class: true };

/** `;; ->>HEADER<<- …` and the flags, with a blank line after them. */
export function headerText(message: DnsMessage, payload: Uint8Array): string {
  const flags = [['qr', message.response], ['aa', message.authoritative], ['tc', message.truncated],
    ['rd', message.recursionDesired], ['ra', message.recursionAvailable]]
    .flatMap(([flag, set]) => (set === true ? [` ${flag as string}`] : [])).join('');
  const [questions, answers, authority, additional] = [4, 6, 8, 10].map((at) => read16(payload, at));
  return `;; ->>HEADER<<- opcode: QUERY, status: ${message.rcode}, id: ${message.id}\n` +
    `;; flags:${flags}; QUERY: ${questions}, ANSWER: ${answers}, AUTHORITY: ${authority}, ADDITIONAL: ${additional}\n`;
}

export function questionText({ name, type }: DnsQuestion): string {
  // The mark in front takes no column.
  const columns = new Columns(dotted(name));
  columns.put(QUESTION_CLASS_COLUMN, 'IN');
  columns.put(QUESTION_CLASS_COLUMN + TAB, type);
  return `;${columns.text}`;
}

export function recordText(record: DnsRecord, style: RecordStyle = ZONE_STYLE): string {
  const [ttl, rdClass, type, data] = style.columns;
  const columns = new Columns(dotted(record.name));
  if (style.ttl) columns.put(ttl, String(record.ttlSeconds));
  if (style.class) columns.put(rdClass, 'IN');
  columns.put(type, record.type);
  columns.put(data, dataText(record));
  return columns.text;
}

/** What a record says, without its name. */
export function dataText(record: DnsRecord): string {
  switch (record.type) {
    case 'A': return formatIpv4(record.address);
    case 'AAAA': return record.address;
    case 'MX': return `${record.preference} ${dotted(record.target)}`;
    case 'TXT': return quoted(record.text);
    default: return dotted(record.target);
  }
}

export function dotted(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}

/** Bytes that are no printable ASCII as three decimal digits. */
function quoted(text: string): string {
  let inside = '';
  for (const byte of bytesOf(text)) {
    if (byte === 0x22 || byte === 0x5c) inside += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) inside += String.fromCharCode(byte);
    else inside += `\\${String(byte).padStart(3, '0')}`;
  }
  return `"${inside}"`;
}

/** A line whose parts begin at columns, reached by tabs; one blank at least. */
class Columns {
  private at: number;

  constructor(public text: string) {
    this.at = text.length;
  }

  put(column: number, part: string): void {
    const to = this.at >= column ? this.at + 1 : column;
    const tabs = Math.floor(to / TAB) - Math.floor(this.at / TAB);
    const spaces = tabs > 0 ? to % TAB : to - this.at;
    this.text += '\t'.repeat(tabs) + ' '.repeat(spaces) + part;
    this.at = to + part.length;
  }
}

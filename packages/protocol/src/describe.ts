// Records for people: one line each, every field as its kind is usually written, and JSON for programs.

import {
  formatTime, type AnyRecord, type FieldKind, type FrameBytes, type HistoryRecord, type Json, type RecordShape,
} from '@netreel/sim';

/** Where a record's shape comes from: any Codec. */
export interface Shapes {
  shape(type: string): RecordShape | undefined;
}

/** How nodes are called; an index without a name is shown as a number. */
export type NodeNames = readonly string[];

const TEXT_SHOWN = 64;

/** `02:42:ac:11:00:02`, as `ip link` prints it. */
function formatMac(mac: number): string {
  return mac.toString(16).padStart(12, '0').replace(/..(?!$)/g, '$&:');
}

function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Without quotes where a word is a word; shortened where it is long. */
function formatText(text: string): string {
  const shown = text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text;
  return /^[!-~…]+$/.test(shown) && !shown.includes('"') ? shown : JSON.stringify(shown);
}

function formatField(kind: FieldKind, value: unknown): string {
  switch (kind) {
    case 'text': return formatText(value as string);
    case 'ipv6': return value as string;
    case 'mac': return formatMac(value as number);
    case 'ipv4': return formatIpv4(value as number);
    case 'ns': return formatTime(value as number);
    case 'texts': return `[${(value as readonly string[]).map(formatText).join(',')}]`;
    case 'ints': return `[${(value as readonly number[]).join(',')}]`;
    case 'json': return shorten(JSON.stringify(value));
    case 'bytes': return shorten(hex(value as Uint8Array));
    case 'frame': {
      const { start, end } = value as FrameBytes;
      return `${end - start}B`;
    }
    case 'int': case 'flag': return String(value);
  }
}

function shorten(text: string): string {
  return text.length > 2 * TEXT_SHOWN ? `${text.slice(0, 2 * TEXT_SHOWN)}…` : text;
}

/** `FdbLearned bridge=3 mac=02:42:ac:11:00:02 port=5`. */
export function describeBody(body: AnyRecord, shapes: Shapes): string {
  const shape = shapes.shape(body.type);
  const values = body as unknown as Readonly<Record<string, unknown>>;
  if (shape === undefined) return `${body.type} ${shorten(JSON.stringify(body))}`;
  let line = body.type;
  for (const [name, kind] of Object.entries(shape.fields)) line += ` ${name}=${formatField(kind, values[name])}`;
  return line;
}

/** `12 @1.000200s FdbLearned bridge=3 …`, with the cause where it is another record, and where an envelope goes. */
export function describeRecord(record: HistoryRecord, shapes: Shapes, names: NodeNames = []): string {
  const node = (index: number): string => names[index] ?? `node ${index}`;
  let line = `${record.sequence} @${formatTime(record.at)} `;
  if (record.kind === 'input') line += 'input ';
  if (record.kind === 'envelope') line += `to ${node(record.target)} at ${formatTime(record.arrivesAt)} `;
  line += describeBody(record.body, shapes);
  if (record.kind === 'input' || record.causeSequence === 0) return line;
  return `${line} <- ${node(record.causeNode)}/${record.causeSequence}`;
}

function fieldToJson(kind: FieldKind, value: unknown): Json {
  switch (kind) {
    case 'mac': return formatMac(value as number);
    case 'ipv4': return formatIpv4(value as number);
    case 'bytes': return hex(value as Uint8Array);
    case 'frame': {
      const { buffer, start, end } = value as FrameBytes;
      return hex(buffer.subarray(start, end));
    }
    case 'text': case 'ipv6': case 'int': case 'flag': case 'ns': case 'texts': case 'ints': case 'json':
      return value as Json;
  }
}

/** A body as JSON: MACs and addresses as text, bytes and frames as hexadecimal digits, times as nanoseconds. */
export function bodyToJson(body: AnyRecord, shapes: Shapes): { readonly [key: string]: Json } {
  const shape = shapes.shape(body.type);
  const values = body as unknown as Readonly<Record<string, unknown>>;
  const json: Record<string, Json> = { type: body.type };
  for (const [name, kind] of Object.entries(shape?.fields ?? {})) json[name] = fieldToJson(kind, values[name]);
  return json;
}

/** A whole record as JSON, its head first. */
export function recordToJson(record: HistoryRecord, shapes: Shapes,
  names: NodeNames = []): { readonly [key: string]: Json } {
  const node = (index: number): Json => names[index] ?? index;
  return {
    sequence: record.sequence, at: record.at, kind: record.kind,
    cause: { node: node(record.causeNode), sequence: record.causeSequence },
    ...(record.kind === 'envelope' ? { target: node(record.target), arrivesAt: record.arrivesAt } : {}),
    body: bodyToJson(record.body, shapes),
  };
}

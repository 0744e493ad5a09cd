// The tables as .proto files: the readable schema, and what any other program needs to read a history.

import type { FieldKind, RecordShape, RecordTable } from '@netreel/sim';
import { PROTO_TYPES } from './fields.js';
import type { Room } from './rooms.js';

const HEAD = `// Written by \`pnpm proto\` from the record tables; change those.
syntax = "proto3";
package netreel.v1;
`;

/** `arrivesAfterAt` and `FdbLearned` as protobuf spells them. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter, index: number) => (index === 0 ? '' : '_') + letter.toLowerCase());
}

/** What a protobuf type does not tell of a field. */
const NOTES: ReadonlyMap<FieldKind, string> =
  new Map([['json', 'JSON text'], ['mac', '48 bits'], ['ipv6', 'an address; four more bytes: the link it is on'],
    ['ns', 'nanoseconds']]);

function messageText(type: string, shape: RecordShape): string {
  const fields = Object.entries(shape.fields);
  if (fields.length === 0) return `message ${type} {}\n`;
  const lines = fields.map(([name, kind], index) => {
    const note = NOTES.has(kind) ? `  // ${NOTES.get(kind)!}` : '';
    return `  ${PROTO_TYPES[kind]} ${snakeCase(name)} = ${index + 1};${note}\n`;
  });
  return `message ${type} {\n${lines.join('')}}\n`;
}

/** The file of one table. */
export function tableText(about: string, table: RecordTable): string {
  const messages = Object.entries(table).map(([type, shape]) => messageText(type, shape));
  return `${HEAD}\n// ${about}\n\n${messages.join('\n')}`;
}

function oneofText(rooms: readonly Room[]): string {
  const lines = rooms.flatMap((room) => Object.entries(room.table))
    .sort(([, a], [, b]) => a.number - b.number)
    .map(([type, shape]) => `    ${type} ${snakeCase(type)} = ${shape.number};\n`);
  return `  oneof body {\n${lines.join('')}  }\n`;
}

/** record.proto: what is stored and what travels, around the bodies of all rooms. */
export function recordText(rooms: readonly Room[]): string {
  const imports = rooms.map((room) => `import "netreel/v1/${room.name}.proto";\n`).join('');
  return `${HEAD}
${imports}
// All records of one node in one window of virtual time [from, until). One entry of the journal.
message Commit {
  string node = 1;
  uint64 number = 2;  // counts the node's commits from 1
  uint64 from = 3;  // nanoseconds, as all times
  uint64 until = 4;
  uint64 first_sequence = 5;  // of the first record; the others follow without gaps
  repeated Record record = 6;
}

message Record {
  uint64 at_after_from = 1;
  uint64 cause_node = 2;
  uint64 cause_sequence = 3;
  Kind kind = 4;
  uint64 target = 5;  // of an envelope: index of the receiving node
  uint64 arrives_after_at = 6;
${oneofText(rooms)}}

enum Kind {
  KIND_EVENT = 0;
  KIND_INPUT = 1;
  KIND_ENVELOPE = 2;
}

// What one node sent another in one window, on the bus.
message EnvelopeBatch {
  uint64 source = 1;
  uint64 target = 2;
  uint64 window = 3;
  uint64 before = 4;  // envelopes from source to target before the first one here
  repeated Envelope envelope = 5;
}

message Envelope {
  uint64 sequence = 1;
  uint64 arrives_at = 2;
${oneofText(rooms)}}
`;
}

/** control.proto: the conductor's messages, each alone in a Control. */
export function controlText(table: RecordTable): string {
  const room: Room = { name: 'control', about: '', table };
  return `${tableText('What the conductor and the node processes tell each other.', table)}
message Control {
${oneofText([room])}}
`;
}

/** Every file of the schema by its path below proto/. */
export function protoFiles(rooms: readonly Room[], control: RecordTable): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  files.set('netreel/v1/record.proto', recordText(rooms));
  for (const room of rooms) files.set(`netreel/v1/${room.name}.proto`, tableText(room.about, room.table));
  files.set('netreel/v1/control.proto', controlText(control));
  return files;
}
